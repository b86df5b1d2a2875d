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
  const keeps = { meta: true, others: preservesUnknown(schema) };
  return pruneObject(object, schema, keeps, { path: "", unknown });
}

function prune(value: unknown, schema: Schema, path: string, unknown: string[]): unknown {
  if (preservesUnknown(schema)) return keep(value, schema, path, unknown);
  if (Array.isArray(value)) {
    const items = itemsOf(schema) ?? nothing;
    return mapped(value, (item, i) => prune(item, items, `${path}[${i}]`, unknown));
  }
  const keeps = { meta: isEmbedded(schema), others: false };
  return isObject(value) ? pruneObject(value, schema, keeps, { path, unknown }) : value;
}

/** Where unknown fields are preserved, only what a known field holds is pruned. Upstream: skipPrune. */
function keep(value: unknown, schema: Schema, path: string, unknown: string[]): unknown {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (items === undefined) return value;
    return mapped(value, (item, i) => keep(item, items, `${path}[${i}]`, unknown));
  }
  const keeps = { meta: isEmbedded(schema), others: true };
  return isObject(value) ? pruneObject(value, schema, keeps, { path, unknown }) : value;
}

function pruneObject(
  value: Json,
  schema: Schema,
  keeps: { readonly meta: boolean; readonly others: boolean },
  { path, unknown }: { readonly path: string; readonly unknown: string[] },
): Json {
  const changes = new Map<string, unknown>();
  for (const name of Object.keys(value)) {
    if (keeps.meta && metaFields.has(name)) continue;
    const at = path === "" ? name : `${path}.${name}`;
    const property = propertyOf(schema, name) ?? valuesOf(schema);
    if (property === undefined && !allowsOthers(schema)) {
      if (keeps.others) continue;
      unknown.push(at);
      changes.set(name, undefined);
      continue;
    }
    const next = prune(value[name], property ?? nothing, at, unknown);
    if (next !== value[name]) changes.set(name, next);
  }
  return changed(value, changes);
}
