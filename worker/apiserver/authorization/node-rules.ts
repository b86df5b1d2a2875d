/** What every kubelet may do; the rules of ClusterRole system:node. Upstream: plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go NodeRules. */
import type { V1PolicyRule } from "#apimachinery/api/rbac-v1.ts";

const rule = (
  apiGroup: string,
  resources: readonly string[],
  verbs: readonly string[],
): V1PolicyRule => ({ verbs, apiGroups: [apiGroup], resources });

export const nodeRules: readonly V1PolicyRule[] = [
  rule("authentication.k8s.io", ["tokenreviews"], ["create"]),
  rule("authorization.k8s.io", ["localsubjectaccessreviews", "subjectaccessreviews"], ["create"]),
  rule("", ["services"], ["get", "list", "watch"]),
  rule("", ["nodes"], ["create", "get", "list", "watch"]),
  rule("", ["nodes/status"], ["patch", "update"]),
  rule("", ["nodes"], ["patch", "update"]),
  {
    verbs: ["create", "patch", "update"],
    apiGroups: ["", "events.k8s.io"],
    resources: ["events"],
  },
  rule("", ["pods"], ["get", "list", "watch"]),
  rule("", ["pods"], ["create", "delete"]),
  rule("", ["pods/status"], ["patch", "update"]),
  rule("", ["pods/eviction"], ["create"]),
  rule("", ["configmaps", "secrets"], ["get", "list", "watch"]),
  rule("", ["persistentvolumeclaims", "persistentvolumes"], ["get"]),
  rule("", ["endpoints"], ["get"]),
  rule("certificates.k8s.io", ["certificatesigningrequests"], ["create", "get", "list", "watch"]),
  rule("coordination.k8s.io", ["leases"], ["create", "delete", "get", "patch", "update"]),
  rule("storage.k8s.io", ["volumeattachments"], ["get"]),
  rule("", ["serviceaccounts/token"], ["create"]),
  rule("", ["persistentvolumeclaims/status"], ["get", "patch", "update"]),
  rule("storage.k8s.io", ["csidrivers"], ["get", "list", "watch"]),
  rule("storage.k8s.io", ["csinodes"], ["create", "delete", "get", "patch", "update"]),
  rule("node.k8s.io", ["runtimeclasses"], ["get", "list", "watch"]),
  rule("resource.k8s.io", ["resourceclaims"], ["get"]),
  rule("resource.k8s.io", ["resourceslices"], ["deletecollection"]),
  rule("", ["serviceaccounts"], ["get"]),
];
