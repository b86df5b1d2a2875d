/** ClusterRole. Upstream: pkg/registry/rbac/clusterrole/strategy.go, pkg/apis/rbac/validation ValidateClusterRole. */
import type { V1ClusterRole } from "#apimachinery/api/rbac-v1.ts";
import { FieldPath, invalid, required } from "#apimachinery/field.ts";
import { pathSegmentName } from "#apimachinery/names.ts";
import { guardRole } from "#apiserver/authorization/escalation.ts";
import { fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { labelSelector } from "#apiserver/kinds/rules/selector.ts";
import { policyRules } from "./rules.ts";

export const clusterRole: Kind<V1ClusterRole> = {
  gvk: "rbac.authorization.k8s.io/v1/ClusterRole",
  createOnUpdate: true,
  name: pathSegmentName,
  defaults: (object) => fill(object, { rules: [] }),
  guard: guardRole,
  validate({ rules, aggregationRule }) {
    const errors = policyRules(rules, false);
    if (aggregationRule === undefined) return errors;
    const at = new FieldPath("aggregationRule").child("clusterRoleSelectors");
    const selectors = aggregationRule.clusterRoleSelectors ?? [];
    if (selectors.length === 0)
      errors.push(
        required(at, "at least one clusterRoleSelector required if aggregationRule is non-nil"),
      );
    for (const [i, one] of selectors.entries()) {
      const before = errors.length;
      labelSelector(errors, at.index(i), one);
      // The value that upstream shows is what came of it.
      if (errors.length > before)
        errors.push(invalid(at.index(i), null, "invalid label selector."));
    }
    return errors;
  },
};
