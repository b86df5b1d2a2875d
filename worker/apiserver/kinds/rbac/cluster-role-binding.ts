/** ClusterRoleBinding. Upstream: pkg/registry/rbac/clusterrolebinding/strategy.go. */
import type { V1ClusterRoleBinding } from "#apimachinery/api/rbac-v1.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { bindingKind } from "./binding.ts";

export const clusterRoleBinding: Kind<V1ClusterRoleBinding> = bindingKind(
  "ClusterRoleBinding",
  "clusterRoleBinding",
  ["ClusterRole"],
);
