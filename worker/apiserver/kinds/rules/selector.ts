/** Label selectors. Upstream: apimachinery/pkg/apis/meta/v1/validation/validation.go ValidateLabelSelector. */
import { type FieldPath, forbidden, invalid, required } from "#apimachinery/field.ts";
import type { V1LabelSelector } from "#apimachinery/api/meta-v1.ts";
import { labelValue, qualifiedName } from "#apimachinery/names.ts";
import { validateLabels } from "#apiserver/object-meta.ts";
import { type Errors, named, remembered } from "./rule.ts";

/** Labels as they are, and a nodeSelector. */
export function labels(
  errors: Errors,
  at: FieldPath,
  given: Readonly<Record<string, string>> | undefined,
): void {
  if (given !== undefined) errors.push(...validateLabels(given, at));
}

interface Expression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}
const badOperator = "not a valid selector operator";

/** What the operators of label and node selectors have in common. */
export function setOperator(errors: Errors, at: FieldPath, given: Expression): boolean {
  const { operator, values = [] } = given;
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0)
      errors.push(
        required(at.child("values"), "must be specified when `operator` is 'In' or 'NotIn'"),
      );
    return true;
  }
  if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0)
      errors.push(
        forbidden(
          at.child("values"),
          "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        ),
      );
    return true;
  }
  return false;
}
export const wrongOperator = (errors: Errors, at: FieldPath, { operator }: Expression): void => {
  errors.push(invalid(at.child("operator"), operator ?? "", badOperator));
};

function expression(errors: Errors, at: FieldPath, given: Expression): void {
  if (!setOperator(errors, at, given)) wrongOperator(errors, at, given);
  named(errors, at.child("key"), given.key ?? "", qualifiedName);
  for (const [i, value] of (given.values ?? []).entries())
    named(errors, at.child("values").index(i), value, labelValue);
}

const ofSelector = remembered<V1LabelSelector>((errors, at, selector) => {
  labels(errors, at.child("matchLabels"), selector.matchLabels);
  for (const [i, one] of (selector.matchExpressions ?? []).entries())
    expression(errors, at.child("matchExpressions").index(i), one);
});
export function labelSelector(
  errors: Errors,
  at: FieldPath,
  selector: V1LabelSelector | undefined,
): void {
  if (selector !== undefined) ofSelector(errors, at, selector);
}

export const isEmptySelector = ({ matchLabels, matchExpressions }: V1LabelSelector): boolean =>
  Object.keys(matchLabels ?? {}).length + (matchExpressions ?? []).length === 0;
