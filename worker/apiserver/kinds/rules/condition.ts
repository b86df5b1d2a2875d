/** Conditions of the common sort. Upstream: apimachinery/pkg/apis/meta/v1/validation ValidateConditions. */
import type { V1Condition } from "#apimachinery/api/meta-v1.ts";
import {
  duplicate,
  type FieldPath,
  invalid,
  required,
  tooLong,
  unsupported,
} from "#apimachinery/field.ts";
import { qualifiedName, withRegex } from "#apimachinery/names.ts";
import { type Errors, named, notNegativeWordText } from "./rule.ts";

const statuses = ["False", "True", "Unknown"];
const longest = { reason: 1024, message: 32 * 1024 };
const reasonFormat = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?";
const reasonPattern = new RegExp(`^${reasonFormat}$`);
const reasonText = withRegex(
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'",
  reasonFormat,
  "my_name",
  "MY_NAME",
  "MyName",
  "ReasonA,ReasonB",
  "ReasonA:ReasonB",
);

function condition(errors: Errors, at: FieldPath, given: Partial<V1Condition>): void {
  const { type = "", status = "", observedGeneration = 0, reason = "", message = "" } = given;
  named(errors, at.child("type"), type, qualifiedName);
  if (!statuses.includes(status)) errors.push(unsupported(at.child("status"), status, statuses));
  if (observedGeneration < 0)
    errors.push(invalid(at.child("observedGeneration"), observedGeneration, notNegativeWordText));
  if (!given.lastTransitionTime) errors.push(required(at.child("lastTransitionTime")));
  if (reason === "") errors.push(required(at.child("reason")));
  else {
    if (!reasonPattern.test(reason)) errors.push(invalid(at.child("reason"), reason, reasonText));
    if (reason.length > longest.reason) errors.push(tooLong(at.child("reason"), longest.reason));
  }
  if (message.length > longest.message) errors.push(tooLong(at.child("message"), longest.message));
}

export function conditions(
  errors: Errors,
  at: FieldPath,
  given: readonly Partial<V1Condition>[] = [],
): void {
  for (const [i, one] of given.entries()) {
    if (given.findIndex(({ type }) => type === one.type) < i)
      errors.push(duplicate(at.index(i).child("type"), one.type ?? ""));
    condition(errors, at.index(i), one);
  }
}
