/** An answer over HTTP/1.1 as it goes over the wire: its first line and its headers. */
import { byteLength } from "#apimachinery/byte-text.ts";
import { httpTimeText } from "#apimachinery/time.ts";
import type { HttpAnswer } from "./connection.ts";

const reasons: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Request Entity Too Large",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

export const statusLine = (status: number): string =>
  `HTTP/1.1 ${status} ${reasons[status] ?? "Unknown"}`;

/** In the order in which servers write them. `nowMs`: cluster time. */
export function headersOf(
  { body, location, headers = {} }: HttpAnswer,
  nowMs: number,
): readonly (readonly [name: string, value: string])[] {
  const { Server: server, "Content-Type": type = typeOf(body), ...others } = headers;
  return [
    ...(server === undefined ? [] : [["Server", server] as const]),
    ["Date", httpTimeText(nowMs)],
    ["Content-Type", type],
    ["Content-Length", String(byteLength(body))],
    ...(location === undefined ? [] : [["Location", location] as const]),
    ...Object.entries(others),
  ];
}

/** What Go's servers and others guess from the first bytes. */
function typeOf(body: string): string {
  const start = body.trimStart().slice(0, 15).toLowerCase();
  if (start.startsWith("<!doctype html") || start.startsWith("<html")) return "text/html";
  return start.startsWith("{") ? "application/json" : "text/plain; charset=utf-8";
}
