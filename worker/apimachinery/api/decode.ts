/**
 * Structural decoding: a JSON value becomes an object of a type, or it is told why not.
 * Nulls are dropped, as are zeros that Go cannot tell from nothing; quantities and times are brought into their printed
 * form, static defaults set.
 * Upstream: apimachinery/pkg/runtime/serializer/json, sigs.k8s.io/json, Go's encoding/json for the words.
 */
import {
  canonicalQuantity,
  inThousandths,
  parseQuantity,
  quantityProblem,
} from "#apimachinery/quantity.ts";
import { timeText } from "#apimachinery/time.ts";
import { type Field, typeNamed, type TypeSchema } from "./schema.ts";

export interface Decoding {
  /** Fresh and mutable; the caller's value is not touched. */
  readonly value: Record<string, unknown>;
  /** Paths of fields the type does not have, as upstream prints them: `spec.containers[0].foo`. */
  readonly unknown: readonly string[];
  /** The first value that does not fit, in Go's words; decoding stops there. */
  readonly error: string | undefined;
  /** The same in the words of the converter that reads what a strategic merge made. */
  readonly converterError?: string | undefined;
}

/** Go's names of the scalar types. */
const goNames: Readonly<Record<string, string>> = {
  boolean: "bool",
  bytes: "[]uint8",
  double: "float64",
  int32: "int32",
  int64: "int64",
  intOrString: "intstr.IntOrString",
  string: "string",
};

class Mismatch extends Error {
  /** Upstream: apimachinery/pkg/runtime/converter.go fromUnstructured. */
  readonly converted: string;
  constructor(message: string, converted: string = message) {
    super(message);
    this.converted = converted;
  }
}

/** Decodes an object of a named type (`apps.v1.Deployment`). */
export function decodeObject(value: unknown, typeName: string): Decoding {
  const schema = typeNamed(typeName);
  const unknown: string[] = [];
  const name = typeName.slice(typeName.lastIndexOf(".") + 1);
  if (schema === undefined || !isObject(value)) {
    const error = `json: cannot unmarshal ${sortOf(value)} into Go value of type ${goType(typeName)}`;
    return { value: {}, unknown, error };
  }
  try {
    return { value: objectOf(value, schema, name, "", unknown), unknown, error: undefined };
  } catch (error) {
    if (error instanceof Mismatch)
      return { value: {}, unknown, error: error.message, converterError: error.converted };
    throw error;
  }
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function objectOf(
  value: Json,
  schema: TypeSchema,
  struct: string,
  path: string,
  unknown: string[],
): Json {
  const made: Json = {};
  for (const name in value) {
    const field = schema.fields.get(name);
    const at = path === "" ? name : `${path}.${name}`;
    const given = value[name];
    if (field === undefined) unknown.push(at);
    else if (given !== null && given !== undefined) {
      const decoded = fieldOf(given, field, struct, at, unknown);
      if (!field.omitsZero || !isZero(decoded)) made[name] = decoded;
    }
  }
  for (const [name, field] of schema.fields) {
    if (field.default !== undefined && made[name] === undefined) made[name] = field.default;
  }
  return made;
}

function isZero(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return !value;
  for (const _ in value) return false;
  return true;
}

function fieldOf(
  value: unknown,
  field: Field,
  struct: string,
  path: string,
  unknown: string[],
): unknown {
  if (field.shape === "list") {
    if (!Array.isArray(value)) throw mismatch(value, struct, path, `[]${goType(field.type)}`);
    return value.map((item: unknown, i) => {
      if (field.inner !== undefined)
        return fieldOf(item, field.inner, struct, `${path}[${i}]`, unknown);
      return item === null ? zeroOf(field) : one(item, field, struct, `${path}[${i}]`, unknown);
    });
  }
  if (field.shape === "map") {
    if (!isObject(value)) throw mismatch(value, struct, path, `map[string]${goType(field.type)}`);
    const made: Json = {};
    for (const key in value) {
      const given = value[key];
      // Go names the map, and a key only on the way to a field that is not known.
      const at = (field.inner ?? field).isRef ? `${path}.${key}` : path;
      if (given === null) made[key] = zeroOf(field);
      else
        made[key] =
          field.inner === undefined
            ? one(given, field, struct, at, unknown)
            : fieldOf(given, field.inner, struct, at, unknown);
      if (field.milli) made[key] = inThousandths(made[key] as string);
    }
    return made;
  }
  return one(value, field, struct, path, unknown);
}

const zeroOf = ({ type, isRef }: Field): unknown =>
  isRef ? {} : type === "string" ? "" : type === "boolean" ? false : 0;

function one(
  value: unknown,
  { type, isRef }: Field,
  struct: string,
  path: string,
  unknown: string[],
): unknown {
  if (isRef) {
    const schema = typeNamed(type);
    const name = type.slice(type.lastIndexOf(".") + 1);
    if (!isObject(value)) throw mismatch(value, struct, path, goType(type));
    return schema === undefined ? value : objectOf(value, schema, name, path, unknown);
  }
  return scalar(value, type, struct, path);
}

/** Beyond 2^53 a JSON number has lost its last digits anyway; int64 ends at 2^63. */
const largest: Readonly<Record<string, number>> = { int32: 2 ** 31 - 1, int64: 2 ** 63 };

function scalar(value: unknown, type: string, struct: string, path: string): unknown {
  switch (type) {
    case "string":
      if (typeof value === "string") return value;
      break;
    case "boolean":
      if (typeof value === "boolean") return value;
      break;
    case "int32":
    case "int64":
      if (
        typeof value === "number" &&
        Number.isInteger(value) &&
        Math.abs(value) <= (largest[type] ?? 0)
      )
        return value;
      break;
    case "double":
      if (typeof value === "number") return value;
      break;
    case "intOrString":
      if (typeof value === "string" || (typeof value === "number" && Number.isInteger(value)))
        return value;
      break;
    case "quantity":
      if (typeof value === "string" || typeof value === "number") {
        if (parseQuantity(value) === undefined) throw new Mismatch(quantityProblem);
        return canonicalQuantity(value);
      }
      throw new Mismatch(quantityProblem);
    case "time":
    case "microTime":
      return timeOf(value, type);
    case "bytes":
      if (typeof value === "string") return bytesOf(value);
      break;
    default:
      return value;
  }
  throw mismatch(value, struct, path, goNames[type] ?? type);
}

function timeOf(value: unknown, type: string): string {
  if (typeof value !== "string")
    throw new Mismatch(`json: cannot unmarshal ${sortOf(value)} into Go value of type string`);
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) {
    const layout =
      type === "microTime" ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00";
    throw new Mismatch(
      `parsing time ${JSON.stringify(value)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(value)} as "2006"`,
    );
  }
  if (type === "time") return timeText(ms);
  const [, fraction = ""] = /\.(\d{1,9})/.exec(value) ?? [];
  return `${timeText(ms).slice(0, 19)}.${fraction.padEnd(6, "0").slice(0, 6)}Z`;
}

