/**
 * Amounts of named resources as the API writes them: `{ cpu: "500m", memory: "1Gi" }`.
 * Upstream: apiserver/pkg/quota/v1/resources.go, component-helpers/resource/helpers.go.
 */
import { addQuantities, compareQuantities, parseQuantity, printQuantity } from "./quantity.ts";

export type Amounts = Readonly<Record<string, string | number>>;
type Sum = Record<string, string>;

/** For each name in either, the sum. */
export function added(a: Amounts, b: Amounts): Readonly<Record<string, string>> {
  const sum: Sum = {};
  for (const name of [...Object.keys(a), ...Object.keys(b)])
    sum[name] ??= addQuantities([a[name] ?? 0, b[name] ?? 0]);
  return sum;
}
/** For each name in either, `a - b`, but never less than nothing. */
export function subtracted(a: Amounts, b: Amounts): Readonly<Record<string, string>> {
  const rest: Sum = {};
  for (const name of [...Object.keys(a), ...Object.keys(b)]) {
    const from = parseQuantity(a[name] ?? 0);
    const nanos = (from?.nanos ?? 0n) - (parseQuantity(b[name] ?? 0)?.nanos ?? 0n);
    rest[name] = nanos > 0n ? printQuantity({ nanos, form: from?.form ?? "decimal" }) : "0";
  }
  return rest;
}
/** For each name in either, the larger one. */
export function larger(a: Amounts, b: Amounts): Readonly<Record<string, string>> {
  const most: Sum = {};
  for (const name of [...Object.keys(a), ...Object.keys(b)]) {
    const [left, right] = [a[name], b[name]];
    const wins = left === undefined || (right !== undefined && compareQuantities(left, right) < 0);
    most[name] = String(wins ? right : left);
  }
  return most;
}
/** Only these names. */
export function masked(amounts: Amounts, names: Iterable<string>): Amounts {
  const kept: Record<string, string | number> = {};
  for (const name of names) {
    const amount = amounts[name];
    if (amount !== undefined) kept[name] = amount;
  }
  return kept;
}
export const sameAmounts = (a: Amounts, b: Amounts): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(
    ([name, amount]) => b[name] !== undefined && compareQuantities(amount, b[name] ?? 0) === 0,
  );
/** `cpu=1,memory=2Gi`, by name. */
export const amountsText = (amounts: Amounts): string =>
  Object.keys(amounts)
    .toSorted()
    .map((name) => `${name}=${amounts[name]}`)
    .join(",");
