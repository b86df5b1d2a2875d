/**
 * Drops nulls that may not be null, and fills in what is not said. Copy on write.
 * Upstream: apiextensions-apiserver/pkg/apiserver/schema/defaulting/algorithm.go, prunenulls.go.
 */
import {
  changed,
  entriesOf,
  isObject,
  itemsOf,
  mapped,
  propertyOf,
  valuesOf,
  type Json,
  type Schema,
} from "./schema.ts";

/** Does any part of it have a default? Then reading an object may change it. */
export function hasDefaults(schema: Schema): boolean {
  return (
    schema.default !== undefined ||
    entriesOf(schema.properties).some(([, property]) => hasDefaults(property)) ||
    [itemsOf(schema), valuesOf(schema)].some((one) => one !== undefined && hasDefaults(one))
  );
}

/** Without the nulls that may not be and have no default; an item of a list stays, for validation to refuse. */
export const withoutNulls = (value: Json, schema: Schema): Json =>
  pruneNulls(value, schema) as Json;

function pruneNulls(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return items === undefined ? value : mapped(value, (item) => pruneNulls(item, items));
  }
  if (!isObject(value)) return value;
  const changes = new Map<string, unknown>();
  for (const name of Object.keys(value)) {
    const below = propertyOf(schema, name) ?? valuesOf(schema);
    if (below === undefined) continue;
    const given = value[name];
    const isGone = given === null && below.nullable !== true && below.default === undefined;
    const next = isGone ? undefined : pruneNulls(given, below);
    if (next !== given) changes.set(name, next);
  }
  return changed(value, changes);
}

export function defaulted(value: Json, schema: Schema): Json {
  return fill(value, schema) as Json;
}

/** A null gives way to the default, or to nothing. */
const isMissing = (value: unknown, schema: Schema): boolean =>
  value === undefined || (value === null && schema.nullable !== true);

function fill(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return items === undefined ? value : mapped(value, (item) => filled(item, items));
  }
  if (!isObject(value)) return value;
  const changes = new Map<string, unknown>();
  for (const [name, property] of entriesOf(schema.properties)) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    if (given === undefined && property.default === undefined) continue;
    const next = isMissing(given, property) ? property.default : given;
    const whole = next === undefined ? undefined : fill(next, property);
    if (whole !== given) changes.set(name, whole);
  }
  const values = valuesOf(schema);
  if (values !== undefined)
    for (const name of Object.keys(value)) {
      if (propertyOf(schema, name) !== undefined) continue;
      const next = filled(value[name], values);
      if (next !== value[name]) changes.set(name, next);
    }
  return changed(value, changes);
}

/** An item of a list or a map: a null without a default stays, for validation to refuse. */
const filled = (item: unknown, schema: Schema): unknown =>
  isMissing(item, schema) && schema.default !== undefined ? schema.default : fill(item, schema);
