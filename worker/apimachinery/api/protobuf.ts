/**
 * Kubernetes' protobuf, by table: `k8s\0`, a runtime.Unknown, in it the message that its typeMeta names.
 * Go writes every plain scalar, zero or not; the table's marks say what a zero means in JSON.
 * Upstream: apimachinery/pkg/runtime/serializer/protobuf/protobuf.go, generated.proto of each group.
 */
import data from "./protobuf.json" with { type: "json" };
import { BackwardWriter } from "./protobuf-writer.ts";

interface MessageField {
  readonly number: number;
  readonly name: string;
  /** Scalar type or message name. */
  readonly type: string;
  readonly isMessage: boolean;
  readonly shape: "one" | "list" | "map";
  /** Its fields stand in the outer JSON object. */
  readonly embedded: boolean;
  /** `optional`: present only when set; `always`: in JSON even when zero; `plain`: a zero is left out. */
  readonly zero: "optional" | "always" | "plain";
}
interface Message {
  readonly byNumber: ReadonlyMap<number, MessageField>;
  readonly fields: readonly MessageField[];
}
type Json = Record<string, unknown>;

export class ProtobufError extends Error {}

const raw = data as Readonly<Record<string, string>>;
const known = new Map<string, Message>();
const utf8 = new TextDecoder();
const encoder = new TextEncoder();
const magic = [0x6b, 0x38, 0x73, 0x00];
/** Nesting that no real object reaches. */
const deepest = 64;

export const isProtobuf = (bytes: Uint8Array): boolean =>
  magic.every((byte, i) => bytes[i] === byte);

function messageNamed(name: string): Message | undefined {
  const present = known.get(name);
  if (present !== undefined) return present;
  const text = raw[name];
  if (text === undefined) return undefined;
  const fields = text === "" ? [] : text.split(" ").map(fieldOf);
  const made = { fields, byNumber: new Map(fields.map((field) => [field.number, field])) };
  known.set(name, made);
  return made;
}

function fieldOf(text: string): MessageField {
  const [number = "", rawName = "", rest = ""] = text.split(":");
  const mark = /[?!]$/.exec(rest)?.[0];
  const wire = mark === undefined ? rest : rest.slice(0, -1);
  const bracket = wire.charAt(0);
  const shape = bracket === "[" ? "list" : bracket === "{" ? "map" : "one";
  const inner = shape === "one" ? wire : wire.slice(1, -1);
  const isMessage = inner.startsWith("#");
  return {
    number: Number(number),
    name: rawName.replace(/^~/, ""),
    type: isMessage ? inner.slice(1) : inner,
    isMessage,
    shape,
    embedded: rawName.startsWith("~"),
    zero: mark === "?" ? "optional" : mark === "!" ? "always" : "plain",
  };
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }
  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }
  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new ProtobufError("unexpected EOF");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new ProtobufError("proto: integer overflow");
  }
  take(length: number): Uint8Array {
    if (length < 0 || this.#at + length > this.#bytes.length)
      throw new ProtobufError("unexpected EOF");
    const part = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return part;
  }
  /** Value of a wire type; undefined for a group. */
  value(wire: number): bigint | Uint8Array {
    if (wire === 0) return this.varint();
    if (wire === 1) return this.take(8);
    if (wire === 2) return this.take(Number(this.varint()));
    if (wire === 5) return this.take(4);
    throw new ProtobufError(`proto: illegal wireType ${wire}`);
  }
}

const expectBytes = (value: bigint | Uint8Array): Uint8Array => {
  if (typeof value === "bigint") throw new ProtobufError("proto: wrong wireType = 0");
  return value;
};

function scalarOf(type: string, value: bigint | Uint8Array): unknown {
  if (type === "string") return utf8.decode(expectBytes(value));
  if (type === "bytes")
    return btoa(Array.from(expectBytes(value), (byte) => String.fromCharCode(byte)).join(""));
  if (type === "double") return new DataView(expectBytes(value).slice().buffer).getFloat64(0, true);
  if (typeof value !== "bigint") throw new ProtobufError("proto: wrong wireType = 2");
  if (type === "bool") return value !== 0n;
  const number = BigInt.asIntN(64, value);
  return Number(number);
}

