/**
 * Protobuf messages by table: what `protobuf.json` says of each field.
 * Upstream: generated.proto of each group.
 */
import data from "#apimachinery/api/protobuf.json" with { type: "json" };

export interface MessageField {
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
export interface Message {
  readonly byNumber: ReadonlyMap<number, MessageField>;
  readonly fields: readonly MessageField[];
}
export type Json = Record<string, unknown>;

/** Bytes that are no such message, or an object that has none. */
export class ProtobufError extends Error {}

const raw = data as Readonly<Record<string, string>>;
const known = new Map<string, Message>();

/** `apps.v1.Deployment`; undefined: the table has none of it. */
export function messageNamed(name: string): Message | undefined {
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
