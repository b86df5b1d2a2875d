/** Taints of devices, and what requests tolerate. Upstream: pkg/apis/resource/validation validateDeviceTaint, validateDeviceToleration. */
import type { V1DeviceTaint, V1DeviceToleration } from "#apimachinery/api/resource-v1.ts";
import { type FieldPath, invalid, required, unsupported } from "#apimachinery/field.ts";
import { labelValue } from "#apimachinery/names.ts";
import { type Errors, named, type Rule } from "#apiserver/kinds/rules/rule.ts";
import { labelName } from "./names.ts";

const effects = ["NoExecute", "NoSchedule", "None"];
const operators = ["Equal", "Exists"];

export const taint: Rule<V1DeviceTaint> = (errors, at, { key, value, effect = "" }) => {
  labelName(errors, at.child("key"), key);
  if (value) named(errors, at.child("value"), value, labelValue);
  if (effect === "") errors.push(required(at.child("effect")));
  else if (!effects.includes(effect)) errors.push(unsupported(at.child("effect"), effect, effects));
};

function toleration(errors: Errors, at: FieldPath, given: V1DeviceToleration): void {
  const { key, operator = "", value = "", effect = "" } = given;
  if (key) labelName(errors, at.child("key"), key);
  if (operator === "Exists") {
    if (value !== "")
      errors.push(invalid(at.child("value"), value, "must be empty for operator `Exists`"));
  } else if (operator === "Equal") named(errors, at.child("value"), value, labelValue);
  else if (operator === "") errors.push(required(at.child("operator")));
  else errors.push(unsupported(at.child("operator"), operator, operators));
  if (effect !== "" && !effects.includes(effect))
    errors.push(unsupported(at.child("effect"), effect, effects));
}
export function tolerations(
  errors: Errors,
  at: FieldPath,
  given: readonly V1DeviceToleration[] = [],
): void {
  for (const [i, one] of given.entries()) toleration(errors, at.index(i), one);
}
