/** `quantity`, `isQuantity`, their arithmetic and comparison. Upstream: apiserver/pkg/cel/library/quantity.go. */
import { parseQuantity, printQuantity, quantityProblem } from "#apimachinery/quantity.ts";
import type { Parsed } from "#apimachinery/quantity.ts";
import type { Library } from "./library.ts";

const type = "kubernetes.Quantity";
const billion = 1_000_000_000n;
const largestInt = 2n ** 63n - 1n;

class CelQuantity {
  readonly value: Parsed;
  constructor(value: Parsed) {
    this.value = value;
  }
  toJSON(): string {
    return printQuantity(this.value);
  }
}

function parse(text: string): CelQuantity {
  const value = parseQuantity(text);
  if (value === undefined) throw new Error(quantityProblem);
  return new CelQuantity(value);
}

const isInteger = ({ value }: CelQuantity): boolean =>
  value.nanos % billion === 0n &&
  value.nanos / billion <= largestInt &&
  value.nanos / billion >= -largestInt - 1n;
function asInteger(quantity: CelQuantity): bigint {
  if (!isInteger(quantity)) throw new Error("cannot convert value to integer");
  return quantity.value.nanos / billion;
}
const compare = (a: CelQuantity, b: CelQuantity): bigint =>
  a.value.nanos < b.value.nanos ? -1n : a.value.nanos > b.value.nanos ? 1n : 0n;
const plus = ({ value }: CelQuantity, nanos: bigint): CelQuantity =>
  new CelQuantity({ ...value, nanos: value.nanos + nanos });

export const quantityLibrary: Library = (environment) => {
  environment
    .registerType(type, CelQuantity)
    .registerOperator(
      `${type} == ${type}`,
      (a: CelQuantity, b: CelQuantity) => compare(a, b) === 0n,
    )
    .registerFunction(`quantity(string): ${type}`, parse)
    .registerFunction(
      "isQuantity(string): bool",
      (text: string) => parseQuantity(text) !== undefined,
    )
    .registerFunction(`${type}.isInteger(): bool`, isInteger)
    .registerFunction(`${type}.asInteger(): int`, asInteger)
    .registerFunction(
      `${type}.asApproximateFloat(): double`,
      ({ value }: CelQuantity) => Number(value.nanos) / 1e9,
    )
    .registerFunction(`${type}.sign(): int`, ({ value }: CelQuantity) =>
      value.nanos > 0n ? 1n : value.nanos < 0n ? -1n : 0n,
    )
    .registerFunction(`${type}.compareTo(${type}): int`, compare)
    .registerFunction(
      `${type}.isGreaterThan(${type}): bool`,
      (a: CelQuantity, b: CelQuantity) => compare(a, b) > 0n,
    )
    .registerFunction(
      `${type}.isLessThan(${type}): bool`,
      (a: CelQuantity, b: CelQuantity) => compare(a, b) < 0n,
    )
    .registerFunction(`${type}.add(${type}): ${type}`, (a: CelQuantity, b: CelQuantity) =>
      plus(a, b.value.nanos),
    )
    .registerFunction(`${type}.add(int): ${type}`, (a: CelQuantity, b: bigint) =>
      plus(a, b * billion),
    )
    .registerFunction(`${type}.sub(${type}): ${type}`, (a: CelQuantity, b: CelQuantity) =>
      plus(a, -b.value.nanos),
    )
    .registerFunction(`${type}.sub(int): ${type}`, (a: CelQuantity, b: bigint) =>
      plus(a, -b * billion),
    );
};
