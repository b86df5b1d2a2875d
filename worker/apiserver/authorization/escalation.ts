/**
 * Nobody grants what he does not have: a role's rules, and the rules of a role that is bound, must be
 * held by whoever writes them, unless the verbs `escalate` or `bind` allow more.
 * Upstream: pkg/registry/rbac/escalation_check.go, pkg/registry/rbac/<kind>/policybased/storage.go, validation/rule.go ConfirmNoEscalation.
 */
import { aggregated } from "#apimachinery/aggregate.ts";
import type {
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1PolicyRule,
  V1Role,
  V1RoleBinding,
} from "#apimachinery/api/rbac-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { forbidden, notFound } from "#apimachinery/status.ts";
import type { Change } from "#apiserver/kinds/kind.ts";
import { described, quoted, uncovered } from "./policy-comparison.ts";

const group = "rbac.authorization.k8s.io";
const masters = "system:masters";
/** What only a cluster's admin has. */
const everything: readonly V1PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

/** The guard of Role and ClusterRole. */
export function guardRole(change: Change<V1Role | V1ClusterRole>): void {
  const { next, previous } = change;
  const { resource, namespace } = change.info;
  // The path of a POST has no name.
  const name = previous === undefined ? "" : change.info.name;
  if (isFree(change) || asks(change, "escalate", resource, name, namespace)) return;
  confirm(change, next.rules ?? []);
  if (isAggregating(next) || isAggregating(previous))
    confirm(change, everything, "must have cluster-admin privileges to use the aggregationRule");
}

/** The guard of RoleBinding and ClusterRoleBinding. */
export function guardBinding(change: Change<V1RoleBinding | V1ClusterRoleBinding>): void {
  const { next, context, info } = change;
  // Validation comes later, and refuses one that names none.
  const { kind = "", name = "" } = (next.roleRef ?? {}) as Partial<typeof next.roleRef>;
  const resource = kind === "Role" ? "roles" : "clusterroles";
  if (isFree(change) || asks(change, "bind", resource, name, info.namespace)) return;
  const role = context.get<V1Role | V1ClusterRole>(
    `${group}/v1/${kind}`,
    kind === "Role" ? info.namespace : "",
    name,
  );
  if (role === undefined) throw notFound({ group, resource }, name);
  confirm(change, role.rules ?? []);
}

const isAggregating = (role: V1Role | V1ClusterRole | undefined): boolean =>
  ((role as V1ClusterRole | undefined)?.aggregationRule?.clusterRoleSelectors ?? []).length > 0;

/** Those who may do anything, and the garbage collector's small changes. */
function isFree({ user, next, previous }: Change): boolean {
  if (user.groups.includes(masters)) return true;
  return previous !== undefined && equal(withoutOwners(next, previous), previous);
}
const withoutOwners = (next: KubeObject, previous: KubeObject): KubeObject => {
  const { ownerReferences: _owners, finalizers: _finalizers, ...metadata } = next.metadata;
  const { ownerReferences, finalizers } = previous.metadata;
  return {
    ...next,
    metadata: {
      ...metadata,
      ...(ownerReferences === undefined ? {} : { ownerReferences }),
      ...(finalizers === undefined ? {} : { finalizers }),
    },
  };
};

function asks(
  { user, context }: Change,
  verb: string,
  resource: string,
  name: string,
  namespace: string,
): boolean {
  const about = { isResource: true, path: "", version: "*", subresource: "" };
  return context.authorizer.authorize(user, { ...about, verb, group, resource, name, namespace })
    .allowed;
}

/** Throws unless the user holds all these rules where the object lies. */
function confirm(change: Change, wanted: readonly V1PolicyRule[], why?: string): void {
  const { user, next, info, context } = change;
  const held = context.authorizer.grants(user, info.namespace).map(({ rule }) => rule);
  const missing = uncovered(held, wanted);
  if (missing.length === 0) return;
  const told = why ?? attempt(change, missing);
  throw forbidden({ group, resource: info.resource }, next.metadata.name ?? "", told);
}

function attempt({ user, info, context }: Change, missing: readonly V1PolicyRule[]): string {
  const who = `user ${JSON.stringify(user.name)} (groups=${quoted(user.groups)})`;
  const problems = context.authorizer.problems(user, info.namespace);
  const unresolved = problems.length === 0 ? "" : `; resolution errors: [${aggregated(problems)}]`;
  return `${who} is attempting to grant RBAC permissions not currently held:\n${described(missing).join("\n")}${unresolved}`;
}
