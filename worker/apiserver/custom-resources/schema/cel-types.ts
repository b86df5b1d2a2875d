/**
 * A schema as types of expressions, and JSON values as values of them, read when they are asked for.
 * Upstream: apiserver/pkg/cel/common/schemas.go, values.go, pkg/cel/escaping.go.
 * Differs: lists that are sets or maps compare with their order, because the interpreter knows one sort of list.
 */
import { bytesIn } from "#apimachinery/base64.ts";
import { Duration } from "@marcbachmann/cel-js/evaluator";
import { dateOf } from "#apimachinery/time.ts";
import { type Field, type ObjectType, objectType } from "#apiserver/cel/object-type.ts";
import { fromJson } from "#apiserver/cel/values.ts";
import {
  allowsOthers,
  entriesOf,
  isEmbedded,
  isIntOrString,
  itemsOf,
  valuesOf,
  type Json,
  type Schema,
} from "./schema.ts";

export interface CelType {
  /** In the environment's words. */
  readonly name: string;
  /** Undefined and null stay as they are. */
  readonly fromJson: (value: unknown) => unknown;
}

const same = (value: unknown): unknown => value;
const plain: Readonly<Record<string, CelType>> = {
  boolean: { name: "bool", fromJson: same },
  integer: { name: "int", fromJson: (value) => BigInt(Math.trunc(value as number)) },
  number: { name: "double", fromJson: same },
};
const text: CelType = { name: "string", fromJson: same };
const dyn: CelType = { name: "dyn", fromJson };
const timestamp: CelType = {
  name: "google.protobuf.Timestamp",
  fromJson: (value) => dateOf(value as string),
};
const formats: Readonly<Record<string, CelType>> = {
  byte: {
    name: "bytes",
    fromJson: (value) => bytesIn(value as string),
  },
  date: timestamp,
  "date-time": timestamp,
  duration: { name: "google.protobuf.Duration", fromJson: (value) => durationOf(value as string) },
};

const nanosOf: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
  d: 8.64e13,
  w: 6.048e14,
};
function durationOf(value: string): Duration {
  let nanos = 0;
  for (const [, amount, unit = "s"] of value.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d|w)/g))
    nanos += Number(amount) * (nanosOf[unit] ?? 0);
  const whole = BigInt(Math.round(value.startsWith("-") ? -nanos : nanos));
  return new Duration(whole / 1_000_000_000n, Number(whole % 1_000_000_000n));
}

const words = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);
const symbols: Readonly<Record<string, string>> = {
  __: "__underscores__",
  ".": "__dot__",
  "-": "__dash__",
  "/": "__slash__",
};
/** A field's name in expressions; undefined: it cannot be named. */
export function escapedName(name: string): string | undefined {
  if (words.has(name)) return `__${name}__`;
  const escaped = name.replaceAll(/__|[./-]/g, (symbol) => symbols[symbol] ?? symbol);
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(escaped) ? escaped : undefined;
}

/** All types of a schema; what stands at a node is found by the node's identity. */
export interface CelTypes {
  /** Each behind those it uses. */
  readonly types: readonly ObjectType[];
  of(schema: Schema): CelType | undefined;
}

/** `root`: the name of the whole. */
export function celTypes(schema: Schema, root = "Object"): CelTypes {
  const types: ObjectType[] = [];
  const known = new Map<Schema, CelType | undefined>();
  const typeOf = (node: Schema, path: string, isResource: boolean): CelType | undefined => {
    const made = build(node, path, isResource);
    known.set(node, made);
    return made;
  };
  const build = (node: Schema, path: string, isResource: boolean): CelType | undefined => {
    if (isIntOrString(node)) return dyn;
    if (node.type === "array") {
      const items = itemsOf(node);
      const item = items && typeOf(items, `${path}.Item`, isEmbedded(items));
      return item && listOf(item);
    }
    if (node.type === "object") {
      const values = valuesOf(node);
      if (values !== undefined || allowsOthers(node)) {
        const value = values && typeOf(values, `${path}.Value`, isEmbedded(values));
        return value && mapOf(value);
      }
      return structOf(node, path, isResource);
    }
    if (node.type === "string") return (node.format && formats[node.format]) || text;
    return node.type === undefined ? undefined : plain[node.type];
  };
  const structOf = (node: Schema, path: string, isResource: boolean): CelType => {
    const fields: Record<string, Field> = {};
    const own = isResource ? { ...node.properties, ...resourceFields } : node.properties;
    for (const [name, property] of entriesOf(own)) {
      const escaped = escapedName(name);
      const type = typeOf(property, `${path}.${escaped ?? "x"}`, isEmbedded(property));
      if (escaped === undefined || type === undefined) continue;
      fields[escaped] = { type: type.name, read: (owner) => read(owner, name, type) };
    }
    const type = objectType(path, fields);
    types.push(type);
    return { name: path, fromJson: (value) => new type.construct(value) };
  };
  typeOf(schema, root, true);
  return { types, of: (node) => known.get(node) };
}

/** What a resource has whether its schema says so or not. */
export const resourceFields: Schema["properties"] = {
  apiVersion: { type: "string" },
  kind: { type: "string" },
  metadata: {
    type: "object",
    properties: { name: { type: "string" }, generateName: { type: "string" } },
  },
};

function read(owner: Json, name: string, type: CelType): unknown {
  const value = Object.hasOwn(owner, name) ? owner[name] : undefined;
  return value === undefined || value === null ? undefined : type.fromJson(value);
}

/** Lists and maps of what is the same in JSON pass as they are. */
function listOf(item: CelType): CelType {
  return {
    name: `list<${item.name}>`,
    fromJson:
      item.fromJson === same
        ? same
        : (value) => (value as readonly unknown[]).map((one) => item.fromJson(one)),
  };
}
function mapOf(value: CelType): CelType {
  return {
    name: `map<string, ${value.name}>`,
    fromJson: (map) =>
      new Map(Object.entries(map as Json).map(([key, one]) => [key, value.fromJson(one)])),
  };
}
