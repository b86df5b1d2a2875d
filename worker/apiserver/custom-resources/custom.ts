/** What a custom resource has beyond a built-in one: its schema, and how bodies are read with it. */
import type {
  V1CustomResourceColumnDefinition,
  V1CustomResourceDefinition,
  V1CustomResourceDefinitionVersion,
} from "#apimachinery/api/apiextensions-v1.ts";
import { decodeObject, type Decoding } from "#apimachinery/api/decode.ts";
import { defaulted, withoutNulls } from "./schema/defaulting.ts";
import { coercedMeta, type Coercion } from "./schema/embedded.ts";
import { pruned } from "./schema/pruning.ts";
import { isObject, type Json, type Schema } from "./schema/schema.ts";

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

/**
 * A body as an object of this version: pruned, its metadata typed, defaults filled in.
 * Upstream: apiextensions-apiserver/pkg/apiserver/customresource_handler.go schemaCoercingDecoder, unstructuredSchemaCoercer.
 */
export function decodeCustom({ schema }: Custom, body: unknown): Decoding {
  if (!isObject(body))
    return {
      value: {},
      unknown: [],
      error: `json: cannot unmarshal ${Array.isArray(body) ? "array" : typeof body} into Go value of type map[string]interface {}`,
    };
  const { metadata, ...rest } = body;
  const meta = decodeObject(metadata ?? {}, "meta.v1.ObjectMeta");
  if (meta.error !== undefined) return { value: {}, unknown: [], error: metaError(meta.error) };
  const dropped: string[] = [];
  const clean = withoutNulls(pruned(rest, schema, dropped), schema);
  const coercion: Coercion = { unknown: [], error: undefined };
  const typed = coercedMeta(clean, schema, coercion) as Json;
  const { error } = coercion;
  if (error !== undefined)
    return { value: {}, unknown: [], error: `${error.field}: ${error.message}` };
  const unknown = [
    ...meta.unknown.map((path) => `metadata.${path}`),
    ...dropped.toSorted(),
    ...coercion.unknown.toSorted(),
  ];
  return {
    value: { metadata: meta.value, ...defaulted(typed, schema) },
    unknown,
    error: undefined,
  };
}

/** `Go struct field ObjectMeta.labels` is told as upstream's, below metadata. */
const metaError = (error: string): string =>
  error.replace("Go struct field ObjectMeta.", "Go struct field ObjectMeta.metadata.");
