/**
 * A number against a schema: its format's range, then its multiples and bounds.
 * Upstream: kube-openapi/pkg/validation/validate numberValidator, values.go IsValueValidAgainstRange.
 */
import { type FieldError, type FieldPath, invalid, root } from "#apimachinery/field.ts";
import { isIntOrString, type Schema } from "./schema.ts";

const ranges: Readonly<Record<string, readonly [from: number, to: number]>> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2 ** 63), 2 ** 63],
  float: [-3.402823669209385e38, 3.402823669209385e38],
};

/** Of a value, or of a bound in the schema. It has no place: upstream prints the nil path. */
function rangeError(
  value: number,
  { type, ...schema }: Schema,
  format: string | undefined,
  what: string,
  at: FieldPath,
): FieldError | undefined {
  const isInteger = type === "integer" && !isIntOrString(schema);
  const isFloat = type === "number" && format === "float";
  if (!isInteger && !isFloat) return undefined;
  const [from, to] = ranges[format ?? "int64"] ?? [-Infinity, Infinity];
  if ((isFloat || Number.isInteger(value)) && value >= from && value <= to) return undefined;
  const which = format === undefined ? "(default format)" : `with format ${format}`;
  const message = `${what} value must be of type ${type} ${which} in ${at.toString()}`;
  return { ...invalid(root, "", message), field: "<nil>" };
}

export function* numberErrors(
  value: number,
  schema: Schema,
  format: string | undefined,
  at: FieldPath,
): Iterable<FieldError> {
  const { maximum, minimum, exclusiveMaximum, exclusiveMinimum, multipleOf } = schema;
  const where = `${at.toString()} in body`;
  function* outOfRange(bound: number, what: string): Iterable<FieldError> {
    const error = rangeError(bound, schema, format, what, at);
    if (error !== undefined) yield error;
  }
  /** Integers are compared with integers, unless the bound is none that fits the type. */
  const isWhole = Number.isInteger(value);
  const comparable = (bound: number): number =>
    isWhole && rangeError(bound, schema, format, "", at) === undefined ? Math.trunc(bound) : bound;
  yield* outOfRange(value, "Checked");
  if (multipleOf !== undefined) {
    yield* outOfRange(multipleOf, "MultipleOf");
    const factor = comparable(multipleOf);
    if (factor <= 0)
      yield invalid(
        at,
        factor,
        `factor MultipleOf declared for ${at.toString()} must be positive: ${factor}`,
      );
    else if (!Number.isInteger(factor < 1 ? (1 / factor) * value : value / factor))
      yield invalid(at, value, `${where} should be a multiple of ${factor}`);
  }
  if (minimum !== undefined) {
    yield* outOfRange(minimum, "Minimum boundary");
    const least = comparable(minimum);
    if (exclusiveMinimum ? value <= least : value < least)
      yield invalid(
        at,
        value,
        `${where} should be greater than ${exclusiveMinimum ? "" : "or equal to "}${least}`,
      );
  }
  if (maximum !== undefined) {
    yield* outOfRange(maximum, "Maximum boundary");
    const most = comparable(maximum);
    if (exclusiveMaximum ? value >= most : value > most)
      yield invalid(
        at,
        value,
        `${where} should be less than ${exclusiveMaximum ? "" : "or equal to "}${most}`,
      );
  }
}