/** Messages whose JSON is no object. */
const special: Readonly<Record<string, (fields: ReadonlyMap<string, unknown>) => unknown>> = {
  "api.resource.Quantity": (fields) => fields.get("string") ?? "0",
  "meta.v1.Time": (fields) => timeOf(fields, ""),
  "meta.v1.MicroTime": (fields) =>
    timeOf(fields, String(Math.floor(Number(fields.get("nanos") ?? 0) / 1000)).padStart(6, "0")),
  "meta.v1.Duration": (fields) => `${Number(fields.get("duration") ?? 0) / 1e9}s`,
  "util.intstr.IntOrString": (fields) =>
    Number(fields.get("type") ?? 0) === 0
      ? Number(fields.get("intVal") ?? 0)
      : (fields.get("strVal") ?? ""),
  "meta.v1.FieldsV1": (fields) => rawJson(fields.get("Raw")),
  "runtime.RawExtension": (fields) => rawJson(fields.get("raw")),
  "apiextensions.v1.JSON": (fields) => rawJson(fields.get("raw")),
  "apiextensions.v1.JSONSchemaPropsOrArray": (fields) =>
    fields.get("jSONSchemas") ?? fields.get("schema") ?? null,
  "apiextensions.v1.JSONSchemaPropsOrBool": (fields) =>
    fields.get("schema") ?? fields.get("allows") ?? false,
  "apiextensions.v1.JSONSchemaPropsOrStringArray": (fields) =>
    fields.get("property") ?? fields.get("schema") ?? null,
};
const lists = new Set([
  "meta.v1.Verbs",
  "certificates.v1.ExtraValue",
  "authentication.v1.ExtraValue",
  "authorization.v1.ExtraValue",
]);

function timeOf(fields: ReadonlyMap<string, unknown>, micros: string): string | null {
  const seconds = fields.get("seconds");
  if (seconds === undefined) return null;
  const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return micros === "" ? `${text}Z` : `${text}.${micros}Z`;
}
function rawJson(base64: unknown): unknown {
  if (typeof base64 !== "string" || base64 === "") return null;
  const text = utf8.decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
  try {
    return JSON.parse(text);
  } catch {
    throw new ProtobufError("raw extension is not JSON");
  }
}

function messageValue(bytes: Uint8Array, name: string, depth: number): unknown {
  if (depth > deepest) throw new ProtobufError("nested too deeply");
  const message = messageNamed(name);
  if (message === undefined) throw new ProtobufError(`no message ${name}`);
  const values = new Map<string, unknown>();
  const reader = new Reader(bytes);
  while (!reader.done) {
    const tag = Number(reader.varint());
    const value = reader.value(tag & 7);
    const field = message.byNumber.get(tag >>> 3);
    if (field === undefined) continue;
    const one = (from: bigint | Uint8Array): unknown =>
      field.isMessage
        ? messageValue(expectBytes(from), field.type, depth + 1)
        : scalarOf(field.type, from);
    if (field.shape === "one") values.set(field.name, one(value));
    else if (field.shape === "list")
      values.set(field.name, [
        ...((values.get(field.name) as unknown[] | undefined) ?? []),
        ...packed(field, value, one),
      ]);
    else
      values.set(field.name, {
        ...(values.get(field.name) as Json | undefined),
        ...mapEntry(expectBytes(value), field, one),
      });
  }
  const asSpecial = special[name];
  if (asSpecial !== undefined) return asSpecial(values);
  if (lists.has(name)) return values.get("items") ?? [];
  return jsonOf(message, values);
}

/** Packed numbers come as one run of bytes. */
function packed(
  field: MessageField,
  value: bigint | Uint8Array,
  one: (from: bigint | Uint8Array) => unknown,
): unknown[] {
  if (
    typeof value === "bigint" ||
    field.isMessage ||
    field.type === "string" ||
    field.type === "bytes"
  )
    return [one(value)];
  const reader = new Reader(value);
  const all: unknown[] = [];
  while (!reader.done) all.push(one(reader.varint()));
  return all;
}

function mapEntry(
  bytes: Uint8Array,
  field: MessageField,
  one: (from: bigint | Uint8Array) => unknown,
): Json {
  const reader = new Reader(bytes);
  let key = "";
  let value: unknown =
    field.type === "string"
      ? ""
      : field.isMessage
        ? messageValue(new Uint8Array(), field.type, 0)
        : 0;
  while (!reader.done) {
    const tag = Number(reader.varint());
    const part = reader.value(tag & 7);
    if (tag >>> 3 === 1) key = utf8.decode(expectBytes(part));
    else value = one(part);
  }
  return { [key]: value };
}

function jsonOf({ fields }: Message, values: ReadonlyMap<string, unknown>): Json {
  const out: Json = {};
  for (const { name, zero, embedded, shape, isMessage, type } of fields) {
    const value = values.get(name);
    if (value === undefined) continue;
    if (embedded) Object.assign(out, value);
    else if (
      shape === "one" &&
      !isMessage &&
      zero === "plain" &&
      (value === 0 || value === "" || value === false)
    )
      continue;
    else if (isMessage && value === null && type !== "meta.v1.MicroTime") continue;
    else if (
      shape === "one" &&
      isMessage &&
      zero === "plain" &&
      name === "metadata" &&
      Object.keys(value as Json).length === 0
    )
      out[name] = {};
    else out[name] = value;
  }
  return out;
}

