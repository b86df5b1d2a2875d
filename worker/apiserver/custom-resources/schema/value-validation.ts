/**
 * A value against a schema, in kube-openapi's words.
 *
 * On an update, what is equal to what stood at the same place before is not looked at again (ratcheting):
 * fields by their names, items of keyed lists by their keys; other lists' items have no place of their own.
 * Upstream: apiextensions-apiserver/pkg/apiserver/validation/validation.go, ratcheting.go; kube-openapi/pkg/validation/validate.
 */
import { equal } from "#apimachinery/equal.ts";
import {
  type FieldError,
  type FieldPath,
  invalid,
  printed,
  required,
  root,
  typeInvalid,
  unsupported,
} from "#apimachinery/field.ts";
import { compiledRegex } from "#apiserver/cel/libraries/regex.ts";
import { meetsFormat } from "./formats.ts";
import { correlated } from "./list-types.ts";
import { entriesOf, isIntOrString, isObject, itemsOf, propertyOf, valuesOf } from "./schema.ts";
import type { Json, Schema } from "./schema.ts";

/** `previous` undefined: nothing stood there. */
export function validateValue(
  value: unknown,
  schema: Schema,
  previous?: unknown,
  at: FieldPath = root,
): readonly FieldError[] {
  if (previous !== undefined && equal(value, previous)) return none;
  const errors = [
    ...typeErrors(value, schema, at),
    ...combinationErrors(value, schema, at),
    ...scalarErrors(value, schema, at),
  ];
  if (Array.isArray(value)) errors.push(...listErrors(value, schema, previous, at));
  else if (isObject(value)) errors.push(...objectErrors(value, schema, previous, at));
  return errors;
}
const none: readonly FieldError[] = [];

/** `spec.replicas in body`; the root has no name. */
const where = (at: FieldPath): string => `${at.toString()} in body`;

function sortOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function typeErrors(value: unknown, schema: Schema, at: FieldPath): readonly FieldError[] {
  const { type, nullable, format } = schema;
  if (value === null && nullable === true) return none;
  const wanted = isIntOrString(schema) ? ["integer", "string"] : type ? [type] : [];
  const sort = sortOf(value);
  const fits =
    wanted.length === 0 ||
    wanted.includes(sort) ||
    (sort === "integer" && wanted.includes("number"));
  if (!fits)
    return [
      typeInvalid(
        at,
        sort,
        `${where(at)} must be of type ${wanted.join(",")}: ${JSON.stringify(sort)}`,
      ),
    ];
  if (format && typeof value === "string" && !meetsFormat(format, value))
    return [
      typeInvalid(at, value, `${where(at)} must be of type ${format}: ${JSON.stringify(value)}`),
    ];
  return none;
}

/** Errors of combinations have no place: upstream prints the nil path. */
const unplaced = (message: string): FieldError => ({
  ...invalid(root, "", message),
  field: "<nil>",
});

function combinationErrors(value: unknown, schema: Schema, at: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  const name = JSON.stringify(at.toString());
  const { anyOf, oneOf, allOf, not } = schema;
  const tried = (schemas: readonly Schema[]): readonly (readonly FieldError[])[] =>
    schemas.map((one) => validateValue(value, one, undefined, at));
  const best = (results: readonly (readonly FieldError[])[]): readonly FieldError[] =>
    results.toSorted((a, b) => a.length - b.length)[0] ?? none;
  if (anyOf !== undefined && anyOf.length > 0) {
    const results = tried(anyOf);
    if (results.every((one) => one.length > 0))
      errors.push(unplaced(`${name} must validate at least one schema (anyOf)`), ...best(results));
  }
  if (oneOf !== undefined && oneOf.length > 0) {
    const results = tried(oneOf);
    const valid = results.filter((one) => one.length === 0).length;
    const only = `${name} must validate one and only one schema (oneOf).`;
    if (valid === 0) errors.push(unplaced(`${only} Found none valid`), ...best(results));
    else if (valid > 1) errors.push(unplaced(`${only} Found ${valid} valid alternatives`));
  }
  if (allOf !== undefined && allOf.length > 0) {
    const results = tried(allOf);
    const valid = results.filter((one) => one.length === 0).length;
    const detail = valid === 0 ? ". None validated" : "";
    errors.push(...results.flat());
    if (valid < allOf.length)
      errors.push(unplaced(`${name} must validate all the schemas (allOf)${detail}`));
  }
  if (not !== undefined && validateValue(value, not, undefined, at).length === 0)
    errors.push(unplaced(`${name} must not validate the schema (not)`));
  return errors;
}

