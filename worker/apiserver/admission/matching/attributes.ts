/**
 * A request as rules, expressions and webhooks see it: in the version it was made in, or in another one of the
 * same objects. Upstream: apiserver/pkg/admission/attributes.go, conversion.go, runtime/mapper.go.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import type { AdmissionRequest } from "#apiserver/admission/admission.ts";
import type { Resource } from "#apiserver/registry.ts";
import type { ApiServer } from "#apiserver/server.ts";

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The kind of what is judged: a subresource may have one of its own. */
export function kindOf(resource: Resource, subresource: string): GroupVersionKind {
  const { group, version, kindName, facts } = resource;
  const text = facts.subresources?.[subresource]?.kind;
  if (text === undefined) return { group, version, kind: kindName };
  const parts = text.split("/");
  const [kind = "", ofVersion = "", ofGroup = ""] = parts.toReversed();
  return { group: ofGroup, version: ofVersion, kind };
}
/** Is the resource's own object judged, not a Scale, a Binding, …? */
export const isOwnKind = (resource: Resource, subresource: string): boolean =>
  kindOf(resource, subresource).kind === resource.kindName;

export const isNamespaceObject = ({ info }: AdmissionRequest): boolean =>
  info.group === "" && info.resource === "namespaces";
/** The namespace a request is in; a Namespace is in itself. */
export const namespaceOf = (request: AdmissionRequest): string =>
  isNamespaceObject(request)
    ? request.info.name || (request.object?.metadata.name ?? "")
    : request.info.namespace;

/** "" while it is still to be generated. Upstream: apiserver/pkg/registry/rest/create.go AdmissionToValidateObjectFunc. */
export const nameOf = ({ info, object }: AdmissionRequest): string =>
  info.name || (object?.metadata?.name ?? "");

/** The object in the version of a resource. */
export function versioned(
  { call }: AdmissionRequest,
  object: KubeObject | undefined,
  target: Resource,
): KubeObject | undefined {
  const { face } = call.conversions?.bound(target) ?? target;
  if (object === undefined || face === undefined) return object;
  return isOwnKind(target, call.request.info.subresource) ? face.fromStored(object) : object;
}

const equivalents = new WeakMap<object, Map<string, readonly Resource[]>>();

/** Other versions and groups under which the same objects are served. */
export function equivalentsOf({ registry }: ApiServer, resource: Resource): readonly Resource[] {
  const { facts } = registry;
  let known = equivalents.get(facts);
  if (known === undefined) equivalents.set(facts, (known = new Map()));
  const present = known.get(resource.gvk);
  if (present !== undefined) return present;
  const stored = registry.storedAs(resource);
  const found = registry.all.filter(
    (one) => one.gvk !== resource.gvk && registry.storedAs(one) === stored,
  );
  known.set(resource.gvk, found);
  return found;
}
