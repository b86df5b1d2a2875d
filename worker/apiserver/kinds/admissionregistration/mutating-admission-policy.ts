/** MutatingAdmissionPolicy. Upstream: pkg/registry/admissionregistration/mutatingadmissionpolicy/strategy.go, pkg/apis/admissionregistration/validation. */
import type {
  V1MutatingAdmissionPolicy,
  V1Mutation,
} from "#apimachinery/api/admissionregistration-v1.ts";
import { FieldPath, invalid, required, unsupported } from "#apimachinery/field.ts";
import type { CelEnvironment } from "#apiserver/cel/environment.ts";
import { column, columnsOf } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, oneOf } from "#apiserver/kinds/rules/rule.ts";
import { environmentOf, patchExpression } from "./expressions.ts";
import { paramKindAuthority } from "./param-authority.ts";
import { paramKindColumn, policyDefaults, policyNames } from "./policy.ts";
import { reservedName } from "./reserved-name.ts";
import { mutableOperations } from "./resource-rules.ts";
import { reinvocationPolicies } from "./webhook.ts";

const at = new FieldPath("spec");
const patchFields = { ApplyConfiguration: "applyConfiguration", JSONPatch: "jsonPatch" } as const;

function mutation(
  errors: Errors,
  here: FieldPath,
  given: V1Mutation,
  environment: CelEnvironment,
): void {
  const type = given.patchType as keyof typeof patchFields | "" | undefined;
  if (!type) {
    errors.push(required(here.child("patchType")));
    return;
  }
  const own = patchFields[type];
  if (own === undefined) {
    errors.push(unsupported(here.child("patchType"), type, Object.keys(patchFields)));
    return;
  }
  const patch = given[own];
  const at = here.child(own);
  if (patch === undefined) errors.push(required(at, `must be specified when patchType is ${type}`));
  else {
    const text = (patch.expression ?? "").trim();
    if (text === "") errors.push(required(at.child("expression")));
    else patchExpression(errors, at.child("expression"), text, environment, type);
  }
  for (const other of Object.values(patchFields))
    if (other !== own && given[other] !== undefined)
      errors.push(
        invalid(here.child(other), `{${other}}`, `must not be specified when patchType is ${type}`),
      );
}

function validate({ spec = {} }: V1MutatingAdmissionPolicy): Errors {
  const errors: Errors = [];
  const { mutations = [] } = spec;
  const environment = environmentOf(
    policyNames(errors, spec, (constraints, here) =>
      mutableOperations(errors, here, constraints.resourceRules),
    ),
  );
  if (mutations.length === 0)
    errors.push(required(at.child("mutations"), "mutations must contain at least one item"));
  for (const [i, one] of mutations.entries())
    mutation(errors, at.child("mutations").index(i), one, environment);
  oneOf(errors, at.child("reinvocationPolicy"), spec.reinvocationPolicy, reinvocationPolicies);
  return errors;
}

export const mutatingAdmissionPolicy: Kind<V1MutatingAdmissionPolicy> = {
  gvk: "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy",
  unconditionalUpdate: false,
  defaults: policyDefaults,
  judge: (change) => paramKindAuthority(change, validate),
  validate,
  warnings: reservedName,
  columns: columnsOf(
    column(
      "Mutations",
      "integer",
      "Mutation indicates the number of mutations rules defined in this configuration",
      ({ spec }: V1MutatingAdmissionPolicy) => (spec?.mutations ?? []).length,
    ),
    paramKindColumn,
  ),
};
