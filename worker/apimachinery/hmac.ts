/** HMAC-SHA-256, synchronously, of short texts. RFC 2104. */
import { sha256Of } from "./sha256.ts";

const blockBytes = 64;

export function hmacSha256(key: string, text: string): Uint8Array {
  const encoder = new TextEncoder();
  const given = encoder.encode(key);
  const padded = new Uint8Array(blockBytes);
  padded.set(given.length > blockBytes ? sha256Of(given) : given);
  const hashed = (pad: number, bytes: Uint8Array): Uint8Array => {
    const all = new Uint8Array(blockBytes + bytes.length);
    all.set(padded.map((byte) => byte ^ pad));
    all.set(bytes, blockBytes);
    return sha256Of(all);
  };
  return hashed(0x5c, hashed(0x36, encoder.encode(text)));
}
