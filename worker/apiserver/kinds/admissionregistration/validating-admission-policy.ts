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
import type { Kind } from "#apiserver/kinds/kind.ts";
import { conditions } from "#apiserver/kinds/rules/condition.ts";
import { type Errors, named, present } from "#apiserver/kinds/rules/rule.ts";
import { environmentOf, expression } from "./expressions.ts";
import { paramKindAuthority } from "./param-authority.ts";
import { paramKindColumn, policyDefaults, policyNames } from "./policy.ts";
import { reservedName } from "./reserved-name.ts";

const at = new FieldPath("spec");
const reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge"];
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
    errors.push(invalid(here.child("message"), message, "must be non-empty if specified"));
  else if (/[\n\r]/.test(message.trim()))
    errors.push(invalid(here.child("message"), message, "must not contain line breaks"));
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
  const { validations = [], auditAnnotations = [] } = spec;
  const names = policyNames(errors, spec);
  const checks = environmentOf(names);
  const messages = environmentOf({ ...names, hasAuthorizer: false });
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

function validateStatusUpdate({ status = {} }: V1ValidatingAdmissionPolicy): Errors {
  const errors: Errors = [];
  const here = new FieldPath("status");
  const warnings = here.child("typeChecking", "expressionWarnings");
  for (const [i, one] of (status.typeChecking?.expressionWarnings ?? []).entries()) {
    present(errors, warnings.index(i).child("warning"), one.warning);
    present(errors, warnings.index(i).child("fieldRef"), one.fieldRef?.trim());
  }
  conditions(errors, here.child("conditions"), status.conditions);
  return errors;
}

export const validatingAdmissionPolicy: Kind<V1ValidatingAdmissionPolicy> = {
  gvk: "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy",
  statusKeeps: "metadata",
  unconditionalUpdate: false,
  defaults: policyDefaults,
  judge: (change) => paramKindAuthority(change, validate),
  validate,
  validateStatusUpdate,
  warnings: reservedName,
  columns: columnsOf(
    column(
      "Validations",
      "integer",
      "Validations indicates the number of validation rules defined in this configuration",
      ({ spec }: V1ValidatingAdmissionPolicy) => (spec?.validations ?? []).length,
    ),
    paramKindColumn,
  ),
};
