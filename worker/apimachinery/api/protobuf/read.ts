/**
 * A message's bytes → JSON. Go writes every plain scalar, zero or not; the table's marks say what a zero means in JSON.
 * Upstream: Unmarshal of each type in generated.pb.go.
 */
import { base64Of } from "#apimachinery/base64.ts";
import {
  type Json,
  type Message,
  type MessageField,
  messageNamed,
  ProtobufError,
} from "./messages.ts";
import { special } from "./special.ts";

const utf8 = new TextDecoder();
/** Nesting that no real object reaches. */
const deepest = 64;

/** Tags and values, one after the other. */
export class Reader {
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

export const expectBytes = (value: bigint | Uint8Array): Uint8Array => {
  if (typeof value === "bigint") throw new ProtobufError("proto: wrong wireType = 0");
  return value;
};

function scalarOf(type: string, value: bigint | Uint8Array): unknown {
  if (type === "string") return utf8.decode(expectBytes(value));
  if (type === "bytes") return base64Of(expectBytes(value));
  if (type === "double") return new DataView(expectBytes(value).slice().buffer).getFloat64(0, true);
  if (typeof value !== "bigint") throw new ProtobufError("proto: wrong wireType = 2");
  if (type === "bool") return value !== 0n;
  const number = BigInt.asIntN(64, value);
  return Number(number);
}

/** What a message of this name says. Throws ProtobufError. */
export function messageValue(bytes: Uint8Array, name: string, depth: number): unknown {
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
  const asSpecial = special.get(name);
  return asSpecial === undefined ? jsonOf(message, values) : asSpecial.read(values);
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
