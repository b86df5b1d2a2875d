/**
 * JSON ↔ CEL. In CEL an int is a bigint and a double a number; JSON text knows no difference, so a whole
 * number is an int, as upstream's decoder has it. What holds no number is the same in both, and passes
 * without a copy.
 * Upstream: apiserver/pkg/cel/common/valuesunstructured.go.
 */
import { base64Of } from "#apimachinery/base64.ts";
import { Duration, UnsignedInt } from "@marcbachmann/cel-js/evaluator";
import { Optional } from "@marcbachmann/cel-js";

const converted = new WeakMap<object, unknown>();

/** A JSON value as CEL's `dyn`. Objects are frozen and shared, so each is converted once. */
export function fromJson(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (value === undefined) return null;
  if (typeof value !== "object" || value === null) return value;
  const known = converted.get(value);
  if (known !== undefined) return known;
  const made = Array.isArray(value) ? listOf(value) : mapOf(value as Record<string, unknown>);
  if (Object.isFrozen(value)) converted.set(value, made);
  return made;
}

function listOf(items: readonly unknown[]): readonly unknown[] {
  let same = true;
  const made = items.map((item) => {
    const next = fromJson(item);
    if (next !== item) same = false;
    return next;
  });
  return same ? items : made;
}

function mapOf(object: Record<string, unknown>): unknown {
  // The interpreter looks at `constructor` to tell maps from messages: a field of that name needs a Map.
  let made: Map<string, unknown> | undefined = Object.hasOwn(object, "constructor")
    ? new Map<string, unknown>(Object.entries(object))
    : undefined;
  for (const name of Object.keys(object)) {
    if (object[name] === undefined) continue;
    const next = fromJson(object[name]);
    if (next === object[name]) continue;
    made ??= new Map<string, unknown>(Object.entries(object));
    made.set(name, next);
  }
  return made ?? object;
}

/** A result as JSON: ints as numbers, timestamps and durations as their text, bytes as base64. */
export function toJson(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [String(key), toJson(item)]));
  if (value instanceof UnsignedInt) return Number(value.valueOf());
  if (value instanceof Duration) return durationText(value);
  if (value instanceof Uint8Array) return base64Of(value);
  if (value instanceof Optional) return value.hasValue() ? toJson(value.value()) : null;
  if ("toISOString" in value) return timestampText(value as unknown as Timestamp);
  if ("toJSON" in value) return (value as { toJSON(): unknown }).toJSON();
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
}

/** A CEL timestamp: a Date, never now. */
export interface Timestamp {
  toISOString(): string;
  getTime(): number;
}

/** RFC 3339, without a fraction of zero. */
export const timestampText = (at: Timestamp): string => at.toISOString().replace(/\.?0*Z$/, "Z");

/** `3600s`, `1.5s`: as protobuf writes durations. */
export function durationText(duration: Duration): string {
  const total = duration.seconds * 1_000_000_000n + BigInt(duration.nanos);
  const size = total < 0n ? -total : total;
  const fraction = String(size % 1_000_000_000n)
    .padStart(9, "0")
    .replace(/0+$/, "");
  const sign = total < 0n ? "-" : "";
  return `${sign}${size / 1_000_000_000n}${fraction === "" ? "" : `.${fraction}`}s`;
}