function bytesOf(value: string): string {
  const bad = /[^A-Za-z0-9+/=\r\n]/.exec(value);
  if (bad !== null) throw new Mismatch(`illegal base64 data at input byte ${bad.index}`);
  const text = value.replaceAll(/[\r\n]/g, "");
  if (text.length % 4 !== 0)
    throw new Mismatch(`illegal base64 data at input byte ${text.length - (text.length % 4)}`);
  return text;
}

function sortOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "number" : `number ${value}`;
  return typeof value === "boolean" ? "bool" : typeof value;
}

/** `core.v1.Container` → `v1.Container`; scalars by Go's names. */
function goType(type: string): string {
  const parts = type.split(".");
  return parts.length === 3 ? `${parts[1]}.${parts[2]}` : (goNames[type] ?? type);
}

/** Indexes do not show in Go's path. */
const mismatch = (value: unknown, struct: string, path: string, type: string): Mismatch =>
  new Mismatch(
    `json: cannot unmarshal ${sortOf(value)} into Go struct field ${struct}.${path.replaceAll(/\[\d+\]/g, "")} of type ${type}`,
    converterWords(value, type),
  );

/** Go's kinds of what JSON can hold. */
const kindOf = (value: unknown): string =>
  Array.isArray(value)
    ? "slice"
    : typeof value === "object"
      ? "map"
      : typeof value === "number"
        ? Number.isInteger(value)
          ? "int64"
          : "float64"
        : typeof value === "boolean"
          ? "bool"
          : "string";

/** `type`: what the field holds, as Go names it. */
function converterWords(value: unknown, type: string): string | undefined {
  const kind = kindOf(value);
  if (type.startsWith("[]")) return `cannot restore slice from ${kind}`;
  if (type.startsWith("map[")) return `cannot restore map from ${kind}`;
  // It has its own way of reading JSON.
  if (type === goNames["intOrString"]) return undefined;
  if (!Object.values(goNames).includes(type)) return `cannot restore struct from: ${kind}`;
  const isAlike =
    (kind === "int64" && type === "string") || (kind === "float64" && type.startsWith("int"));
  return isAlike ? `cannot convert ${kind} to ${type}` : `unrecognized type: ${type}`;
}
