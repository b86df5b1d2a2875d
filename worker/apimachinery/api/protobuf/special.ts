/**
 * Messages whose JSON is no object of their fields, both ways.
 * Upstream: MarshalJSON and Marshal of each type, apimachinery/pkg/apis/meta/v1/time_proto.go,
 * apiextensions-apiserver/pkg/apis/apiextensions/v1/marshal.go.
 */
import { base64Of, bytesIn } from "#apimachinery/base64.ts";
import { type Json, ProtobufError } from "./messages.ts";

const utf8 = new TextDecoder();
const encoder = new TextEncoder();

interface Special {
  /** The fields that were on the wire → JSON. */
  read(fields: ReadonlyMap<string, unknown>): unknown;
  /** JSON → the fields it has on the wire. */
  write(value: unknown): Json;
  /** No value at all is a message without fields, where it stands in a map. */
  readonly isEmptyAsNull?: boolean;
}

function timeOf(fields: ReadonlyMap<string, unknown>, micros: string): string | null {
  const seconds = fields.get("seconds");
  if (seconds === undefined) return null;
  const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return micros === "" ? `${text}Z` : `${text}.${micros}Z`;
}
function rawJson(base64: unknown): unknown {
  if (typeof base64 !== "string" || base64 === "") return null;
  const text = utf8.decode(bytesIn(base64));
  try {
    return JSON.parse(text);
  } catch {
    throw new ProtobufError("raw extension is not JSON");
  }
}

/** JSON as Go writes it, which clients compare letter by letter. Upstream: encoding/json HTMLEscape. */
const goJson = (text: string): string =>
  text.replaceAll(
    /[<>&\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
const jsonBytes = (value: unknown): string =>
  base64Of(encoder.encode(goJson(JSON.stringify(value))));

function timeFields(value: unknown): Json {
  const text = String(value);
  const ms = Date.parse(text);
  const micros = Number(/\.(\d{1,6})/.exec(text)?.[1]?.padEnd(6, "0") ?? 0);
  return { seconds: Math.floor(ms / 1000), nanos: micros * 1000 };
}

/** Bytes that are JSON, in the field of this name. */
const embedded = (field: string): Special => ({
  read: (fields) => rawJson(fields.get(field)),
  write: (value) => ({ [field]: jsonBytes(value) }),
});
const list: Special = {
  read: (fields) => fields.get("items") ?? [],
  write: (items) => ({ items }),
};

export const special: ReadonlyMap<string, Special> = new Map<string, Special>([
  [
    "api.resource.Quantity",
    {
      read: (fields) => fields.get("string") ?? "0",
      write: (value) => ({ string: String(value) }),
    },
  ],
  [
    "meta.v1.Time",
    { read: (fields) => timeOf(fields, ""), write: timeFields, isEmptyAsNull: true },
  ],
  [
    "meta.v1.MicroTime",
    {
      read: (fields) =>
        timeOf(
          fields,
          String(Math.floor(Number(fields.get("nanos") ?? 0) / 1000)).padStart(6, "0"),
        ),
      write: timeFields,
      isEmptyAsNull: true,
    },
  ],
  [
    "util.intstr.IntOrString",
    {
      read: (fields) =>
        Number(fields.get("type") ?? 0) === 0
          ? Number(fields.get("intVal") ?? 0)
          : (fields.get("strVal") ?? ""),
      write: (value) =>
        typeof value === "number"
          ? { type: 0, intVal: value, strVal: "" }
          : { type: 1, intVal: 0, strVal: value },
    },
  ],
  ["meta.v1.FieldsV1", embedded("Raw")],
  ["runtime.RawExtension", embedded("raw")],
  ["apiextensions.v1.JSON", embedded("raw")],
  [
    "apiextensions.v1.JSONSchemaPropsOrArray",
    {
      read: (fields) => fields.get("jSONSchemas") ?? fields.get("schema") ?? null,
      write: (value) => (Array.isArray(value) ? { jSONSchemas: value } : { schema: value }),
    },
  ],
  [
    "apiextensions.v1.JSONSchemaPropsOrBool",
    {
      read: (fields) => fields.get("schema") ?? fields.get("allows") ?? false,
      write: (value) =>
        typeof value === "boolean" ? { allows: value } : { allows: true, schema: value },
    },
  ],
  [
    "apiextensions.v1.JSONSchemaPropsOrStringArray",
    {
      read: (fields) => fields.get("property") ?? fields.get("schema") ?? null,
      write: (value) => (Array.isArray(value) ? { property: value } : { schema: value }),
    },
  ],
  ["meta.v1.Verbs", list],
  ["certificates.v1.ExtraValue", list],
  ["authentication.v1.ExtraValue", list],
  ["authorization.v1.ExtraValue", list],
]);
