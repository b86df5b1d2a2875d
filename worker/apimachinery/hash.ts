/** FNV-1a and the encodings built on it. Upstream: pkg/util/hash/hash.go, apimachinery/pkg/util/rand SafeEncodeString. */
import { safeAlphabet } from "./names.ts";

const encoder = new TextEncoder();

/** 32-bit FNV-1a over the UTF-8 bytes, as an unsigned number. */
export function fnv1a(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (const byte of encoder.encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** Each byte of the text maps to a safe letter: digits become `456789bcdf`-like names. */
export const safeEncode = (text: string): string =>
  [...encoder.encode(text)].map((byte) => safeAlphabet.charAt(byte % safeAlphabet.length)).join("");

/**
 * Stable text of a value: keys sorted, absent and empty left out.
 * Differs: hashes look like upstream's, but are others, because upstream hashes Go's dump of a struct.
 */
export function stableText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableText).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined && field !== null)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${stableText(field)}`);
  return `{${fields.join(",")}}`;
}

/** The pod-template-hash of a template: `collisionCount` makes another one. */
export function templateHash(template: unknown, collisionCount?: number): string {
  const base = fnv1a(stableText(template));
  const hash = collisionCount === undefined ? base : fnv1a(`#${collisionCount}`, base);
  return safeEncode(String(hash));
}
