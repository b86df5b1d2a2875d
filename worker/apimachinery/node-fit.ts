/** Whether a Pod may run on a node at all: selectors, affinity, taints. Upstream: component-helpers/scheduling/corev1. */
import type {
  V1Node,
  V1NodeSelectorTerm,
  V1PodSpec,
  V1Taint,
  V1Toleration,
} from "#apimachinery/api/core-v1.ts";

type Requirement = NonNullable<V1NodeSelectorTerm["matchExpressions"]>[number];

function holds({ operator, values = [] }: Requirement, value: string | undefined): boolean {
  if (operator === "In") return value !== undefined && values.includes(value);
  if (operator === "NotIn") return value === undefined || !values.includes(value);
  if (operator === "Exists") return value !== undefined;
  if (operator === "DoesNotExist") return value === undefined;
  const [wanted = ""] = values;
  if (value === undefined || !/^-?\d+$/.test(value) || !/^-?\d+$/.test(wanted)) return false;
  return operator === "Gt" ? Number(value) > Number(wanted) : Number(value) < Number(wanted);
}

/** Terms are alternatives; what stands in one term must all hold. An empty term matches nothing. */
export function matchesTerm(
  { matchExpressions = [], matchFields = [] }: V1NodeSelectorTerm,
  { metadata }: V1Node,
): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  return (
    matchExpressions.every((one) => holds(one, metadata.labels?.[one.key])) &&
    matchFields.every((one) => holds(one, one.key === "metadata.name" ? metadata.name : undefined))
  );
}

/** nodeSelector and required node affinity. */
export function matchesNodeAffinity(spec: V1PodSpec, node: V1Node): boolean {
  for (const [key, value] of Object.entries(spec.nodeSelector ?? {}))
    if (node.metadata.labels?.[key] !== value) return false;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return (
    required === undefined || required.nodeSelectorTerms.some((term) => matchesTerm(term, node))
  );
}

export function tolerates(
  { key = "", operator = "Equal", value = "", effect = "" }: V1Toleration,
  taint: V1Taint,
): boolean {
  if (effect !== "" && effect !== taint.effect) return false;
  if (key !== "" && key !== taint.key) return false;
  if (operator === "Exists") return true;
  return operator === "Equal" && key !== "" && value === (taint.value ?? "");
}
/** The first taint of these effects that no toleration covers. */
export const untolerated = (
  taints: readonly V1Taint[] | undefined,
  tolerations: readonly V1Toleration[] | undefined,
  effects: readonly string[],
): V1Taint | undefined =>
  taints?.find(
    (taint) =>
      effects.includes(taint.effect) && tolerations?.some((one) => tolerates(one, taint)) !== true,
  );
