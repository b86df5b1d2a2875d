/**
 * A server that answers every path it knows on its ports, and logs each request as nginx does.
 */
import { timeText } from "#apimachinery/time.ts";
import type { Answer, Layer, Line, Process, Program, Request } from "./process.ts";
import { quiet } from "./process.ts";

export interface HttpServer {
  /** Undefined: the image's own ports, or those of its environment's PORT. */
  readonly ports?: readonly number[];
  /** Where its pages lie: what is written there is served. */
  readonly root?: string;
  /** Which paths there are; undefined: 404 for all but `/`. */
  answer?(path: string, request: Request): Answer;
  /** Lines at start, with their offset in milliseconds. */
  readonly boot?: readonly (readonly [number, string])[];
  readonly stop?: { readonly afterMs: number; readonly code: number };
  readonly speaks?: Process["speaks"];
  readonly isApiServer?: Process["isApiServer"];
  /** What it sends with every answer. */
  readonly headers?: Answer["headers"];
  logs?(request: Request, answer: Answer, wallMs: number): string | undefined;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `23/Nov/2026:20:15:04 +0000`. */
function clfTime(wallMs: number): string {
  const text = timeText(wallMs);
  const month = months[Number(text.slice(5, 7)) - 1];
  return `${text.slice(8, 10)}/${month}/${text.slice(0, 4)}:${text.slice(11, 19)} +0000`;
}

/** nginx's `combined` format. */
export const combinedLog = (
  { fromIp, method, path, userAgent }: Request,
  { status, body }: Answer,
  wallMs: number,
): string =>
  `${fromIp} - - [${clfTime(wallMs)}] "${method} ${path} HTTP/1.1" ${status} ${method === "HEAD" ? 0 : body.length} "-" "${userAgent}" "-"`;

const hello: (path: string) => Answer = (path) =>
  path === "/" || path === "/index.html"
    ? { status: 200, body: "ok\n" }
    : { status: 404, body: "404 page not found\n" };

/** A page that was written, or one that was removed, since the server started. */
function written(
  root: string | undefined,
  path: string,
  layer: Layer | undefined,
): Answer | undefined {
  if (root === undefined || layer === undefined) return undefined;
  const body = layer[root + (path.endsWith("/") ? `${path}index.html` : path)];
  if (body === undefined) return undefined;
  return body === null ? { status: 404, body: "404 Not Found\n" } : { status: 200, body };
}

export const httpServer =
  (server: HttpServer): Program =>
  ({ ports: exposed, env, layer }) => {
    const own = server.ports ?? (exposed.length > 0 ? exposed : [Number(env.PORT) || 8080]);
    const boot: readonly Line[] = (server.boot ?? []).map(([atMs, text]) => ({
      atMs,
      text,
      stream: "stderr",
    }));
    const answer = server.answer ?? hello;
    const process: Process = {
      ...quiet,
      listens: (port) => own.includes(port),
      speaks: server.speaks,
      isApiServer: server.isApiServer,
      answer: (request) => {
        if (!own.includes(request.port)) return undefined;
        const query = request.path.indexOf("?");
        const path = query < 0 ? request.path : request.path.slice(0, query);
        const found = written(server.root, path, layer?.()) ?? answer(path, request);
        return server.headers === undefined ? found : { ...found, headers: server.headers };
      },
      signal: () => server.stop ?? { afterMs: 120, code: 0 },
      lines: (fromMs, toMs) => boot.filter(({ atMs }) => atMs >= fromMs && atMs < toMs),
      logs: server.logs ?? combinedLog,
    };
    return process;
  };
