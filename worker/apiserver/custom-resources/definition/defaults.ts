/** Defaults in a schema must fit it themselves. Upstream: apiextensions-apiserver/pkg/apiserver/schema/defaulting/validation.go. */
import { type FieldError, type FieldPath, invalid } from "#apimachinery/field.ts";
import { pruned } from "#apiserver/custom-resources/schema/pruning.ts";
import { SchemaRules } from "#apiserver/custom-resources/schema/rules.ts";
import {
  entriesOf,
  isObject,
  itemsOf,
  type Schema,
} from "#apiserver/custom-resources/schema/schema.ts";
import { validateValue } from "#apiserver/custom-resources/schema/value-validation.ts";

export function defaultErrors(schema: Schema, at: FieldPath): readonly FieldError[] {
  const items = itemsOf(schema);
  return [
    ...(schema.default === undefined ? [] : ofDefault(schema.default, schema, at.child("default"))),
    ...(items === undefined ? [] : defaultErrors(items, at.child("items"))),
    ...entriesOf(schema.properties).flatMap(([name, property]) =>
      defaultErrors(property, at.child("properties").key(name)),
    ),
  ];
}

function ofDefault(value: unknown, schema: Schema, at: FieldPath): readonly FieldError[] {
  const unknown: string[] = [];
  if (isObject(value)) pruned({ below: value }, { properties: { below: schema } }, unknown);
  const errors = unknown.length > 0 ? [invalid(at, value, "must not have unknown fields")] : [];
  const wrong = validateValue(value, schema, undefined, at.toString());
  return [...errors, ...(wrong.length > 0 ? wrong : ruleErrors(value, schema, at))];
}

/** As a value that was there, and as a new one: rules may see the old one as an option. */
function ruleErrors(value: unknown, schema: Schema, at: FieldPath): readonly FieldError[] {
  const rules = new SchemaRules(schema);
  const kept = rules.validate(value, schema, value);
  const found = kept.length > 0 ? kept : rules.validate(value, schema, undefined);
  return found.map((error) => ({
    ...error,
    field: error.field === "" ? at.toString() : `${at.toString()}.${error.field}`,
  }));
}
