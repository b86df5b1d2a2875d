/**
 * Chance without a stream: every draw is a pure function of (seed, purpose, key), so that a replay
 * draws the same whatever happened in between.
 */

/** Two lanes of 32 bits of the text, mixed so far as to be independent (the finaliser is murmur3's). */
function lanes(seed: number, purpose: string, key: string): { a: number; b: number } {
  let a = 0x9e3779b9 ^ seed;
  let b = 0x85ebca6b ^ Math.imul(seed, 0xc2b2ae35);
  for (const text of [purpose, "\u0000", key]) {
    for (let i = 0; i < text.length; i += 1) {
      const c = text.charCodeAt(i);
      a = Math.imul(a ^ c, 0x01000193);
      b = Math.imul(b ^ c, 0x5bd1e995);
    }
  }
  a = mixed(a ^ (b >>> 15));
  return { a, b: mixed(b ^ a) };
}

/** 53 uniform bits from the text. */
export function draw(seed: number, purpose: string, key: string): number {
  const { a, b } = lanes(seed, purpose, key);
  return ((a >>> 0) * 0x200000 + ((b >>> 0) >>> 11)) / 0x20000000000000;
}

function mixed(value: number): number {
  let x = value ^ (value >>> 16);
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return x ^ (x >>> 16);
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, "0");

/** A version-4-shaped UUID drawn from the seed: objects keep their uids in a replay. */
export function drawUid(seed: number, key: string): string {
  const { a, b } = lanes(seed, "uid", key);
  const c = mixed(a + Math.imul(b, 0x9e3779b9));
  const second = hex(b);
  const third = hex((c & 0x3fffffff) | 0x80000000);
  const last = hex(mixed(c ^ a)) + hex(mixed(c + b)).slice(0, 4);
  return `${hex(a)}-${second.slice(0, 4)}-4${second.slice(4, 7)}-${third.slice(0, 4)}-${last}`;
}
