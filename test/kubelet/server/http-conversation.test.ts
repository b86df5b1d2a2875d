/** HTTP as bytes: whatever the pieces, each request is answered once, in order. */
import { expect, test } from "vitest";
import { HttpConversation } from "#kubelet/server/http-conversation.ts";
import type { HttpRequest } from "#network/connection.ts";

const nowMs = Date.parse("2026-11-23T20:15:04Z");
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Says what it was asked. */
const echo = {
  answer: ({ method, path, headers, body }: HttpRequest) =>
    path === "/silent"
      ? undefined
      : { status: path === "/none" ? 404 : 200, body: `${method} ${headers?.host} ${body}` },
};
function heard(...pieces: readonly string[]): { readonly text: string; readonly closes: boolean } {
  const conversation = new HttpConversation(echo, 80, () => nowMs);
  let text = "";
  let closes = false;
  for (const piece of pieces) {
    const said = conversation.hear(bytes(piece));
    text += new TextDecoder().decode(said.bytes);
    ({ closes } = said);
  }
  return { text, closes };
}
const head = (status: string, length: number, connection = "keep-alive"): string =>
  `HTTP/1.1 ${status}\r\nDate: Mon, 23 Nov 2026 20:15:04 GMT\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${length}\r\nConnection: ${connection}\r\n\r\n`;

test.each<[string, readonly string[], string, boolean]>([
  ["a request", ["GET / HTTP/1.1\r\nHost: a\r\n\r\n"], `${head("200 OK", 6)}GET a `, false],
  ["in pieces", ["GET / HT", "TP/1.1\r\nHost: a\r", "\n\r\n"], `${head("200 OK", 6)}GET a `, false],
  ["half of one", ["GET / HTTP/1.1\r\nHost: a\r\n"], "", false],
  [
    "a body by its length",
    ["POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab", "c"],
    `${head("200 OK", 10)}POST a abc`,
    false,
  ],
  [
    "a body in chunks",
    [
      "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
      "1\r\nc\r\n0\r\n\r\n",
    ],
    `${head("200 OK", 9)}PUT a abc`,
    false,
  ],
  [
    "two at once",
    ["GET / HTTP/1.1\r\n\r\nGET /none HTTP/1.1\r\n\r\n"],
    `${head("200 OK", 14)}GET undefined ${head("404 Not Found", 14)}GET undefined `,
    false,
  ],
  [
    "one that is the last",
    ["GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"],
    `${head("200 OK", 6, "close")}GET a `,
    true,
  ],
  ["HTTP/1.0", ["GET / HTTP/1.0\r\nHost: a\r\n\r\n"], `${head("200 OK", 6, "close")}GET a `, true],
  ["HEAD has no body", ["HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"], head("200 OK", 7), false],
  ["no HTTP at all", ["\u0016\u0003\u0001\n\n"], head("400 Bad Request", 0, "close"), true],
  ["a server that does not understand hangs up", ["GET /silent HTTP/1.1\r\n\r\n"], "", true],
  [
    "headers without end",
    ["x".repeat(40_000)],
    head("431 Request Header Fields Too Large", 0, "close"),
    true,
  ],
])("%s", (_, pieces, text, closes) => {
  expect(heard(...pieces)).toEqual({ text, closes });
});
