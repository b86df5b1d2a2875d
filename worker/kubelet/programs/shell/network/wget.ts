/** busybox's wget, letter by letter. Upstream: busybox networking/wget.c, libbb/progress.c. */
import { byteLength } from "#apimachinery/byte-text.ts";
import type { Surroundings } from "#kubelet/programs/shell/commands.ts";
import { absolute } from "#kubelet/programs/shell/paths.ts";
import type { HttpAnswer } from "#network/connection.ts";
import { headersOf, statusLine } from "#network/http-text.ts";
import { lastPart, redirected, webAddress, type WebAddress } from "./address.ts";
import {
  addressOf,
  ask,
  complain,
  errorOf,
  givingUpMs,
  isSet,
  type Options,
  optionsOf,
  type Running,
  say,
  valueOf,
  valuesOf,
} from "./tool.ts";

const mostRedirects = 16;
const valued = [
  "O",
  "o",
  "P",
  "U",
  "T",
  "t",
  "Y",
  "header",
  "post-data",
  "post-file",
  "timeout",
  "tries",
  "user-agent",
];
const flags = ["c", "q", "S", "spider", "no-check-certificate", "quiet"];
const longNames: Readonly<Record<string, string>> = {
  timeout: "T",
  "user-agent": "U",
  quiet: "q",
};

export function* wget(args: readonly string[], here: Surroundings, input: string): Running {
  const options = optionsOf(args, valued, flags);
  if (options.unknown !== undefined) {
    yield complain(`wget: unrecognized option '${options.unknown}'\n${usage}`);
    return 1;
  }
  if (options.operands.length === 0) {
    yield complain(usage);
    return 1;
  }
  for (const url of options.operands) {
    const target = webAddress(url);
    if (target === undefined) {
      yield complain(`wget: not an http or ftp url: ${url}\n`);
      return 1;
    }
    const code = yield* fetched(target, { options, here, input });
    if (code !== 0) return code;
  }
  return 0;
}

const usage = `BusyBox v1.37.0 multi-call binary.

Usage: wget [-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]
	[--post-data STR | --post-file FILE] [-Y on/off]
	[--no-check-certificate] [-P DIR] [-U AGENT] [-T SEC] URL...
`;

interface Asked {
  readonly options: Options;
  readonly here: Surroundings;
  readonly input: string;
}

/** One URL, with what it redirects to. */
function* fetched(first: WebAddress, asked: Asked): Running {
  const { options, here } = asked;
  const isQuiet = isSet(options, "q", "quiet");
  let target = first;
  for (let left = mostRedirects; ; left -= 1) {
    if (left === 0) {
      yield complain("wget: too many redirections\n");
      return 1;
    }
    const ip = yield* addressOf(target.host, here);
    if (ip === undefined) {
      yield complain(`wget: bad address '${target.authority}'\n`);
      return 1;
    }
    if (!isQuiet) yield complain(`Connecting to ${target.authority} (${ip}:${target.port})\n`);
    const answer = yield* exchanged(target, ip, asked);
    if (answer === undefined) return 1;
    if (isSet(options, "S")) yield complain(responseText(answer, here.nowMs));
    const { status, location } = answer;
    if (status >= 300 && status < 400 && location !== undefined) {
      const next = redirected(target, location);
      if (next === undefined) return 1;
      target = next;
      continue;
    }
    if (status < 200 || status >= 300) {
      yield complain(`wget: server returned error: ${statusLine(status)}\n`);
      return 1;
    }
    return yield* kept(target, answer, options, here);
  }
}

/** The answer; undefined: why there is none has been said. */
function* exchanged(
  { scheme, authority, path, port }: WebAddress,
  ip: string,
  { options, here, input }: Asked,
): Running<HttpAnswer | undefined> {
  const isTls = scheme === "https";
  if (isTls && !isSet(options, "no-check-certificate"))
    yield complain("wget: note: TLS certificate validation not implemented\n");
  const file = valueOf(options, "post-file");
  const body =
    file === undefined
      ? valueOf(options, "post-data")
      : file === "-"
        ? input
        : here.files.get(absolute(file, here.variables));
  if (file !== undefined && body === undefined) {
    yield complain(`wget: can't open '${file}': No such file or directory\n`);
    return undefined;
  }
  const headers = Object.fromEntries([
    ["host", authority],
    ...(body === undefined ? [] : [["content-type", "application/x-www-form-urlencoded"]]),
    ...valuesOf(options, "header").map((line) => {
      const [name = "", ...value] = line.split(":");
      return [name.trim().toLowerCase(), value.join(":").trim()];
    }),
  ]) as Readonly<Record<string, string>>;
  const heard = yield* ask("http", {
    to: { ip, port },
    ...(isTls ? { tls: { name: authority, trusts: undefined } } : {}),
    request: {
      method: body === undefined ? "GET" : "POST",
      path,
      userAgent: valueOf(options, "U", "user-agent") ?? "Wget",
      headers,
      ...(body === undefined ? {} : { body }),
    },
  });
  const { state, answer } = heard;
  if (answer !== undefined) return answer;
  if (state === "open") {
    yield complain("wget: error getting response: Connection reset by peer\n");
    return undefined;
  }
  const limitMs = Number(valueOf(options, "T", longNames["timeout"] ?? "") ?? 900) * 1000;
  const waitMs = givingUpMs[state];
  if (waitMs > 0) yield { waitMs: Math.min(waitMs, limitMs) };
  yield complain(
    waitMs > limitMs
      ? "wget: download timed out\n"
      : `wget: can't connect to remote host (${ip}): ${errorOf[state]}\n`,
  );
  return undefined;
}

function* kept(
  target: WebAddress,
  { body, staysOpenMs }: HttpAnswer,
  options: Options,
  here: Surroundings,
): Running {
  const isQuiet = isSet(options, "q", "quiet");
  if (isSet(options, "spider")) {
    if (!isQuiet) yield complain("remote file exists\n");
    return 0;
  }
  const named = valueOf(options, "O");
  const folder = valueOf(options, "P");
  const guessed = lastPart(target.path) || "index.html";
  const file = named ?? (folder === undefined ? guessed : `${folder}/${guessed}`);
  const isOut = file === "-";
  const path = isOut ? "" : absolute(file, here.variables);
  if (!isOut && named === undefined && here.files.has(path)) {
    yield complain(`wget: can't open '${file}': File exists\n`);
    return 1;
  }
  if (!isQuiet) yield complain(isOut ? "writing to stdout\n" : `saving to '${file}'\n`);
  yield isOut ? say(body) : { write: path, text: body };
  if (staysOpenMs !== undefined) yield { waitMs: staysOpenMs ?? Number.POSITIVE_INFINITY };
  if (!isQuiet) {
    yield complain(`${progress(lastPart(file), byteLength(body))}`);
    yield complain(isOut ? "written to stdout\n" : `'${file}' saved\n`);
  }
  return 0;
}

/** The meter's last line, as it stands in a file. */
function progress(name: string, bytes: number): string {
  if (bytes === 0) return "";
  const size = bytes < 100_000 ? String(bytes) : `${(bytes / 1024).toFixed(1)}k`;
  return `${name.padEnd(20)} 100% |${"*".repeat(32)}| ${size.padStart(5)}  0:00:00 ETA\n`;
}

const responseText = (answer: HttpAnswer, nowMs: number): string =>
  [
    statusLine(answer.status),
    ...headersOf(answer, nowMs).map(([name, value]) => `${name}: ${value}`),
  ]
    .map((line) => `  ${line}\n`)
    .join("");
