/** What devices of a pool take from one another. Upstream: pkg/apis/resource/validation validateCounterSet, validateDeviceCounterConsumption. */
import type {
  V1Counter,
  V1CounterSet,
  V1DeviceCounterConsumption,
} from "#apimachinery/api/resource-v1.ts";
import { type FieldPath, required } from "#apimachinery/field.ts";
import { dns1123Label } from "#apimachinery/names.ts";
import { map } from "#apiserver/kinds/rules/collection.ts";
import { type Errors, requiredName, type Rule } from "#apiserver/kinds/rules/rule.ts";
import { label } from "./names.ts";

const limits = { most: 32, longestKey: 63 };
/** Whatever was parsed is an amount. */
const anyAmount: Rule<V1Counter> = () => undefined;

function counters(
  errors: Errors,
  at: FieldPath,
  given: Readonly<Record<string, V1Counter>> = {},
): void {
  if (Object.keys(given).length === 0) errors.push(required(at));
  else map(errors, at, given, limits, label, anyAmount);
}
export const counterSet: Rule<V1CounterSet> = (errors, at, given) => {
  requiredName(errors, at.child("name"), given.name, dns1123Label);
  counters(errors, at.child("counters"), given.counters);
};
export const consumption: Rule<V1DeviceCounterConsumption> = (errors, at, given) => {
  requiredName(errors, at.child("counterSet"), given.counterSet, dns1123Label);
  counters(errors, at.child("counters"), given.counters);
};
