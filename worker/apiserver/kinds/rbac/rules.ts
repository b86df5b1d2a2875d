/** The rules of roles. Upstream: pkg/apis/rbac/validation ValidatePolicyRule. */
import type { V1PolicyRule } from "#apimachinery/api/rbac-v1.ts";
import { FieldPath, invalid, required } from "#apimachinery/field.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";

function policyRule(errors: Errors, at: FieldPath, given: V1PolicyRule, namespaced: boolean): void {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [] } = given;
  const { nonResourceURLs = [] } = given;
  if (verbs.length === 0)
    errors.push(required(at.child("verbs"), "verbs must contain at least one value"));
  if (nonResourceURLs.length > 0) {
    const here = at.child("nonResourceURLs");
    if (namespaced)
      errors.push(
        invalid(here, nonResourceURLs, "namespaced rules cannot apply to non-resource URLs"),
      );
    if (apiGroups.length + resources.length + resourceNames.length > 0)
      errors.push(
        invalid(
          here,
          nonResourceURLs,
          "rules cannot apply to both regular resources and non-resource URLs",
        ),
      );
    return;
  }
  if (apiGroups.length === 0)
    errors.push(
      required(at.child("apiGroups"), "resource rules must supply at least one api group"),
    );
  if (resources.length === 0)
    errors.push(
      required(at.child("resources"), "resource rules must supply at least one resource"),
    );
}

export function policyRules(
  rules: readonly V1PolicyRule[] | undefined,
  namespaced: boolean,
): Errors {
  const errors: Errors = [];
  for (const [i, one] of (rules ?? []).entries())
    policyRule(errors, new FieldPath("rules").index(i), one, namespaced);
  return errors;
}
