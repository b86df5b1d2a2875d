/**
 * Fields a path's writer cannot own, because its strategy puts them back: a writer of the object
 * does not own its status, a writer of the status nothing else.
 * Upstream: GetResetFields of pkg/registry/<group>/<kind>/strategy.go.
 */
import {
  difference,
  emptySet,
  type FieldSet,
  type Prefixes,
  recursiveDifference,
  setOfPaths,
  within,
} from "#apimachinery/fieldpath/set.ts";
import type { StatusKeeps } from "#apiserver/kinds/kind.ts";
import type { Resource } from "#apiserver/registry.ts";

/** What is left of a set. */
export type Filter = (set: FieldSet) => FieldSet;

const everything: Filter = (set) => set;
const without = (...paths: readonly (readonly string[])[]): Filter => {
  const fields = setOfPaths(...paths.map((path) => path.map((name) => `f:${name}`)));
  return (set) => recursiveDifference(set, fields);
};

const only =
  (prefixes: Prefixes): Filter =>
  (set) =>
    within(set, prefixes);

const resized: Prefixes = { "*": { "f:resources": true, "f:resizePolicy": true } };
const noStatus = without(["status"]);
const noSpec = without(["spec"]);
const statusAlone = without(["metadata"], ["spec"]);

/** Paths that differ from the rule; `<gvk>` or `<gvk>/<subresource>`. */
const exceptions: Readonly<Record<string, Filter>> = {
  "v1/Pod/resize": only({ "f:spec": { "f:containers": resized, "f:initContainers": resized } }),
  "v1/Pod/ephemeralcontainers": only({ "f:spec": { "f:ephemeralContainers": true } }),
  "v1/Namespace/finalize": noStatus,
  "certificates.k8s.io/v1/CertificateSigningRequest": without(["spec"], ["status"]),
  "certificates.k8s.io/v1/CertificateSigningRequest/status": without(
    ["spec"],
    ["status", "conditions"],
  ),
  "certificates.k8s.io/v1/CertificateSigningRequest/approval": without(
    ["spec"],
    ["status", "certificate"],
  ),
  // Nobody owns it there, though upstream lets its writer change it.
  "apiextensions.k8s.io/v1/CustomResourceDefinition/status": statusAlone,
};

/** By what a writer of the status may not touch. */
const filters = new Map<StatusKeeps, Filter>();
function statusFilter(keeps: StatusKeeps | undefined): Filter {
  if (keeps === undefined) return noSpec;
  if (keeps === "metadata") return statusAlone;
  const known = filters.get(keeps);
  const made = known ?? without(["spec"], ...keeps.map((field) => ["metadata", field]));
  if (known === undefined) filters.set(keeps, made);
  return made;
}

/** A subresource's writer: "" = the object's own. */
export function resetFields({ gvk, hasStatus, kind }: Resource, subresource: string): Filter {
  const exception = exceptions[subresource === "" ? gvk : `${gvk}/${subresource}`];
  if (exception !== undefined) return exception;
  if (subresource === "status") return statusFilter(kind.statusKeeps);
  return subresource === "" && hasStatus ? noStatus : everything;
}

/** Fields nobody owns: the server's own. Upstream: managedfields/internal/stripmeta.go. */
const serversOwn = setOfPaths(
  ["f:apiVersion"],
  ["f:kind"],
  ["f:metadata"],
  ...[
    "name",
    "namespace",
    "creationTimestamp",
    "selfLink",
    "uid",
    "clusterName",
    "generation",
    "managedFields",
    "resourceVersion",
  ].map((name) => ["f:metadata", `f:${name}`]),
);
export const stripped = (set: FieldSet): FieldSet =>
  set.isEmpty ? emptySet : difference(set, serversOwn);
