/** What both sorts of policies share. Upstream: pkg/apis/admissionregistration/validation validateValidatingAdmissionPolicySpec. */
import type {
  V1MatchCondition,
  V1MatchResources,
  V1ParamKind,
  V1Variable,
} from "#apimachinery/api/admissionregistration-v1.ts";
import { FieldPath, required } from "#apimachinery/field.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { column } from "#apiserver/kinds/columns.ts";
import { at as change, fill } from "#apiserver/kinds/fill.ts";
import type { Column } from "#apiserver/kinds/kind.ts";
import { type Errors, oneOf } from "#apiserver/kinds/rules/rule.ts";
import { type Names, variables } from "./expressions.ts";
import { matchConditions } from "./match-conditions.ts";
import { matchDefaults, matchResources } from "./match-resources.ts";
import { kindText, paramKind } from "./params.ts";
import { failurePolicies } from "./webhook.ts";

export interface PolicySpec {
  readonly failurePolicy?: string | undefined;
  readonly paramKind?: V1ParamKind | undefined;
  readonly matchConstraints?: V1MatchResources | undefined;
  readonly matchConditions?: readonly V1MatchCondition[] | undefined;
  readonly variables?: readonly V1Variable[] | undefined;
}
type Policy = KubeObject & { readonly spec?: PolicySpec | undefined };

/** Adds what is wrong with these parts; what the policy's own expressions may name. `more`: asked of the constraints. */
export function policyNames(
  errors: Errors,
  spec: PolicySpec,
  more?: (constraints: V1MatchResources, at: FieldPath) => void,
): Names {
  const at = new FieldPath("spec");
  const { matchConstraints, variables: declared = [] } = spec;
  const hasParams = spec.paramKind !== undefined;
  oneOf(errors, at.child("failurePolicy"), spec.failurePolicy, failurePolicies);
  if (spec.paramKind !== undefined) paramKind(errors, at.child("paramKind"), spec.paramKind);
  if (matchConstraints === undefined) errors.push(required(at.child("matchConstraints")));
  else {
    matchResources(errors, at.child("matchConstraints"), matchConstraints);
    if ((matchConstraints.resourceRules ?? []).length === 0)
      errors.push(required(at.child("matchConstraints", "resourceRules")));
    more?.(matchConstraints, at.child("matchConstraints"));
  }
  matchConditions(errors, at.child("matchConditions"), spec.matchConditions, hasParams);
  const names = { hasParams, hasAuthorizer: true };
  return declared.length === 0
    ? names
    : { ...names, variables: variables(errors, at.child("variables"), declared, names) };
}

export const policyDefaults = <T extends Policy>(object: T): T =>
  change<Policy, "spec">(object, "spec", (spec) =>
    change(fill(spec, { failurePolicy: "Fail" }), "matchConstraints", matchDefaults),
  ) as T;

export const paramKindColumn: Column<Policy> = column(
  "ParamKind",
  "string",
  "ParamKind specifies the kind of resources used to parameterize this policy",
  ({ spec }) => kindText(spec?.paramKind),
);
