/**
 * Image references: what the kubelet makes of the text in the spec, and what the runtime does.
 * Upstream: distribution/reference; pkg/util/parsers.
 */

export interface Reference {
  /** `docker.io/library/nginx`. */
  readonly repository: string;
  /** "" when a digest is given alone. */
  readonly tag: string;
  /** `sha256:…` or "". */
  readonly digest: string;
  /** `docker.io/library/nginx:1.27`: how containerd names it. */
  readonly name: string;
}

const component = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const domain =
  /^(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*(?::[0-9]+)?$/;
const tagForm = /^\w[\w.-]{0,127}$/;
const digestForm = /^sha256:[0-9a-f]{64}$/;

/** A text says why the reference is none, as the parser words it. */
export function parseReference(image: string): Reference | string {
  const at = image.indexOf("@");
  const digest = at < 0 ? "" : image.slice(at + 1);
  if (at >= 0 && !digestForm.test(digest)) return "invalid reference format";
  const rest = at < 0 ? image : image.slice(0, at);
  const colon = rest.lastIndexOf(":");
  const tagged = colon > rest.lastIndexOf("/");
  const tag = tagged ? rest.slice(colon + 1) : "";
  const path = tagged ? rest.slice(0, colon) : rest;
  if (path === "" || (tagged && !tagForm.test(tag))) return "invalid reference format";
  const slash = path.indexOf("/");
  const first = slash < 0 ? "" : path.slice(0, slash);
  const hasDomain = first.includes(".") || first.includes(":") || first === "localhost";
  const name = hasDomain ? path.slice(slash + 1) : path;
  if (name !== name.toLowerCase() && component.test(name.toLowerCase().replaceAll("/", "-"))) {
    return `invalid reference format: repository name (${hasDomain || name.includes("/") ? name : `library/${name}`}) must be lowercase`;
  }
  if (hasDomain && !domain.test(first)) return "invalid reference format";
  if (!name.split("/").every((part) => component.test(part))) return "invalid reference format";
  const host = hasDomain ? first : "docker.io";
  const repository = `${host}/${host === "docker.io" && !name.includes("/") ? `library/${name}` : name}`;
  const shownTag = tag === "" && digest === "" ? "latest" : tag;
  return {
    repository,
    tag: shownTag,
    digest,
    name: `${repository}${shownTag === "" ? "" : `:${shownTag}`}${digest === "" ? "" : `@${digest}`}`,
  };
}
