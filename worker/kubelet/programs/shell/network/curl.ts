/** curl for http and https: what scripts use of it. Upstream: curl 8 src/tool_operate.c, lib/strerror.c. */
import type { Surroundings } from "#kubelet/programs/shell/commands.ts";
import { absolute } from "#kubelet/programs/shell/paths.ts";
import { byteLength } from "#apimachinery/byte-text.ts";
import type { HttpAnswer } from "#network/connection.ts";
import { lastPart, redirected, webAddress, type WebAddress } from "./address.ts";
import { Failure } from "./curl/failure.ts";
import { curlOptions } from "./curl/options.ts";
import { bodyOf, headersFor, methodOf } from "./curl/request.ts";
import { headerName, headText, meter, written } from "./curl/shown.ts";
import { trustedBy, untrustedFailure } from "./curl/trust.ts";
import {
  addressOf,
  ask,
  complain,
  givingUpMs,
  isSet,
  type Options,
  type Running,
  say,
  valueOf,
  valuesOf,
} from "./tool.ts";

const mostRedirects = 50;
const connectMs = 300_000;
const version = "8.17.0";

interface Asked {
  readonly options: Options;
  readonly here: Surroundings;
  /** What is sent along; undefined: nothing. */
  readonly body: string | undefined;
}

export function* curl(args: readonly string[], here: Surroundings, input: string): Running {
  const options = curlOptions(args);
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
  if (untrusted !== undefined) return untrustedFailure(untrusted, host);
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
