/** ValidatingAdmissionPolicyBinding. Upstream: pkg/registry/admissionregistration/validatingadmissionpolicybinding/strategy.go. */
import type { V1ValidatingAdmissionPolicyBinding } from "#apimachinery/api/admissionregistration-v1.ts";
import { duplicate, FieldPath, invalid, required, unsupported } from "#apimachinery/field.ts";
import { at as change } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";
import { matchDefaults } from "./match-resources.ts";
import { paramRefAuthority } from "./param-authority.ts";
import { bindingColumns, bindingErrors } from "./policy-binding.ts";
import { reservedName } from "./reserved-name.ts";

const supported = ["Audit", "Deny", "Warn"];

function actions(errors: Errors, at: FieldPath, given: readonly string[]): void {
  for (const [i, action] of given.entries()) {
    if (!supported.includes(action)) errors.push(unsupported(at.index(i), action, supported));
    if (given.indexOf(action) < i) errors.push(duplicate(at.index(i), action));
  }
  if (given.includes("Deny") && given.includes("Warn"))
    errors.push(
      invalid(
        at,
        given,
        "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)",
      ),
    );
  if (given.length === 0) errors.push(required(at, "at least one validation action is required"));
}

const policies = "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy";

function validate({ spec }: V1ValidatingAdmissionPolicyBinding): Errors {
  const errors = bindingErrors(spec ?? {});
  const at = new FieldPath("spec").child("validationActions");
  actions(errors, at, spec?.validationActions ?? []);
  return errors;
}

export const validatingAdmissionPolicyBinding: Kind<V1ValidatingAdmissionPolicyBinding> = {
  gvk: "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding",
  unconditionalUpdate: false,
  defaults: (object) =>
    change(object, "spec", (spec) => change(spec, "matchResources", matchDefaults)),
  judge: (asked) => paramRefAuthority(asked, policies, validate),
  validate,
  warnings: reservedName,
  columns: bindingColumns(),
};
