/** MutatingAdmissionPolicyBinding. Upstream: pkg/registry/admissionregistration/mutatingadmissionpolicybinding/strategy.go. */
import type { V1MutatingAdmissionPolicyBinding } from "#apimachinery/api/admissionregistration-v1.ts";
import { FieldPath } from "#apimachinery/field.ts";
import { at as change } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";
import { matchDefaults } from "./match-resources.ts";
import { paramRefAuthority } from "./param-authority.ts";
import { bindingColumns, bindingErrors } from "./policy-binding.ts";
import { reservedName } from "./reserved-name.ts";
import { mutableOperations } from "./resource-rules.ts";

const policies = "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy";

function validate({ spec = {} }: V1MutatingAdmissionPolicyBinding): Errors {
  const errors = bindingErrors(spec);
  const at = new FieldPath("spec").child("matchResources");
  mutableOperations(errors, at, spec.matchResources?.resourceRules);
  return errors;
}

export const mutatingAdmissionPolicyBinding: Kind<V1MutatingAdmissionPolicyBinding> = {
  gvk: "admissionregistration.k8s.io/v1/MutatingAdmissionPolicyBinding",
  unconditionalUpdate: false,
  defaults: (object) =>
    change(object, "spec", (spec) => change(spec, "matchResources", matchDefaults)),
  judge: (asked) => paramRefAuthority(asked, policies, validate),
  validate,
  warnings: reservedName,
  columns: bindingColumns(),
};
