/** What both sorts of bindings share. Upstream: pkg/apis/admissionregistration/validation validateValidatingAdmissionPolicyBindingSpec. */
import type { V1MatchResources, V1ParamRef } from "#apimachinery/api/admissionregistration-v1.ts";
import { FieldPath } from "#apimachinery/field.ts";
import { dns1123Subdomain } from "#apimachinery/names.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { column, columnsOf } from "#apiserver/kinds/columns.ts";
import type { Column } from "#apiserver/kinds/kind.ts";
import { type Errors, requiredName } from "#apiserver/kinds/rules/rule.ts";
import { matchResources } from "./match-resources.ts";
import { paramRef, refText } from "./params.ts";

export interface BindingSpec {
  readonly policyName?: string | undefined;
  readonly paramRef?: V1ParamRef | undefined;
  readonly matchResources?: V1MatchResources | undefined;
}

export function bindingErrors(spec: BindingSpec): Errors {
  const errors: Errors = [];
  const at = new FieldPath("spec");
  requiredName(errors, at.child("policyName"), spec.policyName, dns1123Subdomain);
  paramRef(errors, at.child("paramRef"), spec.paramRef);
  matchResources(errors, at.child("matchResources"), spec.matchResources);
  return errors;
}

export const bindingColumns = <
  T extends KubeObject & { readonly spec?: BindingSpec | undefined },
>(): readonly Column<T>[] =>
  columnsOf<T>(
    column(
      "PolicyName",
      "string",
      "PolicyName indicates the policy definition which the policy binding binded to",
      ({ spec }) => spec?.policyName ?? "",
    ),
    column(
      "ParamRef",
      "string",
      "ParamRef indicates the param resource which sets the configuration param",
      ({ spec }) => refText(spec?.paramRef),
    ),
  );
