/**
 * A value against a schema, in kube-openapi's words.
 *
 * On an update, what is wrong with a value that was the same before is not told (ratcheting).
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
  tooLong,
  tooMany,
  typeInvalid,
  unsupported,
} from "#apimachinery/field.ts";
import { compiledRegex } from "#apiserver/cel/libraries/regex.ts";
import { type Before, fieldBefore, isAsBefore, itemBefore } from "./correlation.ts";
import { meetsFormat, supportedFormat } from "./formats.ts";
import { numberErrors } from "./numbers.ts";
import { entriesOf, isIntOrString, isObject, itemsOf, propertyOf, valuesOf } from "./schema.ts";
import type { Json, Schema } from "./schema.ts";

/** `previous` undefined: nothing stood there. `below`: the path of what the schema describes, which messages leave out. */
export function validateValue(
  value: unknown,
  schema: Schema,
  previous?: unknown,
  below = "",
): readonly FieldError[] {
  const before = previous === undefined ? undefined : { value: previous, schema };
  const { errors } = visit(value, schema, before, root);
  return errors.length === 0 ? errors : errors.map((error) => placed(error, below));
}

/** What has no name of its own stands at the path itself, or nowhere. */
function placed(error: FieldError, below: string): FieldError {
  const own = error.field === nowhere ? "" : error.field;
  if (own === "") return { ...error, field: below === "" ? nowhere : below };
  return below === "" ? error : { ...error, field: `${below}.${own}` };
}

interface Result {
  readonly errors: readonly FieldError[];
  /** How much was looked at and found right: of several alternatives the nearest is told. */
  readonly matches: number;
}
const none: readonly FieldError[] = [];

function visit(value: unknown, schema: Schema, before: Before | undefined, at: FieldPath): Result {
  const result = judged(value, schema, before, at);
  return result.errors.length > 0 && isAsBefore(value, before)
    ? { errors: none, matches: result.matches }
    : result;
}

/** Gathers what all parts say, each error once. */
class Findings implements Result {
  readonly errors: FieldError[] = [];
  matches = 0;

  add(error: FieldError | undefined): void {
    if (error === undefined) return;
    const isTold = ({ field, message }: FieldError): boolean =>
      field === error.field && message === error.message;
    if (!this.errors.some(isTold)) this.errors.push(error);
  }
  merge({ errors, matches }: Result): void {
    for (const error of errors) this.add(error);
    this.matches += matches;
  }
}

/** Upstream: SchemaValidator.Validate, with its validators in order. */
function judged(value: unknown, schema: Schema, before: Before | undefined, at: FieldPath): Result {
  const found = new Findings();
  const format = supportedFormat(schema);
  const types = typesOf(schema);
  const wrongType = typeError(value, schema, format, at);
  found.add(wrongType);
  if (value !== null && (types.length > 0 || format !== undefined))
    found.matches += wrongType === undefined ? 2 : 1;
  if (value !== null) {
    combine(found, value, schema, before, at);
    if (typeof value === "string") {
      found.add(textError(value, schema, at));
      if (format !== undefined && !meetsFormat(format, value))
        found.add(typeInvalid(at, value, typeText(at, format, value)));
    }
    if (typeof value === "number")
      for (const error of numberErrors(value, schema, format, at)) found.add(error);
    if (Array.isArray(value)) ofList(found, value, schema, before, at);
  }
  found.add(enumError(value, schema, at));
  if (isObject(value)) ofObject(found, value, schema, before, at);
  found.matches += 2;
  return found;
}

/** `spec.replicas in body`; the root has no name. */
const where = (at: FieldPath): string => `${at.toString()} in body`;
const typeText = (at: FieldPath, wanted: string, is: string): string =>
  `${where(at)} must be of type ${wanted}: ${JSON.stringify(is)}`;

const mostInteger = 2 ** 63;
function sortOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number")
    return Number.isInteger(value) && Math.abs(value) < mostInteger ? "integer" : "number";
  return typeof value;
}
/** As Go's types of decoded JSON have it. */
const formatsOfSorts: Readonly<Record<string, string>> = { integer: "int64", number: "float64" };

const typesOf = (schema: Schema): readonly string[] =>
  isIntOrString(schema) ? intOrString : schema.type ? [schema.type] : [];
const intOrString = ["integer", "string"];

/** Upstream: typeValidator. A text, and a list too, only has to meet the format where there is one. */
function typeError(
  value: unknown,
  schema: Schema,
  format: string | undefined,
  at: FieldPath,
): FieldError | undefined {
  const types = typesOf(schema);
  const sort = sortOf(value);
  const wrong = (wanted: string, is: string): FieldError =>
    typeInvalid(at, is, typeText(at, wanted, is));
  if (value === null)
    return types.length === 0 || schema.nullable === true ? undefined : wrong(types.join(), sort);
  if (types.length === 0 && format === undefined) return undefined;
  const fits = types.includes(sort) || (sort === "integer" && types.includes("number"));
  if (format !== undefined) {
    const isPlain = sort === "string" || sort === "array";
    if (!isPlain && !fits) return wrong(format, formatsOfSorts[sort] ?? "");
    if (isPlain && !types.includes("number") && !types.includes("integer")) return undefined;
  }
  return fits ? undefined : wrong(types.join(), sort);
}