function scalarErrors(value: unknown, schema: Schema, at: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (detail: string): void => {
    errors.push(invalid(at, value, `${where(at)} ${detail}`));
  };
  if (schema.enum !== undefined && !schema.enum.some((one) => equal(one, value)))
    errors.push(
      unsupported(
        at,
        value,
        schema.enum.map((one) => (typeof one === "string" ? one : printed(one))),
      ),
    );
  if (typeof value === "string") {
    const length = Array.from(value).length;
    if (schema.maxLength !== undefined && length > schema.maxLength)
      errors.push({
        reason: "FieldValueTooLong",
        field: at.toString(),
        message: `Too long: may not be more than ${schema.maxLength} bytes`,
      });
    if (schema.minLength !== undefined && length < schema.minLength)
      refuse(`should be at least ${schema.minLength} chars long`);
    if (schema.pattern && !compiledRegex(schema.pattern).test(value))
      refuse(`should match '${schema.pattern}'`);
  }
  if (typeof value === "number") for (const detail of numberProblems(value, schema)) refuse(detail);
  return errors;
}

function* numberProblems(value: number, schema: Schema): Iterable<string> {
  const { maximum, minimum, exclusiveMaximum, exclusiveMinimum, multipleOf } = schema;
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf))
    yield `should be a multiple of ${multipleOf}`;
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum))
    yield `should be less than ${exclusiveMaximum ? "" : "or equal to "}${maximum}`;
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum))
    yield `should be greater than ${exclusiveMinimum ? "" : "or equal to "}${minimum}`;
}

const tooMany = (at: FieldPath, actual: number, max: number): FieldError => ({
  reason: "FieldValueTooMany",
  field: at.toString(),
  message: `Too many: ${actual}: must have at most ${max} items`,
});

function listErrors(
  list: readonly unknown[],
  schema: Schema,
  previous: unknown,
  at: FieldPath,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const items = itemsOf(schema);
  if (items !== undefined) {
    const before = correlated(schema, previous);
    for (const [i, item] of list.entries())
      errors.push(...validateValue(item, items, before(item), at.index(i)));
  }
  const { maxItems, minItems } = schema;
  if (maxItems !== undefined && list.length > maxItems)
    errors.push(tooMany(at, list.length, maxItems));
  if (minItems !== undefined && list.length < minItems)
    errors.push(invalid(at, list.length, `${where(at)} should have at least ${minItems} items`));
  return errors;
}

function objectErrors(
  object: Json,
  schema: Schema,
  previous: unknown,
  at: FieldPath,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const before = isObject(previous) ? previous : undefined;
  const values = valuesOf(schema);
  const names = Object.keys(object);
  const { maxProperties, minProperties } = schema;
  if (minProperties !== undefined && names.length < minProperties)
    errors.push(
      invalid(at, names.length, `${where(at)} should have at least ${minProperties} properties`),
    );
  if (maxProperties !== undefined && names.length > maxProperties)
    errors.push(tooMany(at, names.length, maxProperties));
  for (const name of schema.required ?? [])
    if (!Object.hasOwn(object, name)) errors.push(required(at.child(name)));
  for (const [name, property] of entriesOf(schema.properties))
    if (Object.hasOwn(object, name))
      errors.push(...validateValue(object[name], property, before?.[name], at.child(name)));
  if (values !== undefined)
    for (const name of names)
      if (propertyOf(schema, name) === undefined)
        errors.push(...validateValue(object[name], values, before?.[name], at.child(name)));
  return errors;
}
