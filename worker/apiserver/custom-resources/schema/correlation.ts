/**
 * What stood where a value stands now, as far as that can be told: fields by their names, items of keyed lists by
 * their keys; items of other lists have no place of their own.
 * Upstream: apiserver/pkg/cel/common/equality.go CorrelatedObject.
 */
import { equal } from "#apimachinery/equal.ts";
import { correlated } from "./list-types.ts";
import { isObject, itemsOf, propertyOf, type Schema, valuesOf } from "./schema.ts";

export interface Before {
  readonly value: unknown;
  readonly schema: Schema;
}

export function fieldBefore(before: Before | undefined, name: string): Before | undefined {
  if (before === undefined || !isObject(before.value) || !Object.hasOwn(before.value, name))
    return undefined;
  const schema = propertyOf(before.schema, name) ?? valuesOf(before.schema);
  return schema === undefined ? undefined : { value: before.value[name], schema };
}

/** Of each item of a list. */
export function itemBefore(before: Before | undefined): (item: unknown) => Before | undefined {
  const schema = before === undefined ? undefined : itemsOf(before.schema);
  if (before === undefined || schema === undefined) return () => undefined;
  const find = correlated(before.schema, before.value);
  return (item) => {
    const value = find(item);
    return value === undefined ? undefined : { value, schema };
  };
}

/** Is it what it was? Keyed lists may be in another order; what no schema describes is never the same. */
export function isAsBefore(value: unknown, before: Before | undefined): boolean {
  if (before === undefined) return false;
  const { value: old, schema } = before;
  if (Array.isArray(value)) {
    if (!Array.isArray(old) || old.length !== value.length) return false;
    if (schema["x-kubernetes-list-type"] !== "map" || itemsOf(schema) === undefined)
      return equal(value, old);
    const find = itemBefore(before);
    return value.every((item) => isAsBefore(item, find(item)));
  }
  if (!isObject(value)) return equal(value, old);
  if (!isObject(old)) return false;
  const names = Object.keys(value);
  return (
    names.length === Object.keys(old).length &&
    names.every((name) => isAsBefore(value[name], fieldBefore(before, name)))
  );
}
