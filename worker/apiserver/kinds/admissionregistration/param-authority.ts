/**
 * Whoever lets a policy look at parameters must be able to read them.
 * Upstream: pkg/registry/admissionregistration/validatingadmissionpolicy/authz.go, validatingadmissionpolicybinding/authz.go.
 */
import type { V1ParamKind, V1ParamRef } from "#apimachinery/api/admissionregistration-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldError, FieldPath, forbidden } from "#apimachinery/field.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { Change } from "#apiserver/kinds/kind.ts";
import type { UserInfo } from "#apiserver/request.ts";

const at = new FieldPath("spec");
const nothing: readonly FieldError[] = [];

type Policy = KubeObject & {
  readonly spec?: { readonly paramKind?: V1ParamKind | undefined } | undefined;
};
interface Bound {
  readonly paramRef?: V1ParamRef | undefined;
  readonly policyName?: string | undefined;
}
type Binding = KubeObject & { readonly spec?: Bound | undefined };
/** Only what is well formed is asked about. */
type Judge<T> = (object: T) => readonly FieldError[];

/** As Go prints one. */
const userText = ({ name, uid = "", groups, extra = {} }: UserInfo): string => {
  const more = Object.keys(extra)
    .toSorted()
    .map((key) => `${key}:[${(extra[key] ?? []).join(" ")}]`);
  return `&{${name} ${uid} [${groups.join(" ")}] map[${more.join(" ")}]}`;
};

interface Found {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly isKnown: boolean;
}
/** What is to be read; everything when the kind says too little. */
function resourceOf({ apiVersion = "", kind = "" }: V1ParamKind, { context }: Change): Found {
  const parts = apiVersion.split("/");
  const [group, version] = parts.length > 1 ? [parts[0] ?? "", parts[1] ?? ""] : ["", apiVersion];
  const resource = context.resourceOf(`${apiVersion}/${kind}`);
  return { group, version, resource: resource ?? "*", isKnown: resource !== undefined };
}

function may(change: Change, verb: string, found: Found, namespace: string, name: string): boolean {
  const { group, version, resource } = found;
  return change.context.authorizer.authorize(change.user, {
    ...change.info,
    verb,
    group,
    version,
    resource,
    subresource: "",
    namespace,
    name,
  }).allowed;
}

export function paramKindAuthority<T extends Policy>(
  change: Change<T>,
  validate: Judge<T>,
): readonly FieldError[] {
  const { next, previous, user, info } = change;
  const kind = next.spec?.paramKind;
  if (kind === undefined || info.subresource !== "") return nothing;
  if (equal(previous?.spec?.paramKind, kind) || validate(next).length > 0) return nothing;
  const asked = change as unknown as Change;
  if (may(asked, "get", resourceOf(kind, asked), "*", "*")) return nothing;
  return [
    forbidden(
      at.child("paramKind"),
      `user ${userText(user)} must have "get" permission on all objects of the referenced paramKind (kind=${kind.kind}, apiVersion=${kind.apiVersion})`,
    ),
  ];
}

/** `policies`: the kind of policy that is bound. */
export function paramRefAuthority<T extends Binding>(
  change: Change<T>,
  policies: string,
  validate: Judge<T>,
): readonly FieldError[] {
  const { next, previous, user, context } = change;
  const { paramRef, policyName = "" } = next.spec ?? {};
  if (paramRef === undefined) return nothing;
  const isSame =
    equal(previous?.spec?.paramRef, paramRef) && previous?.spec?.policyName === policyName;
  if (isSame || validate(next).length > 0) return nothing;
  const asked = change as unknown as Change;
  const policy = context.get<Policy>(policies, "", policyName);
  const kind = policy?.spec?.paramKind;
  const all: Found = { group: "*", version: "*", resource: "*", isKnown: true };
  const found = kind === undefined ? all : resourceOf(kind, asked);
  const verb = paramRef.name ? "get" : "list";
  if (may(asked, verb, found, paramRef.namespace ?? "", paramRef.name ?? "")) return nothing;
  const who = `user ${userText(user)} does not have "${verb}" permission`;
  const everywhere = "for all groups, versions and resources";
  const why =
    policy === undefined
      ? `unable to get policy ${policyName} to determine minimum required permissions and ${who} ${everywhere}`
      : found.isKnown
        ? `${who} on the object referenced by paramRef`
        : `unable to resolve paramKind &{${kind?.apiVersion} ${kind?.kind}} to determine minimum required permissions and ${who} ${everywhere}`;
  return [forbidden(at.child("paramRef"), why)];
}
