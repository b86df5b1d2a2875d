/** Role. Upstream: pkg/registry/rbac/role/strategy.go, policybased/storage.go. */
import type { V1Role } from "#apimachinery/api/rbac-v1.ts";
import { pathSegmentName } from "#apimachinery/names.ts";
import { guardRole } from "#apiserver/authorization/escalation.ts";
import { fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { policyRules } from "./rules.ts";

export const role: Kind<V1Role> = {
  gvk: "rbac.authorization.k8s.io/v1/Role",
  createOnUpdate: true,
  name: pathSegmentName,
  defaults: (object) => fill(object, { rules: [] }),
  guard: guardRole,
  validate: ({ rules }) => policyRules(rules, true),
};
