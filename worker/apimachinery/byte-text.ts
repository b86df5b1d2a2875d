/**
 * Bytes in files, pipes and bodies, as text that loses nothing: what is UTF-8 reads as it should, each
 * other byte is a lone surrogate U+DC80 to U+DCFF, as Python's `surrogateescape` has it.
 */
import { joined } from "./bytes.ts";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const surrogates = /\p{Surrogate}/u;

export function textOf(bytes: Uint8Array): string {
  const pieces: string[] = [];
  let from = 0;
  let at = 0;
  const flush = (): void => {
    if (at > from) pieces.push(strict.decode(bytes.subarray(from, at)));
  };
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length > 0) at += length;
    else {
      flush();
      pieces.push(String.fromCharCode(0xdc00 + (bytes[at] as number)));
      at += 1;
      from = at;
    }
  }
  flush();
  return pieces.join("");
}

/** Least and greatest second byte where it is not 80 to BF. */
const secondBytes: Readonly<Record<number, readonly [number, number]>> = {
  0xe0: [0xa0, 0xbf],
  0xed: [0x80, 0x9f],
  0xf0: [0x90, 0xbf],
  0xf4: [0x80, 0x8f],
};
const anySecond = [0x80, 0xbf] as const;

/** Of the UTF-8 sequence that starts here; 0: none does. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const [least, most] = secondBytes[first] ?? anySecond;
  const second = bytes[at + 1] ?? 0;
  if (second < least || second > most) return 0;
  for (let i = 2; i < length; i += 1) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** Of the bytes that a text stands for. */
export const byteLength = (text: string): number => bytesOf(text).length;

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  if (!surrogates.test(text)) return encoder.encode(text) as Uint8Array<ArrayBuffer>;
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0xdc80 || code > 0xdcff || isPaired(text, at)) continue;
    pieces.push(encoder.encode(text.slice(from, at)), Uint8Array.of(code - 0xdc00));
    from = at + 1;
  }
  pieces.push(encoder.encode(text.slice(from)));
  return joined(pieces);
}

/** Is this the second half of a character? */
function isPaired(text: string, at: number): boolean {
  const before = at === 0 ? 0 : text.charCodeAt(at - 1);
  return before >= 0xd800 && before <= 0xdbff;
}
