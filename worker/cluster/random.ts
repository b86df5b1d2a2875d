/**
 * Chance without a stream: every draw is a pure function of (seed, purpose, key), so that a replay
 * draws the same whatever happened in between.
 */

/** 53 uniform bits from the text, by two mixed 32-bit lanes (the finaliser is murmur3's). */
export function draw(seed: number, purpose: string, key: string): number {
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
  b = mixed(b ^ a);
  return ((a >>> 0) * 0x200000 + ((b >>> 0) >>> 11)) / 0x20000000000000;
}

function mixed(value: number): number {
  let x = value ^ (value >>> 16);
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** A version-4-shaped UUID drawn from the seed: objects keep their uids in a replay. */
export function drawUid(seed: number, key: string): string {
  const word = (n: number): string =>
    Math.floor(draw(seed, `uid${n}`, key) * 0x100000000)
      .toString(16)
      .padStart(8, "0");
  const hex = word(0) + word(1) + word(2) + word(3);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
