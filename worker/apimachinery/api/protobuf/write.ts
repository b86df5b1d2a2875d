/**
 * JSON → a message's bytes, every plain scalar of it, zero or not. Upstream: MarshalToSizedBuffer of each type in generated.pb.go.
 */
import { bytesIn } from "#apimachinery/base64.ts";
import type { BackwardWriter } from "./backward-writer.ts";
import { type Json, type MessageField, messageNamed, ProtobufError } from "./messages.ts";
import { special } from "./special.ts";

/** The message's fields, the last one first. */
export function writeMessage(writer: BackwardWriter, value: unknown, name: string): void {
  const message = messageNamed(name);
  if (message === undefined) throw new ProtobufError(`no message ${name}`);
  const asSpecial = special.get(name);
  if (value === null && asSpecial?.isEmptyAsNull === true) return;
  const object = asSpecial?.write(value) ?? ((value ?? {}) as Json);
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
    else writer.raw(bytesIn(String(value)));
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
