/**
 * Takes away what a schema does not know, and tells what that was. Copy on write.
 * Upstream: apiextensions-apiserver/pkg/apiserver/schema/pruning/algorithm.go.
 */
import {
  allowsOthers,
  changed,
  isEmbedded,
  isObject,
  mapped,
  metaFields,
  preservesUnknown,
  propertyOf,
  type Json,
  type Schema,
  itemsOf,
  valuesOf,
} from "./schema.ts";

const nothing: Schema = {};

/** `unknown` gets the paths of what is taken away, as upstream prints them: `spec.list[0].x`. */
export function pruned(object: Json, schema: Schema, unknown: string[]): Json {
  return pruneObject(object, schema, true, "", unknown);
}

function prune(value: unknown, schema: Schema, path: string, unknown: string[]): unknown {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (items === undefined && preservesUnknown(schema)) return value;
    return mapped(value, (item, i) => prune(item, items ?? nothing, `${path}[${i}]`, unknown));
  }
  return isObject(value) ? pruneObject(value, schema, false, path, unknown) : value;
}

function pruneObject(
  value: Json,
  schema: Schema,
  isRoot: boolean,
  path: string,
  unknown: string[],
): Json {
  const keepsMeta = isRoot || isEmbedded(schema);
  const changes = new Map<string, unknown>();
  for (const name of Object.keys(value)) {
    if (keepsMeta && metaFields.has(name)) continue;
    const at = path === "" ? name : `${path}.${name}`;
    const property = propertyOf(schema, name) ?? valuesOf(schema);
    if (property === undefined && !allowsOthers(schema)) {
      if (preservesUnknown(schema)) continue;
      unknown.push(at);
      changes.set(name, undefined);
      continue;
    }
    const next = prune(value[name], property ?? nothing, at, unknown);
    if (next !== value[name]) changes.set(name, next);
  }
  return changed(value, changes);
}