const nowhere = "<nil>";
/** Errors of combinations have no place: upstream prints the nil path. */
const unplaced = (message: string): FieldError => ({
  ...invalid(root, "", message),
  field: nowhere,
});

/** Upstream: schemaPropsValidator. What is looked at in a combination is not let pass as a whole, but its fields are. */
function combine(
  found: Findings,
  value: unknown,
  { anyOf = [], oneOf = [], allOf = [], not }: Schema,
  before: Before | undefined,
  at: FieldPath,
): void {
  const name = JSON.stringify(at.toString());
  const tried = (schemas: readonly Schema[]): readonly Result[] =>
    schemas.map((one) => judged(value, one, before, at));
  if (anyOf.length > 0) {
    const results = tried(anyOf);
    const right = results.find(isRight);
    if (right === undefined)
      found.add(unplaced(`${name} must validate at least one schema (anyOf)`));
    found.merge(right ?? nearest(results));
  }
  if (oneOf.length > 0) {
    const results = tried(oneOf);
    const [right, ...more] = results.filter(isRight);
    const only = `${name} must validate one and only one schema (oneOf).`;
    if (right === undefined) {
      found.add(unplaced(`${only} Found none valid`));
      found.merge(nearest(results));
    } else if (more.length > 0)
      found.add(unplaced(`${only} Found ${more.length + 1} valid alternatives`));
    else found.merge(right);
  }
  if (allOf.length > 0) {
    const results = tried(allOf);
    const right = results.filter(isRight).length;
    for (const result of results) found.merge(result);
    if (right < allOf.length) {
      const detail = right === 0 ? ". None validated" : "";
      found.add(unplaced(`${name} must validate all the schemas (allOf)${detail}`));
    }
  }
  if (not !== undefined && isRight(judged(value, not, before, at)))
    found.add(unplaced(`${name} must not validate the schema (not)`));
  found.matches += 2;
}
const isRight = ({ errors }: Result): boolean => errors.length === 0;
const nearest = (results: readonly Result[]): Result =>
  results.reduce((best, one) => (one.matches > best.matches ? one : best));

/** The first alone. */
function textError(
  value: string,
  { maxLength, minLength, pattern }: Schema,
  at: FieldPath,
): FieldError | undefined {
  if (maxLength !== undefined || minLength !== undefined) {
    const length = Array.from(value).length;
    if (maxLength !== undefined && length > maxLength) return tooLong(at, maxLength);
    if (minLength !== undefined && length < minLength)
      return invalid(at, value, `${where(at)} should be at least ${minLength} chars long`);
  }
  return pattern && !compiledRegex(pattern).test(value)
    ? invalid(at, value, `${where(at)} should match '${pattern}'`)
    : undefined;
}

function enumError(
  value: unknown,
  { enum: allowed }: Schema,
  at: FieldPath,
): FieldError | undefined {
  if (allowed === undefined || allowed.length === 0 || allowed.some((one) => equal(one, value)))
    return undefined;
  const texts = allowed.map((one) => (typeof one === "string" ? one : printed(one)));
  return unsupported(at, value, texts);
}

function ofList(
  found: Findings,
  list: readonly unknown[],
  schema: Schema,
  before: Before | undefined,
  at: FieldPath,
): void {
  const items = itemsOf(schema);
  if (items !== undefined) {
    const old = itemBefore(before);
    for (const [i, item] of list.entries()) found.merge(visit(item, items, old(item), at.index(i)));
  }
  const { maxItems, minItems } = schema;
  if (minItems !== undefined && list.length < minItems)
    found.add(invalid(at, list.length, `${where(at)} should have at least ${minItems} items`));
  if (maxItems !== undefined && list.length > maxItems)
    found.add(tooMany(at, list.length, maxItems));
  found.matches += 2;
}

function ofObject(
  found: Findings,
  object: Json,
  schema: Schema,
  before: Before | undefined,
  at: FieldPath,
): void {
  const names = Object.keys(object);
  const { maxProperties, minProperties } = schema;
  if (minProperties !== undefined && names.length < minProperties)
    found.add(
      invalid(at, names.length, `${where(at)} should have at least ${minProperties} properties`),
    );
  if (maxProperties !== undefined && names.length > maxProperties)
    found.add(tooMany(at, names.length, maxProperties));
  const visitField = (name: string, property: Schema): void => {
    // A version is the same before and after: both are converted.
    const old = at === root && typeMeta.has(name) ? undefined : fieldBefore(before, name);
    found.merge(visit(object[name], property, old, at.child(name)));
  };
  const values = valuesOf(schema);
  if (values !== undefined)
    for (const name of names) if (propertyOf(schema, name) === undefined) visitField(name, values);
  for (const [name, property] of entriesOf(schema.properties))
    if (Object.hasOwn(object, name)) visitField(name, property);
  for (const name of schema.required ?? [])
    if (!Object.hasOwn(object, name)) found.add(required(at.child(name)));
  found.matches += 1;
}
const typeMeta = new Set(["apiVersion", "kind"]);
