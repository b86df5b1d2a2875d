/**
 * The default policy as it should be, given what there is: what is missing comes back, what is more stays.
 * Upstream: component-helpers/auth/rbac/reconciliation/reconcile_role.go, reconcile_rolebindings.go.
 */
import type {
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1Role,
  V1RoleBinding,
  V1Subject,
} from "#apimachinery/api/rbac-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { uncovered } from "#apiserver/authorization/policy-comparison.ts";

type Role = V1ClusterRole & Partial<V1Role>;
type Binding = V1ClusterRoleBinding & Partial<V1RoleBinding>;

const autoupdate = "rbac.authorization.kubernetes.io/autoupdate";

/** Somebody keeps it as it is. */
export const isProtected = ({ metadata }: KubeObject): boolean =>
  metadata.annotations?.[autoupdate] === "false";

/** The same reference when nothing is missing. */
export function updated(wanted: KubeObject, found: KubeObject): KubeObject {
  const labels = { ...wanted.metadata.labels, ...found.metadata.labels };
  const annotations = { ...wanted.metadata.annotations, ...found.metadata.annotations };
  const isSame =
    equal(labels, found.metadata.labels ?? {}) &&
    equal(annotations, found.metadata.annotations ?? {});
  const marked = isSame
    ? found
    : { ...found, metadata: { ...found.metadata, labels, annotations } };
  return "roleRef" in wanted
    ? withSubjects(wanted as Binding, marked as Binding)
    : withRules(wanted as Role, marked as Role);
}

function withRules(wanted: Role, found: Role): Role {
  // What is gathered from others is not said here.
  if (wanted.aggregationRule !== undefined) {
    const { clusterRoleSelectors: have = [] } = found.aggregationRule ?? {};
    const missing = (wanted.aggregationRule.clusterRoleSelectors ?? []).filter(
      (one) => !have.some((other) => equal(one, other)),
    );
    return missing.length === 0
      ? found
      : { ...found, aggregationRule: { clusterRoleSelectors: [...have, ...missing] } };
  }
  const { rules = [] } = found;
  const missing = uncovered(rules, wanted.rules ?? []);
  return missing.length === 0 ? found : { ...found, rules: [...rules, ...missing] };
}

const subjectId = ({ kind, namespace = "", name }: V1Subject): string =>
  `${kind} ${namespace}/${name}`;

function withSubjects(wanted: Binding, found: Binding): Binding {
  const have = new Set((found.subjects ?? []).map(subjectId));
  const missing = (wanted.subjects ?? []).filter((one) => !have.has(subjectId(one)));
  return missing.length === 0
    ? found
    : { ...found, subjects: [...(found.subjects ?? []), ...missing] };
}

/** It leads to another role: it must be made anew. */
export const leadsElsewhere = (wanted: KubeObject, found: KubeObject): boolean =>
  "roleRef" in wanted && !equal((wanted as Binding).roleRef, (found as Binding).roleRef);
