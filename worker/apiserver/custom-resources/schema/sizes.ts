/**
 * How large what a schema describes may be, for the estimates of what rules cost: by its own limits, else by what
 * fits into one request.
 * Upstream: apiserver/pkg/cel/common/schemas.go SchemaDeclType, pkg/cel/limits.go; apiextensions-apiserver/pkg/apiserver/schema/cel/compilation.go maxCardinality.
 */
import type { Sized } from "#apiserver/cel/estimate.ts";
import { escapedName, resourceFields } from "./cel-types.ts";
import {
  allowsOthers,
  entriesOf,
  isEmbedded,
  isIntOrString,
  itemsOf,
  type Schema,
  valuesOf,
} from "./schema.ts";

/** Upstream: apis/cel/config.go MaxRequestSizeBytes. */
const requestBytes = 3 * 1024 * 1024;
/** A code point has 4 bytes at most. */
const bytesPerCharacter = 4;

export interface SchemaSize extends Sized {
  /** Bytes of the shortest JSON text. */
  readonly leastBytes: number;
}

/** Undefined: expressions do not see it. */
export function sizeOf(schema: Schema, isResource: boolean): SchemaSize | undefined {
  if (isIntOrString(schema)) return { leastBytes: 1, mostElements: lengthOf(schema) };
  switch (schema.type) {
    case "array":
      return listSize(schema);
    case "object":
      return valuesOf(schema) !== undefined || allowsOthers(schema)
        ? mapSize(schema)
        : structSize(schema, isResource);
    case "string":
      return textSize(schema);
    case "boolean":
      return { leastBytes: 4, mostElements: 0 };
    case "integer":
    case "number":
      return { leastBytes: 1, mostElements: 0 };
    default:
      return undefined;
  }
}

/** How often what is at least that long may stand in one request. */
export const mostTimes = ({ leastBytes }: SchemaSize): number =>
  Math.floor(requestBytes / (leastBytes + 1));

function lengthOf({ maxLength }: Schema): number {
  return maxLength === undefined ? requestBytes - 2 : Math.max(maxLength, 0) * bytesPerCharacter;
}

const formats: Readonly<Record<string, SchemaSize>> = {
  duration: { leastBytes: 3, mostElements: 32 },
  date: { leastBytes: 12, mostElements: 12 },
  "date-time": { leastBytes: 21, mostElements: 32 },
};

function textSize(schema: Schema): SchemaSize {
  const { format = "", maxLength, enum: values = [] } = schema;
  const known = Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (known !== undefined) return known;
  if (format === "byte")
    return {
      leastBytes: 2,
      mostElements: maxLength === undefined ? requestBytes - 2 : Math.max(maxLength, 0),
    };
  if (maxLength !== undefined || values.length === 0)
    return { leastBytes: 2, mostElements: lengthOf(schema) };
  const lengths = values.map((value) =>
    typeof value === "string" ? new TextEncoder().encode(value).length : 0,
  );
  return { leastBytes: 2, mostElements: Math.max(...lengths) };
}

function listSize(schema: Schema): SchemaSize | undefined {
  const items = itemsOf(schema);
  const elements = items && sizeOf(items, isEmbedded(items));
  if (elements === undefined) return undefined;
  const { maxItems = Math.floor((requestBytes - 2) / (elements.leastBytes + 1)) } = schema;
  return { leastBytes: 2, mostElements: Math.max(maxItems, 0), elements };
}

/** Of no known size. */
const keySize: Sized = { mostElements: 0 };

function mapSize(schema: Schema): SchemaSize | undefined {
  const values = valuesOf(schema);
  const elements = values && sizeOf(values, isEmbedded(values));
  if (elements === undefined) return undefined;
  const { maxProperties = Math.floor((requestBytes - 2) / (elements.leastBytes + 6)) } = schema;
  return { leastBytes: 2, mostElements: Math.max(maxProperties, 0), elements, keys: keySize };
}

function structSize(schema: Schema, isResource: boolean): SchemaSize {
  const fields = new Map<string, Sized>();
  let leastBytes = 2;
  const own = isResource ? { ...schema.properties, ...resourceFields } : schema.properties;
  for (const [name, property] of entriesOf(own)) {
    const size = sizeOf(property, isEmbedded(property));
    if (size === undefined) continue;
    const escaped = escapedName(name);
    if (escaped !== undefined) fields.set(escaped, size);
    if (schema.required?.includes(name) === true && property.default === undefined)
      leastBytes += name.length + size.leastBytes + 4;
  }
  return { leastBytes, mostElements: 0, fields };
}
