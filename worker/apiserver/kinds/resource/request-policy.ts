/** In which portions a device's capacity is given out. Upstream: pkg/apis/resource/validation validateRequestPolicy. */
import type {
  V1CapacityRequestPolicy,
  V1CapacityRequestPolicyRange,
  V1DeviceCapacity,
} from "#apimachinery/api/resource-v1.ts";
import { type FieldPath, forbidden, invalid, required } from "#apimachinery/field.ts";
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  wholeValue,
} from "#apimachinery/quantity.ts";
import { set } from "#apiserver/kinds/rules/collection.ts";
import type { Errors, Rule } from "#apiserver/kinds/rules/rule.ts";

const mostValues = 10;
const isMore = (a: string, b: string): boolean => compareQuantities(a, b) > 0;
const shown = canonicalQuantity;

function validValues(
  errors: Errors,
  at: FieldPath,
  values: readonly string[],
  byDefault: string,
  capacity: string,
): void {
  for (const [i, value] of values.entries())
    if (i > 0 && isMore(values[i - 1] ?? value, value))
      errors.push(invalid(at.index(i), shown(value), "values must be sorted in ascending order"));
  const portion: Rule<string> = (found, here, value) => {
    if (isMore(value, capacity))
      found.push(
        invalid(here, shown(value), `option is larger than capacity value: ${shown(capacity)}`),
      );
  };
  set(errors, at, values, mostValues, portion, (value) => String(wholeValue(value)));
  const isLookedAt = values.length <= mostValues;
  if (!isLookedAt || !values.some((value) => compareQuantities(value, byDefault) === 0))
    errors.push(
      invalid(at, shown(byDefault), "default value is not valid according to the requestPolicy"),
    );
}

function validRange(
  errors: Errors,
  at: FieldPath,
  { min, max, step }: Partial<V1CapacityRequestPolicyRange>,
  byDefault: string,
  capacity: string,
): void {
  if (min === undefined) {
    errors.push(required(at.child("min"), "required when validRange is defined"));
    return;
  }
  const refuse = (name: string, value: string, why: string): void => {
    errors.push(invalid(at.child(name), shown(value), why));
  };
  if (isMore(min, capacity))
    refuse("min", min, `min is larger than capacity value: ${shown(capacity)}`);
  if (isMore(min, byDefault)) refuse("min", byDefault, `default is less than min: ${shown(min)}`);
  if (max !== undefined) {
    if (isMore(min, max)) refuse("max", min, `min is larger than max: ${shown(max)}`);
    if (isMore(max, capacity))
      refuse("max", max, `max is larger than capacity value: ${shown(capacity)}`);
    if (isMore(byDefault, max)) refuse("max", byDefault, `default is more than max: ${shown(max)}`);
  }
  if (step === undefined) return;
  const second = addQuantities([min, step]);
  if (isMore(second, capacity))
    refuse(
      "step",
      step,
      `one step ${shown(second)} is larger than capacity value: ${shown(capacity)}`,
    );
  for (const value of max === undefined ? [byDefault] : [byDefault, max])
    if ((wholeValue(value) - wholeValue(min)) % wholeValue(step) !== 0)
      refuse(
        "step",
        value,
        `value is not a multiple of a given step (${shown(step)}) from (${shown(min)})`,
      );
}

function policy(
  errors: Errors,
  at: FieldPath,
  given: V1CapacityRequestPolicy,
  capacity: string,
): void {
  const { validValues: values = [], validRange: range, default: byDefault } = given;
  const name = values.length > 0 ? "validValues" : "validRange";
  if (values.length > 0 && range !== undefined)
    errors.push(
      forbidden(
        at,
        'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time',
      ),
    );
  else if (values.length === 0 && range === undefined) return;
  else if (byDefault === undefined)
    errors.push(required(at.child("default"), `required when ${name} is defined`));
  else if (range === undefined) validValues(errors, at.child(name), values, byDefault, capacity);
  else validRange(errors, at.child(name), range, byDefault, capacity);
}

/** `isShared`: the device may be given to several claims at once. */
export const capacityOf =
  (isShared: boolean): Rule<V1DeviceCapacity> =>
  (errors, at, { value, requestPolicy }) => {
    if (requestPolicy === undefined) return;
    const here = at.child("requestPolicy");
    if (isShared) policy(errors, here, requestPolicy, value);
    else errors.push(forbidden(here, "allowMultipleAllocations must be true"));
  };
