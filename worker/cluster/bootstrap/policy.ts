/** Words for RBAC policy: rules, roles and bindings as data. */
import type {
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1PolicyRule,
  V1Role,
  V1RoleBinding,
  V1Subject,
} from "#apimachinery/api/rbac-v1.ts";

const apiVersion = "rbac.authorization.k8s.io/v1";
const apiGroup = "rbac.authorization.k8s.io";
/** Upstream's rules are sorted, word by word. */
const words = (text: string): readonly string[] => text.split(" ").toSorted();
/** What upstream's reconciler stamps on its own policy. */
const owned = {
  labels: { "kubernetes.io/bootstrapping": "rbac-defaults" },
  annotations: { "rbac.authorization.kubernetes.io/autoupdate": "true" },
};

/** `rule("get list", "apps", "deployments")`: all in any order, separated by spaces; the group `core` is "". */
export const rule = (
  verbs: string,
  groups: string,
  resources: string,
  names?: string,
): V1PolicyRule => ({
  verbs: words(verbs),
  // The core group's name is nothing, which comes first.
  apiGroups: words(groups.replace(/\bcore\b/, "")),
  resources: words(resources),
  ...(names === undefined ? {} : { resourceNames: words(names) }),
});
export const urls = (verbs: string, paths: string): V1PolicyRule => ({
  verbs: words(verbs),
  nonResourceURLs: words(paths),
});
/** Who may tell of what it does. */
export const eventsRule: V1PolicyRule = rule("create patch update", "core events.k8s.io", "events");

export const read = "get list watch";
export const write = "create delete deletecollection patch update";
export const readWrite: string = `${read} ${write}`;
export const readUpdate: string = `${read} update patch`;

export const user = (name: string): V1Subject => ({ kind: "User", apiGroup, name });
export const group = (name: string): V1Subject => ({ kind: "Group", apiGroup, name });
export const serviceAccount = (name: string, namespace = "kube-system"): V1Subject => ({
  kind: "ServiceAccount",
  name,
  namespace,
});

export const clusterRole = (
  name: string,
  rules: readonly V1PolicyRule[],
  labels: Record<string, string> = {},
): V1ClusterRole => ({
  apiVersion,
  kind: "ClusterRole",
  metadata: { name, labels: { ...owned.labels, ...labels }, annotations: owned.annotations },
  rules,
});
export const aggregated = (
  name: string,
  from: readonly string[],
  labels: Record<string, string> = {},
): V1ClusterRole => ({
  ...clusterRole(name, [], labels),
  aggregationRule: {
    clusterRoleSelectors: from.map((one) => ({
      matchLabels: { [`rbac.authorization.k8s.io/aggregate-to-${one}`]: "true" },
    })),
  },
});
export const clusterBinding = (
  name: string,
  role: string,
  ...subjects: readonly V1Subject[]
): V1ClusterRoleBinding => ({
  apiVersion,
  kind: "ClusterRoleBinding",
  metadata: { name, ...owned },
  roleRef: { apiGroup, kind: "ClusterRole", name: role },
  ...(subjects.length === 0 ? {} : { subjects }),
});
export const role = (namespace: string, name: string, rules: readonly V1PolicyRule[]): V1Role => ({
  apiVersion,
  kind: "Role",
  metadata: { name, namespace, ...owned },
  rules,
});
export const binding = (
  namespace: string,
  name: string,
  kind: "Role" | "ClusterRole",
  roleName: string,
  ...subjects: readonly V1Subject[]
): V1RoleBinding => ({
  apiVersion,
  kind: "RoleBinding",
  metadata: { name, namespace, ...owned },
  roleRef: { apiGroup, kind, name: roleName },
  subjects,
});
/** As kubeadm writes it: without the marks of the default policy. */
export const plain = <T extends { readonly metadata: object }>(object: T): T => {
  const {
    labels: _labels,
    annotations: _annotations,
    ...metadata
  } = object.metadata as Record<string, unknown>;
  return { ...object, metadata };
};
