/**
 * Is a body of the kind that a path takes? If not, it is told as upstream's decoder stumbles over it: a kind nobody
 * registered, one that cannot be converted, one of another version.
 * Upstream: apimachinery/pkg/runtime/serializer/json/json.go Decode, runtime/error.go, conversion/converter.go,
 * apiserver/pkg/endpoints/handlers/{create,update,rest}.go transformDecodeError;
 * apiextensions-apiserver/pkg/registry/customresource/validator.go ValidateTypeMeta.
 */
import { type FieldError, FieldPath, invalid as invalidField } from "#apimachinery/field.ts";
import { badRequest, invalid, type StatusError } from "#apimachinery/status.ts";
import type { Registry, Resource } from "#apiserver/registry.ts";
import { formerVersions } from "./former-versions.ts";

/** What a body must be of: a resource, or a subresource's own kind. */
export type Decoded = Pick<Resource, "apiVersion" | "version" | "kindName" | "type" | "custom"> & {
  /** Other versions that do as well. */
  readonly accepts?: readonly string[] | undefined;
};

/** A body that cannot be read as what is wanted, and why. */
export interface OtherKind {
  readonly kind: string;
  readonly apiVersion: string;
  /** Undefined: it is the same kind in another version. */
  readonly why: string | undefined;
}

const groupOf = (apiVersion: string): string =>
  apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
const versionOf = (apiVersion: string): string => apiVersion.slice(apiVersion.lastIndexOf("/") + 1);

/** Where servers keep what they know; of those in kube-apiserver's chain each has its own. */
const schemes: Readonly<Record<string, string>> = {
  "apiextensions.k8s.io": "pkg/apiserver/apiserver.go:55",
  "apiregistration.k8s.io": "pkg/apiserver/scheme/scheme.go:28",
};
const legacyScheme = "pkg/api/legacyscheme/scheme.go:30";

/** The package of a group's internal types. */
const packageOf = (group: string): string =>
  group === "" || group === "events.k8s.io" ? "core" : (group.split(".")[0] ?? "");

/** Undefined: it is what is wanted. */
export function otherKind(
  registry: Registry,
  wanted: Decoded,
  body: { readonly kind?: unknown; readonly apiVersion?: unknown },
): OtherKind | undefined {
  const kind = (body.kind as string) || wanted.kindName;
  const apiVersion = (body.apiVersion as string) || wanted.apiVersion;
  if (kind === wanted.kindName && apiVersion === wanted.apiVersion) return undefined;
  const group = groupOf(wanted.apiVersion);
  const home = homeOf(registry, apiVersion, kind);
  const isKnown = home !== undefined && schemes[groupOf(apiVersion)] === schemes[group];
  if (!isKnown) {
    const scheme = schemes[group] ?? legacyScheme;
    const why = `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme ${JSON.stringify(scheme)}`;
    return { kind, apiVersion, why };
  }
  if (kind === wanted.kindName && home === homeOf(registry, wanted.apiVersion, kind))
    return wanted.accepts?.includes(apiVersion) === true
      ? undefined
      : { kind, apiVersion, why: undefined };
  const why = `converting (${versionOf(apiVersion)}.${kind}) to (${packageOf(group)}.${wanted.kindName}): unknown conversion`;
  return { kind, apiVersion, why };
}

/** The group whose internal type a kind is converted to; undefined: nobody knows it. */
function homeOf(registry: Registry, apiVersion: string, kind: string): string | undefined {
  const former = formerVersions[apiVersion]?.[kind.replace(/List$/, "")];
  if (former !== undefined) return former;
  const gvk = `${apiVersion}/${kind}`;
  const found = registry.ofKind(gvk) ?? registry.ofKind(gvk.replace(/List$/, ""));
  const isBuiltIn = found === undefined ? ownKinds.has(gvk) : found.custom === undefined;
  if (!isBuiltIn) return undefined;
  const group = groupOf(apiVersion);
  return group === "events.k8s.io" ? "" : group;
}
/** Of subresources alone. */
const ownKinds = new Set([
  "autoscaling/v1/Scale",
  "policy/v1/Eviction",
  "authentication.k8s.io/v1/TokenRequest",
]);

const isText = (value: unknown): boolean =>
  value === undefined || value === null || typeof value === "string";
const sortOf = (value: unknown): string => (Array.isArray(value) ? "array" : typeof value);

const summaryLength = 30;
function unrecognized({ kindName }: Decoded, body: unknown, why: string): StatusError {
  const text = JSON.stringify(body);
  const summary = text.length > summaryLength ? `${text.slice(0, summaryLength)} ...` : text;
  return badRequest(
    `the object provided is unrecognized (must be of type ${kindName}): ${why} (${summary})`,
  );
}

/** What is read before anything else of it. Throws 400. */
function checkReadable(wanted: Decoded, body: Readonly<Record<string, unknown>>): void {
  for (const field of ["apiVersion", "kind"])
    if (!isText(body[field])) {
      const why = `couldn't get version/kind; json parse error: json: cannot unmarshal ${sortOf(body[field])} into Go struct field .${field} of type string`;
      throw unrecognized(wanted, body, why);
    }
  const { apiVersion } = body;
  if (typeof apiVersion === "string" && apiVersion.split("/").length > 2)
    throw unrecognized(wanted, body, `unexpected GroupVersion string: ${apiVersion}`);
}

const mismatch = (is: string, { apiVersion }: Decoded): StatusError =>
  badRequest(
    `the API version in the data (${is}) does not match the expected API version (${apiVersion})`,
  );

/** Of a create and an update. Throws 400; 422 for a custom resource of another kind. */
export function checkKind(registry: Registry, wanted: Decoded, body: unknown): void {
  const given = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (given["kind"] === wanted.kindName && given["apiVersion"] === wanted.apiVersion) return;
  checkReadable(wanted, given);
  if (wanted.custom !== undefined) return checkCustomKind(wanted, given);
  const found = otherKind(registry, wanted, given);
  if (found === undefined) return;
  const { kind, apiVersion, why } = found;
  if (why === undefined) throw mismatch(apiVersion, wanted);
  throw badRequest(
    `${kind} in version ${JSON.stringify(versionOf(apiVersion))} cannot be handled as a ${wanted.kindName}: ${why}`,
  );
}

/** Without a type there is no kind but the one that is said. */
function checkCustomKind(wanted: Decoded, body: Readonly<Record<string, unknown>>): void {
  const { kind, apiVersion } = body;
  if (!kind)
    throw unrecognized(wanted, body, `Object 'Kind' is missing in '${JSON.stringify(body)}'`);
  if (apiVersion !== wanted.apiVersion) throw mismatch((apiVersion as string) ?? "", wanted);
  checkTypeMeta(wanted, body);
}

/** Throws 422, in the name of what the object says it is. */
export function checkTypeMeta(
  { kindName, apiVersion }: Decoded,
  body: {
    readonly kind?: unknown;
    readonly apiVersion?: unknown;
    readonly metadata?: unknown;
  },
): void {
  const errors: FieldError[] = [];
  if (body.kind !== kindName)
    errors.push(invalidField(new FieldPath("kind"), body.kind ?? "", `must be ${kindName}`));
  if (body.apiVersion !== apiVersion)
    errors.push(
      invalidField(new FieldPath("apiVersion"), body.apiVersion ?? "", `must be ${apiVersion}`),
    );
  if (errors.length === 0) return;
  const { name = "" } = (body.metadata ?? {}) as { readonly name?: string };
  const said = { group: groupOf(String(body.apiVersion ?? "")), kind: String(body.kind ?? "") };
  throw invalid(said, name, errors);
}
