/**
 * Strings, version 2: `charAt`, `replace`, `format`, `lowerAscii`, `upperAscii`, `strings.quote`; the interpreter
 * has the rest (`indexOf`, `join`, `split`, `substring`, `trim`, …).
 * Upstream: cel-go ext/strings.go, ext/formatting.go.
 * Differs: positions count UTF-16 units, because the interpreter's do.
 */
import type { Duration } from "@marcbachmann/cel-js/evaluator";
import { spend } from "#apiserver/cel/cost.ts";
import { replacedName } from "#apiserver/cel/replaced.ts";
import { timestampText, toJson } from "#apiserver/cel/values.ts";
import type { Timestamp } from "#apiserver/cel/values.ts";
import { namespace } from "./library.ts";
import type { Library } from "./library.ts";

function charAt(text: string, at: bigint): string {
  if (at < 0n || at > BigInt(text.length)) throw new Error(`index out of range: ${at}`);
  return text.charAt(Number(at));
}

function replace(text: string, old: string, by: string, limit = -1n): string {
  spend(text.length * 0.1);
  if (limit < 0n) return text.replaceAll(old, by);
  let rest = text;
  let done = "";
  for (let i = 0n; i < limit; i += 1n) {
    const at = rest.indexOf(old);
    if (at < 0) break;
    done += rest.slice(0, at) + by;
    rest = rest.slice(at + old.length);
  }
  return done + rest;
}

/** `%s`: any value as text. */
function asText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number")
    return Number.isFinite(value) ? String(value) : value > 0 ? "+Inf" : value < 0 ? "-Inf" : "NaN";
  if (value === null || typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(quotedText).join(", ")}]`;
  if ("toISOString" in value) return timestampText(value as unknown as Timestamp);
  if ("seconds" in value) return `${Number(value.seconds as Duration["seconds"])}s`;
  const json = toJson(value);
  if (typeof json !== "object" || json === null) return String(json);
  const entries = value instanceof Map ? [...value] : Object.entries(json);
  const parts = entries.map(([key, item]) => `${quotedText(key)}: ${quotedText(item)}`);
  return `{${parts.toSorted().join(", ")}}`;
}
const quotedText = (value: unknown): string =>
  typeof value === "string" ? JSON.stringify(value) : asText(value);

function asNumber(value: unknown, verb: string): bigint | number {
  if (typeof value === "bigint" || typeof value === "number") return value;
  throw new Error(
    `error during formatting: ${verb} clause can only be used on numbers, was given ${typeof value}`,
  );
}

function radix(value: unknown, base: number): string {
  if (typeof value === "string")
    return [...new TextEncoder().encode(value)]
      .map((b) => b.toString(16).padStart(2, "0"))
      .join("");
  if (typeof value === "boolean") return value ? "1" : "0";
  return BigInt(asNumber(value, "integer")).toString(base);
}

/** Go's exponent: at least two digits. */
const exponent = (text: string): string => text.replace(/e([+-])(\d)$/, "e$10$2");

const verbs: Readonly<Record<string, (value: unknown, precision: number) => string>> = {
  s: asText,
  d: (value) => String(asNumber(value, "decimal")),
  f: (value, precision) => Number(asNumber(value, "fixed-point")).toFixed(precision),
  e: (value, precision) => exponent(Number(asNumber(value, "scientific")).toExponential(precision)),
  b: (value) => radix(value, 2),
  o: (value) => radix(value, 8),
  x: (value) => radix(value, 16),
  X: (value) => radix(value, 16).toUpperCase(),
};

function format(pattern: string, values: readonly unknown[]): string {
  let i = 0;
  return pattern.replaceAll(
    /%(?:%|(?:\.(\d+))?(.))/g,
    (all, precision: string | undefined, verb: string | undefined) => {
      if (verb === undefined) return "%";
      const print = verbs[verb];
      if (print === undefined)
        throw new Error(
          `could not parse formatting clause: unrecognized formatting clause "${verb}"`,
        );
      if (i >= values.length) throw new Error(`index ${i} out of range`);
      const text = print(values[i], precision === undefined ? 6 : Number(precision));
      i += 1;
      spend((text.length + all.length) * 0.1);
      return text;
    },
  );
}

export const stringsLibrary: Library = (environment) => {
  const strings = namespace(environment, "strings");
  environment
    .registerFunction("string.charAt(int): string", charAt)
    .registerFunction("string.replace(string, string): string", replace)
    .registerFunction("string.replace(string, string, int): string", replace)
    .registerFunction("string.format(list): string", format)
    .registerFunction(`string.${replacedName("lowerAscii")}(): string`, (text: string) =>
      text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()),
    )
    .registerFunction(`string.${replacedName("upperAscii")}(): string`, (text: string) =>
      text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase()),
    )
    .registerFunction(`${strings}.quote(string): string`, (_: unknown, text: string) =>
      JSON.stringify(text),
    );
};
