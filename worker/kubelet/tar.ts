/**
 * Tape archives in the POSIX form (ustar), as `kubectl cp` sends and takes them.
 * Upstream: pax(1) "ustar Interchange Format".
 */
import { joined } from "#apimachinery/bytes.ts";
import { bytesOf, textOf } from "#apimachinery/byte-text.ts";

export interface TarEntry {
  /** Without a leading slash. */
  readonly name: string;
  readonly isDirectory: boolean;
  readonly content: Uint8Array;
}

const blockBytes = 512;
const nothing = new Uint8Array();
const padded = (length: number): number => Math.ceil(length / blockBytes) * blockBytes;
const octal = (value: number, width: number): string => value.toString(8).padStart(width - 1, "0");

/** A name that is too long for its field goes into an entry of its own before it, as GNU tar has it. */
const nameField = 100;
const longName = "././@LongLink";

export function archive(entries: readonly TarEntry[], seconds: number): Uint8Array {
  const pieces = entries.flatMap((entry) => piecesOf(entry, seconds));
  return joined([...pieces, new Uint8Array(2 * blockBytes)]);
}

function piecesOf({ name, isDirectory, content }: TarEntry, seconds: number): Uint8Array[] {
  const encoded = bytesOf(isDirectory && !name.endsWith("/") ? `${name}/` : name);
  const type = isDirectory ? "5" : "0";
  const own = [
    header(encoded.subarray(0, nameField), type, content.length, seconds),
    content,
    new Uint8Array(padded(content.length) - content.length),
  ];
  if (encoded.length <= nameField) return own;
  const ended = joined([encoded, Uint8Array.of(0)]);
  return [
    header(bytesOf(longName), "L", ended.length, seconds),
    ended,
    new Uint8Array(padded(ended.length) - ended.length),
    ...own,
  ];
}

function header(name: Uint8Array, type: string, size: number, seconds: number): Uint8Array {
  const block = new Uint8Array(blockBytes);
  const put = (at: number, text: string): void => block.set(bytesOf(text), at);
  block.set(name, 0);
  put(100, `${octal(type === "5" ? 0o755 : 0o644, 8)}\0`);
  put(108, `${octal(0, 8)}\0`);
  put(116, `${octal(0, 8)}\0`);
  put(124, `${octal(size, 12)}\0`);
  put(136, `${octal(seconds, 12)}\0`);
  put(148, "        ");
  put(156, type);
  put(257, "ustar\x0000");
  put(265, "root");
  put(297, "root");
  const sum = block.reduce((all, byte) => all + byte, 0);
  put(148, `${octal(sum, 7)}\0 `);
  return block;
}

const text = (block: Uint8Array, at: number, length: number): string => {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return textOf(end < 0 ? field : field.subarray(0, end));
};

/** The entries of an archive; undefined when it is none, or cut off. Links and devices are left out. */
export function entriesOf(bytes: Uint8Array): readonly TarEntry[] | undefined {
  const entries: TarEntry[] = [];
  let longer: string | undefined;
  for (let at = 0; at + blockBytes <= bytes.length;) {
    const block = bytes.subarray(at, at + blockBytes);
    if (block.every((byte) => byte === 0)) return entries;
    const size = Number.parseInt(text(block, 124, 12).trim() || "0", 8);
    const type = String.fromCharCode(block[156] ?? 0);
    if (!text(block, 257, 5).startsWith("ustar") || !Number.isSafeInteger(size)) return undefined;
    const content = bytes.subarray(at + blockBytes, at + blockBytes + size);
    if (content.length < size) return undefined;
    const prefix = text(block, 345, 155);
    const name = longer ?? (prefix === "" ? "" : `${prefix}/`) + text(block, 0, nameField);
    longer = undefined;
    if (type === "L") longer = text(content, 0, size);
    else if (type === "x") longer = paxPath(textOf(content));
    else if (type === "5") entries.push({ name, isDirectory: true, content: nothing });
    else if (type === "0" || type === "\0") entries.push({ name, isDirectory: false, content });
    at += blockBytes + padded(size);
  }
  return undefined;
}

/** `23 path=a/long/name\n` among a pax header's records. */
const paxPath = (records: string): string | undefined => /^\d+ path=(.*)$/m.exec(records)?.[1];
