/**
 * A server that answers every path it knows on its ports, and logs each request as nginx does.
 */
import { byteLength } from "#apimachinery/byte-text.ts";
import { timeText } from "#apimachinery/time.ts";
import type { Answer, Line, Process, Program, Request, Run } from "./process.ts";
import { quiet } from "./process.ts";
import { isBelow } from "./shell/paths.ts";

export interface HttpServer {
  /** Undefined: the image's own ports, or those of its environment's PORT. */
  readonly ports?: readonly number[];
  /** Where its pages lie: what is written there is served. */
  readonly root?: string;
  /** Of a directory without an index. */
  readonly forbidden?: Answer;
  /** Which paths there are; undefined: 404 for all but `/`. */
  answer?(path: string, request: Request): Answer;
  /** Lines at start, with their offset in milliseconds. */
  readonly boot?: readonly (readonly [number, string])[];
  readonly stop?: { readonly afterMs: number; readonly code: number };
  readonly speaks?: Process["speaks"];
  readonly certificate?: Process["certificate"];
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
  `${fromIp} - - [${clfTime(wallMs)}] "${method} ${path} HTTP/1.1" ${status} ${method === "HEAD" ? 0 : byteLength(body)} "-" "${userAgent}" "-"`;

const hello: (path: string) => Answer = (path) =>
  path === "/" || path === "/index.html"
    ? { status: 200, body: "ok\n" }
    : { status: 404, body: "404 page not found\n" };

/** A page of a volume, or that was written or removed since the server started; undefined: the image's own is there. */
function found(
  { root, forbidden }: Pick<HttpServer, "root" | "forbidden">,
  path: string,
  { files, shared, layer, mounts = [] }: Run,
  atMs: number,
): Answer | undefined {
  if (root === undefined) return undefined;
  const file = root + (path.endsWith("/") ? `${path}index.html` : path);
  const written = layer?.()?.[file];
  const body = written ?? shared?.(atMs)[file] ?? files?.[file];
  if (written !== null && body !== undefined) return { status: 200, body };
  if (written !== null && !mounts.some((at) => isBelow(root, at))) return undefined;
  return path.endsWith("/") && forbidden !== undefined
    ? forbidden
    : { status: 404, body: "404 Not Found\n" };
}

export const httpServer =
  (server: HttpServer): Program =>
  (run) => {
    const { ports: exposed, env } = run;
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
      certificate: server.certificate,
      isApiServer: server.isApiServer,
      answer: (request, atMs) => {
        if (!own.includes(request.port)) return undefined;
        const query = request.path.indexOf("?");
        const path = query < 0 ? request.path : request.path.slice(0, query);
        const made = found(server, path, run, atMs) ?? answer(path, request);
        return server.headers === undefined ? made : { ...made, headers: server.headers };
      },
      signal: () => server.stop ?? { afterMs: 120, code: 0 },
      lines: (fromMs, toMs) => boot.filter(({ atMs }) => atMs >= fromMs && atMs < toMs),
      logs: server.logs ?? combinedLog,
    };
    return process;
  };
