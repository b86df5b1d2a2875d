/** Conditions that must hold before anybody is asked. Upstream: pkg/apis/admissionregistration/validation validateMatchConditions. */
import type { V1MatchCondition } from "#apimachinery/api/admissionregistration-v1.ts";
import { duplicate, type FieldPath, required, tooMany } from "#apimachinery/field.ts";
import { qualifiedName } from "#apimachinery/names.ts";
import { type Errors, requiredName } from "#apiserver/kinds/rules/rule.ts";
import { environmentOf, expression } from "./expressions.ts";

const most = 64;

export function matchConditions(
  errors: Errors,
  at: FieldPath,
  given: readonly V1MatchCondition[] = [],
  hasParams = false,
): void {
  if (given.length > most) errors.push(tooMany(at, given.length, most));
  for (const [i, one] of given.entries()) {
    const here = at.index(i);
    const text = (one.expression ?? "").trim();
    if (text === "") errors.push(required(here.child("expression")));
    else
      expression(
        errors,
        here.child("expression"),
        text,
        environmentOf({ hasParams, hasAuthorizer: true }),
        ["bool"],
      );
    requiredName(errors, here.child("name"), one.name, qualifiedName);
    if (one.name && given.findIndex(({ name }) => name === one.name) < i)
      errors.push(duplicate(here.child("name"), one.name));
  }
}
