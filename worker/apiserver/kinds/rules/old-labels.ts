/**
 * Labels of nodes that have newer names, or mean nothing any more, and what is told of them.
 * Upstream: pkg/api/node/util.go deprecatedNodeLabels, GetNodeLabelDeprecatedMessage.
 */
import type { FieldPath } from "#apimachinery/field.ts";

/** Why a label is old. A map, because anybody may call a label `constructor`. */
export const oldLabels: ReadonlyMap<string, string> = new Map([
  ["beta.kubernetes.io/arch", 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ["beta.kubernetes.io/os", 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  [
    "failure-domain.beta.kubernetes.io/region",
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  ],
  [
    "failure-domain.beta.kubernetes.io/zone",
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  ],
  [
    "beta.kubernetes.io/instance-type",
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  ],
  ["app.kubernetes.io/created-by", "deprecated since v1.9"],
  [
    "scheduler.alpha.kubernetes.io/preferAvoidPods",
    "deprecated since v1.22; use Taints and Tolerations instead",
  ],
  ["node-role.kubernetes.io/master", 'use "node-role.kubernetes.io/control-plane" instead'],
]);

const nothing: readonly string[] = [];

/** Where the path alone says which label it is. */
export function oldLabelWarnings(at: FieldPath, label: string): readonly string[] {
  const why = oldLabels.get(label);
  return why === undefined ? nothing : [`${at}: ${why}`];
}
