/** curl for http and https: what scripts use of it. Upstream: curl 8 src/tool_getparam.c, lib/strerror.c. */
import type { Surroundings } from "#kubelet/programs/shell/commands.ts";
import { absolute } from "#kubelet/programs/shell/paths.ts";
import type { HttpAnswer } from "#network/connection.ts";
import { headersOf, statusLine } from "#network/http-text.ts";
import { lastPart, redirected, webAddress, type WebAddress } from "./address.ts";
import {
  addressOf,
  ask,
  complain,
  givingUpMs,
  isSet,
  type Options,
  optionsOf,
  type Running,
  say,
  valueOf,
  valuesOf,
} from "./tool.ts";

/** Every long name and its letter; those without a letter stand for themselves. */
const letters: Readonly<Record<string, string>> = {
  silent: "s",
  "show-error": "S",
  output: "o",
  "remote-name": "O",
  head: "I",
  include: "i",
  fail: "f",
  "write-out": "w",
  "max-time": "m",
  request: "X",
  data: "d",
  header: "H",
  insecure: "k",
  location: "L",
  "user-agent": "A",
  verbose: "v",
};
const valued = [
  "o",
  "w",
  "m",
  "X",
  "d",
  "H",
  "A",
  "u",
  "connect-timeout",
  "retry",
  "cacert",
  "data-raw",
];
const flags = [
  "s",
  "S",
  "O",
  "I",
  "i",
  "f",
  "k",
  "L",
  "v",
  "compressed",
  "no-progress-meter",
  "http1.1",
];
const mostRedirects = 50;
const connectMs = 300_000;
const version = "8.17.0";

class Failure {
  readonly code: number;
  readonly text: string;
  constructor(code: number, text: string) {
    this.code = code;
    this.text = text;
  }
}

export function* curl(args: readonly string[], here: Surroundings): Running {
  const options = optionsOf(args.map(shortened), valued, flags);
  if (options.unknown !== undefined) {
    const name = options.unknown.startsWith("--") ? options.unknown : `-${options.unknown}`;
    yield complain(
      `curl: option ${name}: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n`,
    );
    return 2;
  }
  if (options.operands.length === 0) {
    yield complain("curl: (2) no URL specified\n");
    return 2;
  }
  let code = 0;
  for (const url of options.operands) {
    const found = yield* fetched(url, options, here);
    if (!(found instanceof Failure)) continue;
    ({ code } = found);
    const isSilent = isSet(options, "s") && !isSet(options, "S");
    if (!isSilent) yield complain(`curl: (${found.code}) ${found.text}\n`);
  }
  return code;
}

/** `--head` → `-I`, its value with it. */
function shortened(arg: string): string {
  const [, name = "", value] = /^--([a-z-]+)(?:=(.*))?$/.exec(arg) ?? [];
  const letter = letters[name];
  return letter === undefined ? arg : `-${letter}${value ?? ""}`;
}

function* fetched(url: string, options: Options, here: Surroundings): Running<Failure | undefined> {
  let target = webAddress(url);
  for (let left = mostRedirects; ; left -= 1) {
    if (target === undefined)
      return new Failure(3, "URL rejected: Malformed input to a URL function");
    if (left === 0) return new Failure(47, `Maximum (${mostRedirects}) redirects followed`);
    const answer = yield* exchanged(target, options, here);
    if (answer instanceof Failure) return answer;
    const { status, location } = answer;
    if (isSet(options, "L") && status >= 300 && status < 400 && location !== undefined) {
      target = redirected(target, location);
      continue;
    }
    return yield* shown(target, answer, options, here);
  }
}

