/** MutatingAdmissionPolicyBinding. Upstream: pkg/registry/admissionregistration/mutatingadmissionpolicybinding/strategy.go. */
import type { V1MutatingAdmissionPolicyBinding } from "#apimachinery/api/admissionregistration-v1.ts";
import { at as change } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { matchDefaults } from "./match-resources.ts";
import { bindingColumns, bindingErrors } from "./policy-binding.ts";

export const mutatingAdmissionPolicyBinding: Kind<V1MutatingAdmissionPolicyBinding> = {
  gvk: "admissionregistration.k8s.io/v1/MutatingAdmissionPolicyBinding",
  unconditionalUpdate: false,
  defaults: (object) =>
    change(object, "spec", (spec) => change(spec, "matchResources", matchDefaults)),
  validate: ({ spec }) => bindingErrors(spec ?? {}),
  columns: bindingColumns(),
};
