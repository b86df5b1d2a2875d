/** Conversions and operators of the language that the interpreter leaves out. Upstream: cel-go common/stdlib/standard.go. */
import type { Duration, UnsignedInt } from "@marcbachmann/cel-js/evaluator";
import { durationText, timestampText } from "#apiserver/cel/values.ts";
import type { Timestamp } from "#apiserver/cel/values.ts";
import type { Library } from "./library.ts";

const timestamp = "google.protobuf.Timestamp";
const duration = "google.protobuf.Duration";

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1)
    if (a[i] !== b[i]) return (a[i] ?? 0) - (b[i] ?? 0);
  return a.length - b.length;
}

export const conversions: Library = (environment) => {
  environment
    .registerFunction(`string(${timestamp}): string`, (at: Timestamp) => timestampText(at))
    .registerFunction(`string(${duration}): string`, (value: Duration) => durationText(value))
    .registerFunction(`timestamp(${timestamp}): ${timestamp}`, (at: Timestamp) => at)
    .registerFunction(`duration(${duration}): ${duration}`, (value: Duration) => value)
    .registerFunction(`int(${timestamp}): int`, (at: Timestamp) =>
      BigInt(Math.floor(at.getTime() / 1000)),
    )
    .registerFunction("int(uint): int", (value: UnsignedInt) => value.valueOf())
    .registerOperator("bytes < bytes", (a: Uint8Array, b: Uint8Array) => compareBytes(a, b) < 0)
    .registerOperator("bytes <= bytes", (a: Uint8Array, b: Uint8Array) => compareBytes(a, b) <= 0)
    .registerOperator("bytes > bytes", (a: Uint8Array, b: Uint8Array) => compareBytes(a, b) > 0)
    .registerOperator("bytes >= bytes", (a: Uint8Array, b: Uint8Array) => compareBytes(a, b) >= 0)
    .registerOperator(`${duration} == null`, () => false)
    .registerOperator(`${timestamp} == null`, () => false);
};
