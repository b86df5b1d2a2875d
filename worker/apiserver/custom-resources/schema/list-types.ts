/**
 * Lists that are sets or maps: nothing twice. And which item of the list before is an item's own.
 * Upstream: apiextensions-apiserver/pkg/apiserver/schema/listtype/validation.go, apiserver/pkg/cel/common/equality.go.
 */
import { duplicate, type FieldError, type FieldPath, invalid, root } from "#apimachinery/field.ts";
import { isObject, itemsOf, propertyOf, valuesOf, type Json, type Schema } from "./schema.ts";

const typeOf = (schema: Schema): string | undefined => schema["x-kubernetes-list-type"];
const keysOf = (schema: Schema): readonly string[] => schema["x-kubernetes-list-map-keys"] ?? [];

const keyOf = (item: unknown, keys: readonly string[]): Json =>
  isObject(item)
    ? Object.fromEntries(keys.filter((key) => key in item).map((key) => [key, item[key]]))
    : {};

/** Finds an item's predecessor in a keyed list; never one in other lists. */
export function correlated(schema: Schema, previous: unknown): (item: unknown) => unknown {
  if (typeOf(schema) !== "map" || !Array.isArray(previous)) return () => undefined;
  const keys = keysOf(schema);
  const before = new Map(
    (previous as readonly unknown[]).map((item) => [JSON.stringify(keyOf(item, keys)), item]),
  );
  return (item) => before.get(JSON.stringify(keyOf(item, keys)));
}

export function validateListTypes(
  value: unknown,
  schema: Schema,
  at: FieldPath = root,
): readonly FieldError[] {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return [
      ...duplicates(value, schema, at),
      ...(items === undefined
        ? []
        : value.flatMap((item, i) => validateListTypes(item, items, at.index(i)))),
    ];
  }
  if (!isObject(value)) return [];
  const values = valuesOf(schema);
  return Object.entries(value).flatMap(([name, one]) => {
    const property = propertyOf(schema, name);
    if (property !== undefined) return validateListTypes(one, property, at.child(name));
    return values === undefined ? [] : validateListTypes(one, values, at.key(name));
  });
}

function duplicates(list: readonly unknown[], schema: Schema, at: FieldPath): FieldError[] {
  const type = typeOf(schema);
  if (type === "set") return repeated(list).map((i) => duplicate(at.index(i), list[i]));
  if (type !== "map") return [];
  const odd = list.findIndex((item) => item !== null && !isObject(item));
  if (odd >= 0)
    return [invalid(at.index(odd), list[odd], "must be an object for an array of list-type map")];
  const keys = list.map((item) => keyOf(item, keysOf(schema)));
  return repeated(keys).map((i) => duplicate(at.index(i), keys[i]));
}

/** Places of values that stood before; of each only the second. */
function repeated(values: readonly unknown[]): readonly number[] {
  const counts = new Map<string, number>();
  const found: number[] = [];
  for (const [i, value] of values.entries()) {
    const text = JSON.stringify(value);
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    if (count === 2) found.push(i);
  }
  return found;
}
