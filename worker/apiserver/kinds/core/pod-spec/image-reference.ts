/** References to images, as far as their tags go. Upstream: pkg/util/parsers ParseImageName, github.com/distribution/reference. */
const component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const hostPart = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const host = String.raw`(?:${hostPart}(?:\.${hostPart})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?`;
const digest = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
const rest = String.raw`${component}(?:/${component})*(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>${digest}))?$`;
const local = new RegExp(`^${rest}`);
const remote = new RegExp(`^${host}/${rest}`);
/** A name that is somebody's image id says nothing. */
const identifier = /^[a-f0-9]{64}$/;

/** Whether what stands before the first slash is a registry. */
const isHost = (first: string): boolean =>
  first === "localhost" || /[.:]/.test(first) || first !== first.toLowerCase();

/** `latest` where neither a tag nor a digest stands; "" where a digest alone does, and of what is no reference. */
export function tagOf(image: string): string {
  if (identifier.test(image)) return "";
  const slash = image.indexOf("/");
  const pattern = slash > 0 && isHost(image.slice(0, slash)) ? remote : local;
  const { groups } = pattern.exec(image) ?? {};
  if (groups === undefined) return "";
  return groups["tag"] ?? (groups["digest"] === undefined ? "latest" : "");
}
