/** RoleBinding. Upstream: pkg/registry/rbac/rolebinding/strategy.go. */
import type { V1RoleBinding } from "#apimachinery/api/rbac-v1.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { bindingKind } from "./binding.ts";

export const roleBinding: Kind<V1RoleBinding> = bindingKind("RoleBinding", "roleBinding", [
  "Role",
  "ClusterRole",
]);
