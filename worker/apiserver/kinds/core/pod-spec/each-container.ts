/** All containers of a Pod, in upstream's order. Upstream: pkg/apis/core/pods/helpers.go VisitContainersWithPath. */
import type { V1Container, V1PodSpec } from "#apimachinery/api/core-v1.ts";
import type { FieldPath } from "#apimachinery/field.ts";

type Visit = (container: V1Container, at: FieldPath) => void;
export function eachContainer(spec: V1PodSpec, at: FieldPath, visit: Visit): void {
  for (const list of ["initContainers", "containers", "ephemeralContainers"] as const)
    for (const [i, one] of (spec[list] ?? []).entries()) visit(one, at.child(list).index(i));
}
