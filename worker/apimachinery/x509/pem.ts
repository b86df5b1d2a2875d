/** PEM: DER as text between two lines. Reference: RFC 7468. */
import { base64Of, bytesIn } from "#apimachinery/base64.ts";
import type { Bytes } from "./der.ts";

export function pem(type: string, der: Uint8Array): string {
  const base64 = base64Of(der);
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${type}-----\n${lines.join("\n")}\n-----END ${type}-----\n`;
}

export interface PemBlock {
  readonly type: string;
  readonly der: Bytes;
  /** Lines of the form `Proc-Type: 4,ENCRYPTED` before the text. */
  readonly hasHeaders: boolean;
}
/** Go's decoder too passes over what is no block. */
const block =
  /-----BEGIN ([A-Z0-9 ]+)-----\r?\n((?:[^\n:]+:[^\n]*\n)*)([A-Za-z0-9+/=\r\n]*)-----END \1-----/g;

/** The first block; undefined: there is none. */
export const pemBlock = (text: string): PemBlock | undefined => pemBlocks(text)[0];

/** All blocks, in order. */
export function pemBlocks(text: string): readonly PemBlock[] {
  const found: PemBlock[] = [];
  for (const [, type = "", headers = "", body = ""] of text.matchAll(block)) {
    try {
      const der = bytesIn(body.replaceAll(/\s/g, ""));
      found.push({ type, der, hasHeaders: headers !== "" });
    } catch {
      // What is no base64 is no block either.
    }
  }
  return found;
}
