/** A server over TLS, with the certificate and key that its flags name. Upstream: Go's tls.LoadX509KeyPair, http.Server. */
import { keyPairProblem } from "#apimachinery/x509/key-pair.ts";
import { httpServer } from "#kubelet/programs/http-server.ts";
import type { Answer, Process, Request, Run } from "#kubelet/programs/process.ts";
import { type Options, valueOf } from "#kubelet/programs/shell/network/tool.ts";
import { fatal, klogLine, verbosity } from "./subcommand.ts";

export const tlsFlags: readonly string[] = ["tls-cert-file", "tls-private-key-file", "port"];

/** Undefined: it panics and hangs up. */
export type Paths = Readonly<Record<string, (request: Request) => Answer | undefined>>;

const notFound: Answer = { status: 404, body: "404 page not found\n" };

/** Where its source says so. */
interface Places {
  /** The certificate is none. */
  readonly fatal: string;
  /** A request came. */
  readonly request: string;
}
const talkative = 2;

export function tlsServer(run: Run, flags: Options, at: Places, paths: Paths): Process {
  const [certificateFile = "", keyFile = ""] = tlsFlags.map((name) => valueOf(flags, name));
  const certificate = run.files?.[certificateFile];
  const key = run.files?.[keyFile];
  const missing = certificate === undefined ? certificateFile : keyFile;
  if (certificate === undefined || key === undefined)
    return fatal(run, at.fatal, `open ${missing}: no such file or directory`);
  const problem = keyPairProblem(certificate, key);
  if (problem !== undefined) return fatal(run, at.fatal, problem);
  const port = Number(valueOf(flags, "port") ?? "443");
  const served = httpServer({
    ports: [port],
    speaks: "tls",
    certificate,
    stop: { afterMs: 50, code: 2 },
    logs: ({ path, body = "" }, _answer, wallMs) =>
      verbosity(flags) < talkative || path === "/readyz"
        ? undefined
        : klogLine("I", { startedMs: wallMs }, 0, {
            at: at.request,
            text: `handling request: ${body}`,
          }).text,
  })(run);
  return {
    ...served,
    answer(request) {
      if (request.port !== port) return undefined;
      const path = request.path.split("?")[0] ?? "";
      if (path === "/readyz") return { status: 200, body: "ok" };
      const handler = Object.hasOwn(paths, path) ? paths[path] : undefined;
      return handler === undefined ? notFound : handler(request);
    },
  };
}

/** JSON of a body; undefined: it is none. */
export function jsonOf({ body = "" }: Request): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Told to whoever sent it.
    return undefined;
  }
}
export const json = (value: unknown): Answer => ({
  status: 200,
  body: JSON.stringify(value),
  headers: { "Content-Type": "application/json" },
});
export const bad = (text: string): Answer => ({ status: 400, body: `${text}\n` });
