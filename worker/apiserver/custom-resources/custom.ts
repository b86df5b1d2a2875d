/** What a custom resource has beyond a built-in one: its schema, and how bodies are read with it. */
import type {
  V1CustomResourceColumnDefinition,
  V1CustomResourceDefinition,
  V1CustomResourceDefinitionVersion,
} from "#apimachinery/api/apiextensions-v1.ts";
import { decodeObject, type Decoding } from "#apimachinery/api/decode.ts";
import { defaulted } from "./schema/defaulting.ts";
import { pruned } from "./schema/pruning.ts";
import { changed, isEmbedded, isObject, type Json, mapped, type Schema } from "./schema/schema.ts";
import { itemsOf, propertyOf, valuesOf } from "./schema/schema.ts";

/** One version of a definition. */
export interface Custom {
  readonly definition: V1CustomResourceDefinition;
  readonly version: V1CustomResourceDefinitionVersion;
  readonly schema: Schema;
  readonly columns: readonly V1CustomResourceColumnDefinition[];
  /** Not served: known only as what is stored. */
  readonly served: boolean;
  /** Its definition is being deleted: nothing new may be made. */
  readonly terminating: boolean;
  /** Objects of one version are had from those of another by a conversion webhook. */
  readonly needsWebhook: boolean;
  /** `Warning: 299` on every request. */
  readonly deprecation: string | undefined;
}

/** A body as an object of this version: pruned, its metadata typed, defaults filled in. */
export function decodeCustom({ schema }: Custom, body: unknown): Decoding {
  if (!isObject(body))
    return {
      value: {},
      unknown: [],
      error: `json: cannot unmarshal ${Array.isArray(body) ? "array" : typeof body} into Go value of type map[string]interface {}`,
    };
  const unknown: string[] = [];
  const { metadata, ...rest } = body;
  const meta = decodeObject(metadata ?? {}, "meta.v1.ObjectMeta");
  if (meta.error !== undefined) return { value: {}, unknown, error: metaError(meta.error) };
  for (const path of meta.unknown) unknown.push(`metadata.${path}`);
  const clean = pruned(rest, schema, unknown);
  const whole = defaulted(embeddedTyped(clean, schema) as Json, schema);
  return { value: { metadata: meta.value, ...whole }, unknown, error: undefined };
}

/** `Go struct field ObjectMeta.labels` is told as upstream's, below metadata. */
const metaError = (error: string): string =>
  error.replace("Go struct field ObjectMeta.", "Go struct field ObjectMeta.metadata.");

/** Embedded resources' metadata loses what ObjectMeta does not know. Upstream: schema/objectmeta/coerce.go. */
function embeddedTyped(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return items === undefined ? value : mapped(value, (item) => embeddedTyped(item, items));
  }
  if (!isObject(value)) return value;
  const changes = new Map<string, unknown>();
  const values = valuesOf(schema);
  for (const [name, one] of Object.entries(value)) {
    if (name === "metadata" && isEmbedded(schema)) {
      const { value: meta, error } = decodeObject(one, "meta.v1.ObjectMeta");
      changes.set(name, error === undefined ? meta : undefined);
      continue;
    }
    const property = propertyOf(schema, name) ?? values;
    if (property === undefined) continue;
    const next = embeddedTyped(one, property);
    if (next !== one) changes.set(name, next);
  }
  return changed(value, changes);
}
