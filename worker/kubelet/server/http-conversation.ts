/**
 * HTTP/1.1 as bytes on a connection that somebody forwards into a Pod: requests in, answers out, one after the
 * other. Upstream: RFC 9112.
 * Differs: a server that speaks another protocol than HTTP is silent, because what it would say is not simulated.
 */
import { joined } from "#apimachinery/bytes.ts";
import { bytesOf, textOf } from "#apimachinery/byte-text.ts";
import type { HttpAnswer, HttpRequest, Server } from "#network/connection.ts";
import { headersOf, statusLine } from "#network/http-text.ts";

/** What a server takes before it hangs up. */
const mostHeaderBytes = 32 * 1024;
const mostBodyBytes = 8 * 1024 * 1024;

export interface Said {
  readonly bytes: Uint8Array;
  /** The server hangs up after it. */
  readonly closes: boolean;
}

interface Head {
  readonly method: string;
  readonly path: string;
  readonly isOld: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

export class HttpConversation {
  readonly #server: Pick<Server, "answer">;
  readonly #port: number;
  readonly #nowMs: () => number;
  #rest: Uint8Array = new Uint8Array();

  constructor(server: Pick<Server, "answer">, port: number, nowMs: () => number) {
    this.#server = server;
    this.#port = port;
    this.#nowMs = nowMs;
  }

  /** Nothing is left half said. */
  get isIdle(): boolean {
    return this.#rest.length === 0;
  }

  hear(bytes: Uint8Array): Said {
    this.#rest = joined([this.#rest, bytes]);
    const answers: Uint8Array[] = [];
    for (;;) {
      const next = this.#next();
      if (next === undefined) return { bytes: joined(answers), closes: false };
      answers.push(next.bytes);
      if (next.closes) return { bytes: joined(answers), closes: true };
    }
  }

  /** Answers the first request that has come whole. */
  #next(): Said | undefined {
    const end = endOfHead(this.#rest);
    if (end < 0)
      return this.#rest.length > mostHeaderBytes ? hangUp(431, this.#nowMs()) : undefined;
    const head = headOf(textOf(this.#rest.subarray(0, end)));
    if (head === undefined) return hangUp(400, this.#nowMs());
    const body = bodyOf(head.headers, this.#rest.subarray(end));
    if (body === undefined)
      return this.#rest.length > mostBodyBytes ? hangUp(413, this.#nowMs()) : undefined;
    this.#rest = this.#rest.slice(end + body.length);
    const request: HttpRequest = {
      method: head.method,
      path: head.path,
      port: this.#port,
      userAgent: head.headers["user-agent"] ?? "",
      fromIp: "127.0.0.1",
      headers: head.headers,
      body: body.text,
    };
    const answer = this.#server.answer(request);
    // Somebody listens who does not understand: it hangs up.
    if (answer === undefined) return { bytes: new Uint8Array(), closes: true };
    const asked = head.headers.connection?.toLowerCase() ?? "";
    const closes = asked === "close" || (head.isOld && asked !== "keep-alive");
    return {
      bytes: answerBytes(answer, { closes, isHead: head.method === "HEAD", nowMs: this.#nowMs() }),
      closes,
    };
  }
}

/** Index behind the empty line; -1: there is none yet. */
function endOfHead(bytes: Uint8Array): number {
  for (let at = 0; at + 1 < bytes.length; at += 1) {
    if (bytes[at] !== 10) continue;
    if (bytes[at + 1] === 10) return at + 2;
    if (bytes[at + 1] === 13 && bytes[at + 2] === 10) return at + 3;
  }
  return -1;
}

function headOf(text: string): Head | undefined {
  const [first = "", ...lines] = text.split(/\r?\n/);
  const [, method, path, minor] = /^([A-Z]+) (\S+) HTTP\/1\.([01])$/.exec(first) ?? [];
  if (method === undefined || path === undefined) return undefined;
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon > 0)
      headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { method, path, isOld: minor === "0", headers };
}

/** The body and how many bytes it took; undefined: it has not come whole. */
function bodyOf(
  headers: Head["headers"],
  bytes: Uint8Array,
): { readonly text: string; readonly length: number } | undefined {
  if (headers["transfer-encoding"]?.toLowerCase() === "chunked") return chunked(bytes);
  const length = Number(headers["content-length"] ?? "0");
  if (!Number.isSafeInteger(length) || length < 0) return { text: "", length: 0 };
  return bytes.length < length ? undefined : { text: textOf(bytes.subarray(0, length)), length };
}

function chunked(
  bytes: Uint8Array,
): { readonly text: string; readonly length: number } | undefined {
  const pieces: Uint8Array[] = [];
  for (let at = 0; ;) {
    const end = bytes.indexOf(10, at);
    if (end < 0) return undefined;
    const size = Number.parseInt(textOf(bytes.subarray(at, end)), 16);
    if (!Number.isSafeInteger(size)) return { text: "", length: bytes.length };
    const from = end + 1;
    if (bytes.length < from + size + 2) return undefined;
    if (size === 0) return { text: textOf(joined(pieces)), length: from + 2 };
    pieces.push(bytes.subarray(from, from + size));
    at = from + size + 2;
  }
}

const hangUp = (status: number, nowMs: number): Said => ({
  bytes: answerBytes({ status, body: "" }, { closes: true, isHead: false, nowMs }),
  closes: true,
});

function answerBytes(
  answer: HttpAnswer,
  {
    closes,
    isHead,
    nowMs,
  }: { readonly closes: boolean; readonly isHead: boolean; readonly nowMs: number },
): Uint8Array {
  const lines = [
    statusLine(answer.status),
    ...headersOf(answer, nowMs).map(([name, value]) => `${name}: ${value}`),
    `Connection: ${closes ? "close" : "keep-alive"}`,
  ];
  const head = bytesOf(`${lines.join("\r\n")}\r\n\r\n`);
  return isHead ? head : joined([head, bytesOf(answer.body)]);
}
