/**
 * DER: the bytes that certificates are made of. Just what X.509 of a cluster needs, written and read.
 * Reference: ITU-T X.690.
 */
import { joined } from "#apimachinery/bytes.ts";

export type Bytes = Uint8Array<ArrayBuffer>;

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** `[n]` of a context: constructed, or (for plain strings) primitive. */
export const contextTag = (n: number): number => 0xa0 + n;
export const primitiveTag = (n: number): number => 0x80 + n;

/** Tag, length, content. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Bytes {
  const content = joined(parts);
  const { length } = content;
  if (length < 0x80) return joined([Uint8Array.of(tag, length), content]);
  const size: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest % 256);
  return joined([Uint8Array.of(tag, 0x80 + size.length, ...size), content]);
}

export const sequence = (...parts: readonly Uint8Array[]): Bytes =>
  element(tags.sequence, ...parts);
export const set = (...parts: readonly Uint8Array[]): Bytes => element(tags.set, ...parts);
export const octetString = (content: Uint8Array): Bytes => element(tags.octetString, content);
export const yes: Bytes = element(tags.boolean, Uint8Array.of(0xff));
const textBytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const utf8String = (text: string): Bytes => element(tags.utf8String, textBytes(text));
/** `unused` bits at the end do not count. */
export const bitString = (content: Uint8Array, unused = 0): Bytes =>
  element(tags.bitString, Uint8Array.of(unused), content);

/** A positive whole number, most significant byte first. */
export function integer(bytes: Uint8Array): Bytes {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === 0) from += 1;
  const content = bytes.subarray(from);
  const isNegative = (content[0] ?? 0) >= 0x80;
  return element(tags.integer, ...(isNegative ? [Uint8Array.of(0), content] : [content]));
}

/** `1.2.840.10045.4.3.2` */
export function objectId(text: string): Bytes {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const group = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      group.unshift(0x80 + (left % 128));
    bytes.push(...group);
  }
  return element(tags.objectId, Uint8Array.from(bytes));
}

/** UTCTime until 2049, then GeneralizedTime, as RFC 5280 has it. */
export function time(ms: number): Bytes {
  const text = new Date(ms).toISOString().replace(/\.\d+/, "").replaceAll(/[-:T]/g, "");
  return Number(text.slice(0, 4)) < 2050
    ? element(tags.utcTime, textBytes(text.slice(2)))
    : element(tags.generalizedTime, textBytes(text));
}

/** What was read: `whole` with tag and length, `content` without. */
export interface Element {
  readonly tag: number;
  readonly whole: Bytes;
  readonly content: Bytes;
}

/** Not DER, or not what was expected. */
export class DerError extends Error {}

/** The elements that follow one another in `bytes`. Throws DerError. */
export function elements(bytes: Bytes): readonly Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at] as number;
    let length = bytes[at + 1] ?? -1;
    let from = at + 2;
    if (length >= 0x80) {
      const size = length - 0x80;
      if (size < 1 || size > 4) throw new DerError("asn1: structure error: invalid length");
      length = 0;
      for (let i = 0; i < size; i += 1) length = length * 256 + (bytes[from + i] ?? 0);
      from += size;
    }
    if (length < 0 || from + length > bytes.length)
      throw new DerError("asn1: syntax error: data truncated");
    const end = from + length;
    found.push({ tag, whole: bytes.subarray(at, end), content: bytes.subarray(from, end) });
    at = end;
  }
  return found;
}

/** The parts of one element that must have this tag. */
export function parts(of: Element | undefined, tag: number): readonly Element[] {
  if (of?.tag !== tag) throw new DerError("asn1: structure error: tags don't match");
  return elements(of.content);
}

/** The number text of an object identifier. */
export function objectIdText({ content }: Element): string {
  const first = content[0] ?? 0;
  const arcs = [Math.min(Math.floor(first / 40), 2)];
  arcs.push(first - (arcs[0] as number) * 40);
  let arc = 0;
  for (const byte of content.subarray(1)) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  return arcs.join(".");
}

export const textOf = ({ content }: Element): string => new TextDecoder().decode(content);

/** Milliseconds since 1970 of a UTCTime or GeneralizedTime. */
export function timeOf(element_: Element): number {
  const text = textOf(element_);
  const full =
    element_.tag === tags.utcTime ? `${Number(text.slice(0, 2)) < 50 ? "20" : "19"}${text}` : text;
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