/**
 * `apps/v1` + `Deployment` → `apps.v1.Deployment`; groups lose their dots' tails, as Go's packages have it.
 * Options are of every group version. Upstream: apimachinery/pkg/apis/meta/v1/register.go AddToGroupVersion.
 */
function messageOf(apiVersion: string, kind: string): string {
  const [first = "", last] = apiVersion.split("/");
  const group = last === undefined ? "core" : (groupAliases[first] ?? first.split(".")[0] ?? "");
  const own = `${group}.${last ?? first}.${kind}`;
  return messageNamed(own) === undefined ? `meta.v1.${kind}` : own;
}
const groupAliases: Readonly<Record<string, string>> = {
  "rbac.authorization.k8s.io": "rbac",
  "flowcontrol.apiserver.k8s.io": "flowcontrol",
  "events.k8s.io": "events",
  "meta.k8s.io": "meta",
};

/** A body as the JSON value it stands for, with kind and apiVersion. Throws ProtobufError. */
export function decodeProtobuf(bytes: Uint8Array): Json {
  if (!isProtobuf(bytes))
    throw new ProtobufError(
      "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
    );
  const unknown = new Map<number, Uint8Array>();
  const reader = new Reader(bytes.subarray(4));
  while (!reader.done) {
    const tag = Number(reader.varint());
    unknown.set(tag >>> 3, expectBytes(reader.value(tag & 7)));
  }
  const meta = new Map<number, string>();
  const typeMeta = new Reader(unknown.get(1) ?? new Uint8Array());
  while (!typeMeta.done) {
    const tag = Number(typeMeta.varint());
    meta.set(tag >>> 3, utf8.decode(expectBytes(typeMeta.value(tag & 7))));
  }
  const apiVersion = meta.get(1) ?? "";
  const kind = meta.get(2) ?? "";
  const name = messageOf(apiVersion, kind);
  if (messageNamed(name) === undefined)
    throw new ProtobufError(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`,
    );
  return {
    kind,
    apiVersion,
    ...(messageValue(unknown.get(2) ?? new Uint8Array(), name, 0) as Json),
  };
}

const binary = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

/** JSON as Go writes it, which clients compare letter by letter. Upstream: encoding/json HTMLEscape. */
const goJson = (text: string): string =>
  text.replaceAll(
    /[<>&\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** JSON of a special message → the fields it has on the wire. */
function specialFields(name: string, value: unknown): Json | undefined {
  const jsonBytes = (): string =>
    btoa(String.fromCharCode(...encoder.encode(goJson(JSON.stringify(value)))));
  switch (name) {
    case "api.resource.Quantity":
      return { string: String(value) };
    case "meta.v1.Time":
    case "meta.v1.MicroTime": {
      const text = String(value);
      const ms = Date.parse(text);
      const micros = Number(/\.(\d{1,6})/.exec(text)?.[1]?.padEnd(6, "0") ?? 0);
      return { seconds: Math.floor(ms / 1000), nanos: micros * 1000 };
    }
    case "util.intstr.IntOrString":
      return typeof value === "number"
        ? { type: 0, intVal: value, strVal: "" }
        : { type: 1, intVal: 0, strVal: value };
    case "meta.v1.FieldsV1":
      return { Raw: jsonBytes() };
    case "runtime.RawExtension":
    case "apiextensions.v1.JSON":
      return { raw: jsonBytes() };
    case "apiextensions.v1.JSONSchemaPropsOrArray":
      return Array.isArray(value) ? { jSONSchemas: value } : { schema: value };
    case "apiextensions.v1.JSONSchemaPropsOrBool":
      return typeof value === "boolean" ? { allows: value } : { allows: true, schema: value };
    case "apiextensions.v1.JSONSchemaPropsOrStringArray":
      return Array.isArray(value) ? { property: value } : { schema: value };
    default:
      return lists.has(name) ? { items: value } : undefined;
  }
}

const times = new Set(["meta.v1.Time", "meta.v1.MicroTime"]);

/** The message's fields, the last one first. */
function writeMessage(writer: BackwardWriter, value: unknown, name: string): void {
  const message = messageNamed(name);
  if (message === undefined) throw new ProtobufError(`no message ${name}`);
  // No time is a message without fields, where a map has one.
  if (value === null && times.has(name)) return;
  const object = specialFields(name, value) ?? ((value ?? {}) as Json);
  for (let i = message.fields.length - 1; i >= 0; i -= 1) {
    const field = message.fields[i] as MessageField;
    const own = field.embedded ? object : object[field.name];
    if (own === undefined || own === null) {
      const written = field.shape === "one" && !field.isMessage && field.zero !== "optional";
      if (written) writeScalar(writer, field, zeroOf(field.type));
    } else if (field.shape === "one") writeOne(writer, field, own);
    else if (field.shape === "list") {
      const items = own as readonly unknown[];
      for (let n = items.length - 1; n >= 0; n -= 1) writeOne(writer, field, items[n]);
    } else {
      for (const [key, item] of Object.entries(own as Json).toReversed()) {
        const before = writer.length;
        writeOne(writer, { ...field, number: 2 }, item);
        writeScalar(writer, { ...field, type: "string", number: 1 }, key);
        writer.close(field.number, before);
      }
    }
  }
}

const zeroOf = (type: string): unknown =>
  type === "string" || type === "bytes" ? "" : type === "bool" ? false : 0;

function writeOne(writer: BackwardWriter, field: MessageField, value: unknown): void {
  if (!field.isMessage) return writeScalar(writer, field, value);
  const before = writer.length;
  writeMessage(writer, value, field.type);
  writer.close(field.number, before);
}

function writeScalar(writer: BackwardWriter, { type, number }: MessageField, value: unknown): void {
  if (type === "string" || type === "bytes") {
    const before = writer.length;
    if (type === "string") writer.text(String(value));
    else writer.raw(binary(String(value)));
    writer.close(number, before);
    return;
  }
  if (type === "double") {
    writer.raw(littleEndian(Number(value)));
    writer.varint(number * 8 + 1);
    return;
  }
  writer.varint(type === "bool" ? (value === true ? 1 : 0) : whole(value));
  writer.varint(number * 8);
}
function littleEndian(value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value, true);
  return new Uint8Array(view.buffer);
}
const whole = (value: unknown): number | bigint => {
  const number = Math.trunc(Number(value));
  return number >= 0 && number < 0x80 ? number : BigInt(number);
};

/** An object (or a list) as a whole body. Throws ProtobufError when its kind has no message. */
export function encodeProtobuf(object: Json): Uint8Array<ArrayBuffer> {
  const apiVersion = String(object["apiVersion"] ?? "");
  const kind = String(object["kind"] ?? "");
  const writer = new BackwardWriter();
  // runtime.Unknown: 1 typeMeta, 2 raw, 3 contentEncoding, 4 contentType.
  writer.close(4, writer.length);
  writer.close(3, writer.length);
  let before = writer.length;
  writeBody(writer, object, { apiVersion, kind });
  writer.close(2, before);
  before = writer.length;
  for (const [number, text] of [
    [2, kind],
    [1, apiVersion],
  ] as const) {
    const inside = writer.length;
    writer.text(text);
    writer.close(number, inside);
  }
  writer.close(1, before);
  writer.raw(Uint8Array.from(magic));
  return writer.done();
}

function writeBody(
  writer: BackwardWriter,
  object: Json,
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
): void {
  const name = messageOf(apiVersion, kind);
  if (messageNamed(name) !== undefined) return writeMessage(writer, object, name);
  // Lists are not in the table: metadata, then items, for every kind.
  const item = kind.endsWith("List") ? messageOf(apiVersion, kind.slice(0, -4)) : "";
  if (messageNamed(item) === undefined)
    throw new ProtobufError(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`,
    );
  const items = (object["items"] ?? []) as readonly unknown[];
  for (let i = items.length - 1; i >= 0; i -= 1) {
    const before = writer.length;
    writeMessage(writer, items[i], item);
    writer.close(2, before);
  }
  const before = writer.length;
  writeMessage(writer, object["metadata"], "meta.v1.ListMeta");
  writer.close(1, before);
}

/** Can the object (or list) be written? */
export function hasMessage({ apiVersion, kind }: Json): boolean {
  const [version, name] = [String(apiVersion ?? ""), String(kind ?? "")];
  return [name, name.replace(/List$/, "")].some(
    (one) => one !== "" && messageNamed(messageOf(version, one)) !== undefined,
  );
}

/** An event of a watch around an object's whole body; bare, as streams have it. */
export function encodeWatchEvent(type: string, object: Uint8Array): Uint8Array<ArrayBuffer> {
  const writer = new BackwardWriter();
  // WatchEvent: 1 type, 2 object; RawExtension: 1 raw.
  writer.raw(object);
  writer.close(1, 0);
  writer.close(2, 0);
  const before = writer.length;
  writer.text(type);
  writer.close(1, before);
  return writer.done();
}
