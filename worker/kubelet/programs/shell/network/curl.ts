/** curl for http and https: what scripts use of it. Upstream: curl 8 src/tool_getparam.c, lib/strerror.c. */
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
  disable: "q",
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
  get: "G",
  "upload-file": "T",
  user: "u",
  "no-buffer": "N",
  globoff: "g",
  ipv4: "4",
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
  "T",
  "connect-timeout",
  "retry",
  "retry-delay",
  "retry-max-time",
  "cacert",
  "data-raw",
  "data-binary",
  "data-urlencode",
  "json",
  "oauth2-bearer",
  "url",
];
const flags = [
  // There is no .curlrc to read or not to read.
  "q",
  "s",
  "S",
  "O",
  "I",
  "i",
  "f",
  "k",
  "L",
  "v",
  "G",
  "N",
  "g",
  "4",
  "compressed",
  "fail-with-body",
  "retry-all-errors",
  "retry-connrefused",
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

interface Asked {
  readonly options: Options;
  readonly here: Surroundings;
  /** What is sent along; undefined: nothing. */
  readonly body: string | undefined;
}

export function* curl(args: readonly string[], here: Surroundings, input: string): Running {
  const options = optionsOf(args.map(shortened), valued, flags);
  if (options.unknown !== undefined) {
    const name = options.unknown.startsWith("--") ? options.unknown : `-${options.unknown}`;
    yield complain(
      `curl: option ${name}: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n`,
    );
    return 2;
  }
  const urls = [...valuesOf(options, "url"), ...options.operands];
  if (urls.length === 0) {
    yield complain("curl: (2) no URL specified\n");
    return 2;
  }
  const body = bodyOf(options, here, input);
  if (body instanceof Failure) {
    yield complain(`curl: option ${body.text}\n`);
    return body.code;
  }
  let code = 0;
  for (const url of urls) {
    const found = yield* fetched(url, { options, here, body });
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

/** Options whose values together are the body, in order. */
const dataNames: ReadonlySet<string> = new Set([
  "d",
  "data-raw",
  "data-binary",
  "data-urlencode",
  "json",
  "T",
]);

/** Upstream: curl src/tool_getparam.c set_data. */
function bodyOf({ set }: Options, here: Surroundings, input: string): string | Failure | undefined {
  const pieces: string[] = [];
  for (const [name, value] of set) {
    if (!dataNames.has(name)) continue;
    const isFile = name === "T" || (value.startsWith("@") && name !== "data-raw");
    if (!isFile) {
      pieces.push(name === "data-urlencode" ? urlEncoded(value) : value);
      continue;
    }
    const path = name === "T" ? value : value.slice(1);
    const text = path === "-" ? input : here.files.get(absolute(path, here.variables));
    if (text === undefined)
      return new Failure(
        26,
        `-${name.length > 1 ? `-${name}` : name}: error encountered when reading a file`,
      );
    // What --data reads loses its line ends.
    pieces.push(name === "d" ? text.replaceAll(/[\r\n]/g, "") : text);
  }
  return pieces.length === 0
    ? undefined
    : pieces.join(set.some(([name]) => name === "json") ? "" : "&");
}

function urlEncoded(value: string): string {
  const equals = value.indexOf("=");
  const encodedValue = encodeURIComponent(value.slice(equals + 1));
  return equals <= 0 ? encodedValue : `${value.slice(0, equals)}=${encodedValue}`;
}

function* fetched(url: string, asked: Asked): Running<Failure | undefined> {
  const { options } = asked;
  let target = webAddress(url);
  for (let left = mostRedirects; ; left -= 1) {
    if (target === undefined)
      return new Failure(3, "URL rejected: Malformed input to a URL function");
    if (left === 0) return new Failure(47, `Maximum (${mostRedirects}) redirects followed`);
    const answer = yield* exchanged(target, asked);
    if (answer instanceof Failure) return answer;
    const { status, location } = answer;
    if (isSet(options, "L") && status >= 300 && status < 400 && location !== undefined) {
      target = redirected(target, location);
      continue;
    }
    return yield* shown(target, answer, asked);
  }
}

function* exchanged(
  { scheme, host, authority, path, port }: WebAddress,
  asked: Asked,
): Running<HttpAnswer | Failure> {
  const { options, here } = asked;
  const isTls = scheme === "https";
  const trusts = isTls ? trustedBy(options, here) : undefined;
  if (trusts instanceof Failure) return trusts;
  const ip = yield* addressOf(host, here);
  if (ip === undefined) return new Failure(6, `Could not resolve host: ${host}`);
  const isQuery = isSet(options, "G");
  const body = isQuery ? undefined : asked.body;
  const target =
    isQuery && asked.body !== undefined
      ? `${path}${path.includes("?") ? "&" : "?"}${asked.body}`
      : path;
  const method = valueOf(options, "X") ?? methodOf(options, body);
  const userAgent = valueOf(options, "A") ?? `curl/${version}`;
  const headers = { host: authority, accept: "*/*", ...headersFor(options, body) };
  const heard = yield* ask("http", {
    to: { ip, port },
    ...(isTls ? { tls: { name: host, trusts } } : {}),
    request: {
      method,
      path: target,
      userAgent,
      headers,
      ...(body === undefined ? {} : { body }),
    },
  });
  const isVerbose = isSet(options, "v");
  if (isVerbose) yield complain(`*   Trying ${ip}:${port}...\n`);
  const { state, answer, untrusted } = heard;
  if (state !== "open") return yield* unconnected({ host, port }, state, options);
  if (untrusted !== undefined)
    return new Failure(60, `${untrustedText[untrusted](host)}\n${untrustedHelp}`);
  if (answer === undefined)
    return isTls
      ? new Failure(35, "TLS connect error: error:0A00010B:SSL routines::wrong version number")
      : new Failure(52, "Empty reply from server");
  if (isVerbose)
    yield complain(
      [
        `* Established connection to ${host} (${ip} port ${port}) from this Pod`,
        `> ${method} ${target} HTTP/${isTls ? "2" : "1.1"}`,
        `> Host: ${authority}`,
        `> User-Agent: ${userAgent}`,
        ...Object.entries(headers)
          .filter(([name]) => name !== "host")
          .map(([name, value]) => `> ${headerName(name, isTls)}: ${value}`),
        "> ",
        ...headText(answer, here.nowMs, isTls).map((line) => `< ${line}`),
        "",
      ].join("\n"),
    );
  return answer;
}

const methodOf = (options: Options, body: string | undefined): string =>
  isSet(options, "I") ? "HEAD" : isSet(options, "T") ? "PUT" : body === undefined ? "GET" : "POST";

/** Those that were asked for, and what a body and a user bring along. */
function headersFor(options: Options, body: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  const isJson = isSet(options, "json");
  if (isJson) headers["accept"] = "application/json";
  if (body !== undefined && !isSet(options, "T"))
    headers["content-type"] = isJson ? "application/json" : "application/x-www-form-urlencoded";
  const [user, bearer] = [valueOf(options, "u"), valueOf(options, "oauth2-bearer")];
  if (user !== undefined) headers["authorization"] = `Basic ${btoa(user)}`;
  if (bearer !== undefined) headers["authorization"] = `Bearer ${bearer}`;
  for (const line of valuesOf(options, "H")) {
    const [name = "", ...value] = line.split(":");
    const text = value.join(":").trim();
    // `-H name:` takes a header away.
    if (text === "") delete headers[name.trim().toLowerCase()];
    else headers[name.trim().toLowerCase()] = text;
  }
  return headers;
}

/** The authorities it believes; undefined: it asks for none. */
function trustedBy(
  options: Options,
  { files, variables }: Surroundings,
): string | Failure | undefined {
  if (isSet(options, "k")) return undefined;
  const path =
    valueOf(options, "cacert") ?? variables.get("CURL_CA_BUNDLE") ?? variables.get("SSL_CERT_FILE");
  if (path === undefined) return "";
  return (
    files.get(absolute(path, variables)) ??
    new Failure(77, `error setting certificate file: ${path}`)
  );
}

const untrustedText = {
  issuer: () => "SSL certificate problem: unable to get local issuer certificate",
  name: (host: string) =>
    `SSL: no alternative certificate subject name matches target host name '${host}'`,
} as const;
const untrustedHelp =
  "More details here: https://curl.se/docs/sslcerts.html\n\ncurl failed to verify the legitimacy of the server and therefore could not\nestablish a secure connection to it. To learn more about this situation and\nhow to fix it, please visit the webpage mentioned above.";

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

/** Over TLS the servers here speak HTTP/2, in which names are small and the status has no text. */
const headText = (answer: HttpAnswer, nowMs: number, isTls: boolean): readonly string[] => [
  isTls ? `HTTP/2 ${answer.status} ` : statusLine(answer.status),
  ...headersOf(answer, nowMs).map(([name, value]) => `${headerName(name, isTls)}: ${value}`),
  "",
];
const headerName = (name: string, isTls: boolean): string =>
  isTls ? name.toLowerCase() : name.replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase());

function* shown(
  target: WebAddress,
  answer: HttpAnswer,
  { options, here }: Asked,
): Running<Failure | undefined> {
  const { status, body, staysOpenMs } = answer;
  const failure = new Failure(22, `The requested URL returned error: ${status}`);
  if (isSet(options, "f") && status >= 400) return failure;
  const isHead = isSet(options, "I");
  const isTls = target.scheme === "https";
  const head =
    isHead || isSet(options, "i") ? `${headText(answer, here.nowMs, isTls).join("\r\n")}\r\n` : "";
  const text = head + (isHead ? "" : body);
  const file = valueOf(options, "o") ?? (isSet(options, "O") ? lastPart(target.path) : "-");
  if (!isSet(options, "s", "no-progress-meter")) yield complain(meter(text.length));
  if (file === "-") yield say(text);
  else yield { write: absolute(file, here.variables), text };
  const format = valueOf(options, "w");
  if (format !== undefined) yield say(written(format, target, answer));
  if (staysOpenMs !== undefined) {
    const lastsMs = staysOpenMs ?? Number.POSITIVE_INFINITY;
    const limitMs = Number(valueOf(options, "m") ?? Number.POSITIVE_INFINITY) * 1000;
    yield { waitMs: Math.min(lastsMs, limitMs) };
    if (limitMs < lastsMs)
      return new Failure(
        28,
        `Operation timed out after ${limitMs + 1} milliseconds with ${byteLength(body)} bytes received`,
      );
  }
  return isSet(options, "fail-with-body") && status >= 400 ? failure : undefined;
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

function written(
  format: string,
  target: WebAddress,
  { status, body, headers }: HttpAnswer,
): string {
  const values: Readonly<Record<string, string>> = {
    http_code: String(status),
    response_code: String(status),
    size_download: String(byteLength(body)),
    url_effective: `${target.scheme}://${target.authority}${target.path}`,
    time_total: "0.002000",
    content_type: headers?.["Content-Type"] ?? "text/html",
  };
  return format
    .replace(/%\{(\w+)\}/g, (_, name: string) => values[name] ?? "")
    .replaceAll("\\n", "\n")
    .replaceAll("\\t", "\t");
}
