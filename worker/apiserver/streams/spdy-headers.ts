/**
 * Header blocks of SPDY/3: names and values, each with its length, in one deflate stream per direction that
 * begins with a dictionary both sides know. What the client wrote before is the window for what it writes
 * next, so that window is all there is to remember.
 * Upstream: SPDY Protocol Draft 3.1, 2.6.10; moby/spdystream/spdy.
 */
import { constants, inflateRawSync } from "node:zlib";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Words with their lengths before them, in the draft's order, then text without. */
const words =
  "options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow authorization cache-control connection content-base content-encoding content-language content-length content-location content-md5 content-range content-type date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade user-agent vary via warning www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie keep-alive origin";
const tail =
  "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";

export const headerDictionary: Uint8Array = encoder.encode(
  words
    .split(" ")
    .map((word) => word.replace("_", " "))
    .map((word) => `\0\0\0${String.fromCharCode(word.length)}${word}`)
    .join("") + tail,
);

/** CMF, FLG and the dictionary's checksum, before the client's first block. */
const preambleBytes = 6;
const windowBytes = 32 * 1024;
/** More names and values than any client of a port-forward sends. */
const mostBytes = 16 * 1024;

export type Headers = ReadonlyMap<string, string>;

export class HeaderReader {
  /** What was read after the dictionary, as much of it as a later block may refer to. */
  #history: Uint8Array;
  #hasBegun: boolean;

  /** `history`: of an earlier instance. */
  constructor(history?: Uint8Array) {
    this.#history = history ?? new Uint8Array();
    this.#hasBegun = history !== undefined;
  }

  /** Undefined before the first block. */
  get history(): Uint8Array | undefined {
    return this.#hasBegun ? this.#history : undefined;
  }

  /** Throws RangeError when it is no header block. */
  read(block: Uint8Array): Headers {
    const compressed = this.#hasBegun ? block : block.subarray(preambleBytes);
    this.#hasBegun = true;
    const plain = inflated(compressed, joined(headerDictionary, this.#history).slice(-windowBytes));
    this.#history = joined(this.#history, plain).slice(-windowBytes);
    return pairsOf(plain);
  }
}

function inflated(block: Uint8Array, dictionary: Uint8Array): Uint8Array {
  try {
    return new Uint8Array(
      inflateRawSync(block, {
        dictionary,
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: mostBytes,
      }),
    );
  } catch (error) {
    throw new RangeError("a header block cannot be read", { cause: error });
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

function pairsOf(plain: Uint8Array): Headers {
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
  const headers = new Map<string, string>();
  let at = 4;
  const text = (): string => {
    const length = view.getUint32(at);
    const from = at + 4;
    at = from + length;
    if (at > plain.length) throw new RangeError("a header goes beyond its block");
    return decoder.decode(plain.subarray(from, at));
  };
  for (let left = view.getUint32(0); left > 0; left -= 1) {
    const name = text();
    headers.set(name, text());
  }
  return headers;
}

/** A block without headers, stored as it is, and a flush; before the first one stands what begins a deflate stream. */
export function emptyBlock(isFirst: boolean): Uint8Array {
  const stored = [0, 4, 0, 0xfb, 0xff, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
  return Uint8Array.from(isFirst ? [0x78, 0x01, ...stored] : stored);
}
