/** ValidatingAdmissionPolicy. Upstream: pkg/registry/admissionregistration/validatingadmissionpolicy/strategy.go, pkg/apis/admissionregistration/validation. */
import type {
  V1AuditAnnotation,
  V1ValidatingAdmissionPolicy,
  V1Validation,
} from "#apimachinery/api/admissionregistration-v1.ts";
import { duplicate, FieldPath, invalid, required, unsupported } from "#apimachinery/field.ts";
import { qualifiedName } from "#apimachinery/names.ts";
import type { CelEnvironment } from "#apiserver/cel/environment.ts";
import { column, columnsOf } from "#apiserver/kinds/columns.ts";
import { at as change, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, named, oneOf } from "#apiserver/kinds/rules/rule.ts";
import { environmentOf, expression, variables } from "./expressions.ts";
import { matchConditions } from "./match-conditions.ts";
import { matchDefaults, matchResources } from "./match-resources.ts";
import { kindText, paramKind } from "./params.ts";
import { failurePolicies } from "./webhook.ts";

const at = new FieldPath("spec");
const reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized"];
const mostAnnotations = 20;
const longestValueExpression = 5 * 1024;

/** `messages`: expressions that make messages know no authorizer. */
interface Environments {
  readonly checks: CelEnvironment;
  readonly messages: CelEnvironment;
}

function validation(errors: Errors, here: FieldPath, given: V1Validation, of: Environments): void {
  const { expression: text = "", message = "", messageExpression = "", reason } = given;
  if (text.trim() === "")
    errors.push(required(here.child("expression"), "expression is not specified"));
  else expression(errors, here.child("expression"), text, of.checks, ["bool"]);
  if (messageExpression !== "" && messageExpression.trim() === "")
    errors.push(
      invalid(here.child("messageExpression"), messageExpression, "must be non-empty if specified"),
    );
  else if (messageExpression !== "")
    expression(errors, here.child("messageExpression"), messageExpression, of.messages, ["string"]);
  if (message !== "" && message.trim() === "")
    errors.push(invalid(here.child("message"), message, "message must be non-empty if specified"));
  else if (/[\n\r]/.test(message.trim()))
    errors.push(invalid(here.child("message"), message, "message must not contain line breaks"));
  if (reason !== undefined && !reasons.includes(reason))
    errors.push(unsupported(here.child("reason"), reason, reasons));
}

function annotations(
  errors: Errors,
  policy: string,
  given: readonly V1AuditAnnotation[],
  environment: CelEnvironment,
): void {
  const all = at.child("auditAnnotations");
  if (given.length > mostAnnotations)
    errors.push(invalid(all, given, `must not have more than ${mostAnnotations} auditAnnotations`));
  for (const [i, { key = "", valueExpression = "" }] of given.entries()) {
    const here = all.index(i);
    if (policy === "")
      errors.push(invalid(here.child("key"), key, "requires metadata.name be non-empty"));
    else named(errors, here.child("key"), `${policy}/${key}`, qualifiedName);
    const text = valueExpression.trim();
    const value = here.child("valueExpression");
    if (text === "") errors.push(required(value, "valueExpression is not specified"));
    else if (text.length > longestValueExpression)
      errors.push(required(value, `must not exceed ${longestValueExpression} bytes in length`));
    else expression(errors, value, text, environment, ["string", "null_type"]);
    if (given.findIndex((one) => one.key === key) < i)
      errors.push(duplicate(here.child("key"), key));
  }
}

function validate({ metadata, spec = {} }: V1ValidatingAdmissionPolicy): Errors {
  const errors: Errors = [];
  const { validations = [], auditAnnotations = [], matchConstraints } = spec;
  const hasParams = spec.paramKind !== undefined;
  oneOf(errors, at.child("failurePolicy"), spec.failurePolicy, failurePolicies);
  if (spec.paramKind !== undefined) paramKind(errors, at.child("paramKind"), spec.paramKind);
  if (matchConstraints === undefined) errors.push(required(at.child("matchConstraints")));
  else {
    matchResources(errors, at.child("matchConstraints"), matchConstraints);
    if ((matchConstraints.resourceRules ?? []).length === 0)
      errors.push(required(at.child("matchConstraints", "resourceRules")));
  }
  matchConditions(errors, at.child("matchConditions"), spec.matchConditions, hasParams);
  const names = { hasParams, hasAuthorizer: true };
  const known =
    (spec.variables ?? []).length === 0
      ? undefined
      : variables(errors, at.child("variables"), spec.variables ?? [], names);
  const checks = environmentOf({ ...names, variables: known });
  const messages = environmentOf({ hasParams, hasAuthorizer: false, variables: known });
  if (validations.length + auditAnnotations.length === 0)
    for (const field of ["validations", "auditAnnotations"])
      errors.push(
        required(at.child(field), "validations or auditAnnotations must contain at least one item"),
      );
  for (const [i, one] of validations.entries())
    validation(errors, at.child("validations").index(i), one, { checks, messages });
  annotations(errors, metadata.name ?? "", auditAnnotations, checks);
  return errors;
}

export const validatingAdmissionPolicy: Kind<V1ValidatingAdmissionPolicy> = {
  gvk: "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy",
  unconditionalUpdate: false,
  defaults: (object) =>
    change(object, "spec", (spec) =>
      change(fill(spec, { failurePolicy: "Fail" }), "matchConstraints", matchDefaults),
    ),
  validate,
  columns: columnsOf(
    column(
      "Validations",
      "integer",
      "Validations indicates the number of validation rules defined in this configuration",
      ({ spec }: V1ValidatingAdmissionPolicy) => (spec?.validations ?? []).length,
    ),
    column(
      "ParamKind",
      "string",
      "ParamKind specifies the kind of resources used to parameterize this policy",
      ({ spec }: V1ValidatingAdmissionPolicy) => kindText(spec?.paramKind),
    ),
  ),
};