function* exchanged(
  { scheme, host, authority, path, port }: WebAddress,
  options: Options,
  here: Surroundings,
): Running<HttpAnswer | Failure> {
  const ip = yield* addressOf(host, here);
  if (ip === undefined) return new Failure(6, `Could not resolve host: ${host}`);
  const body = valueOf(options, "d", "data-raw");
  const isVerbose = isSet(options, "v");
  const method =
    valueOf(options, "X") ?? (isSet(options, "I") ? "HEAD" : body === undefined ? "GET" : "POST");
  const own = valuesOf(options, "H").map((line): readonly [string, string] => {
    const [name = "", ...value] = line.split(":");
    return [name.trim().toLowerCase(), value.join(":").trim()];
  });
  const userAgent = valueOf(options, "A") ?? `curl/${version}`;
  const headers = Object.fromEntries([["host", authority], ["accept", "*/*"], ...own]) as Readonly<
    Record<string, string>
  >;
  const isTls = scheme === "https";
  const heard = yield* ask("http", {
    to: { ip, port },
    isTls,
    request: { method, path, userAgent, headers, ...(body === undefined ? {} : { body }) },
  });
  if (isVerbose) yield complain(`*   Trying ${ip}:${port}...\n`);
  const { state, answer } = heard;
  if (state !== "open") return yield* unconnected({ host, port }, state, options);
  if (isTls && !isSet(options, "k"))
    return new Failure(
      60,
      "SSL certificate problem: unable to get local issuer certificate\nMore details here: https://curl.se/docs/sslcerts.html\n\ncurl failed to verify the legitimacy of the server and therefore could not\nestablish a secure connection to it. To learn more about this situation and\nhow to fix it, please visit the webpage mentioned above.",
    );
  if (answer === undefined)
    return isTls
      ? new Failure(35, "TLS connect error: error:0A00010B:SSL routines::wrong version number")
      : new Failure(52, "Empty reply from server");
  if (isVerbose)
    yield complain(
      [
        `* Established connection to ${host} (${ip} port ${port}) from this Pod`,
        `> ${method} ${path} HTTP/1.1`,
        `> Host: ${authority}`,
        `> User-Agent: ${userAgent}`,
        "> Accept: */*",
        "> ",
        ...headText(answer, here.nowMs).map((line) => `< ${line}`),
        "",
      ].join("\n"),
    );
  return answer;
}

function* unconnected(
  { host, port }: Pick<WebAddress, "host" | "port">,
  state: keyof typeof givingUpMs,
  options: Options,
): Running<Failure> {
  const seconds = Math.min(
    Number(valueOf(options, "connect-timeout") ?? connectMs / 1000),
    Number(valueOf(options, "m") ?? Number.POSITIVE_INFINITY),
  );
  const limitMs = seconds * 1000;
  const kernelMs = givingUpMs[state];
  const waitMs = Math.min(kernelMs, limitMs);
  if (waitMs > 0) yield { waitMs };
  return kernelMs > limitMs
    ? new Failure(28, `Connection timed out after ${limitMs + 2} milliseconds`)
    : new Failure(
        state === "unanswered" ? 28 : 7,
        `Failed to connect to ${host} port ${port} after ${waitMs + 1} ms: Could not connect to server`,
      );
}

const headText = (answer: HttpAnswer, nowMs: number): readonly string[] => [
  statusLine(answer.status),
  ...headersOf(answer, nowMs).map(([name, value]) => `${name}: ${value}`),
  "",
];

function* shown(
  target: WebAddress,
  answer: HttpAnswer,
  options: Options,
  here: Surroundings,
): Running<Failure | undefined> {
  const { status, body } = answer;
  if (isSet(options, "f") && status >= 400)
    return new Failure(22, `The requested URL returned error: ${status}`);
  const isHead = isSet(options, "I");
  const head =
    isHead || isSet(options, "i") ? `${headText(answer, here.nowMs).join("\r\n")}\r\n` : "";
  const text = head + (isHead ? "" : body);
  const file = valueOf(options, "o") ?? (isSet(options, "O") ? lastPart(target.path) : "-");
  if (!isSet(options, "s", "no-progress-meter")) yield complain(meter(text.length));
  if (file === "-") yield say(text);
  else yield { write: absolute(file, here.variables), text };
  const format = valueOf(options, "w");
  if (format !== undefined) yield say(written(format, target, answer));
  return undefined;
}

/** curl shows its meter whenever its output is no terminal. */
function meter(bytes: number): string {
  const size = String(bytes).padStart(5);
  return [
    "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current",
    "                                 Dload  Upload   Total   Spent    Left  Speed",
    `100 ${size}  100 ${size}    0     0 ${String(bytes * 500).padStart(6)}      0 --:--:-- --:--:-- --:--:-- ${String(bytes * 500).padStart(5)}`,
    "",
  ].join("\n");
}

function written(format: string, target: WebAddress, { status, body }: HttpAnswer): string {
  const values: Readonly<Record<string, string>> = {
    http_code: String(status),
    response_code: String(status),
    size_download: String(body.length),
    url_effective: `${target.scheme}://${target.authority}${target.path}`,
    time_total: "0.002000",
    content_type: "text/html",
  };
  return format
    .replace(/%\{(\w+)\}/g, (_, name: string) => values[name] ?? "")
    .replaceAll("\\n", "\n")
    .replaceAll("\\t", "\t");
}
