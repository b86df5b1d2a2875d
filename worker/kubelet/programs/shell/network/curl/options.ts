/** The options of curl that are known. Upstream: curl 8 src/tool_getparam.c. */
import { type Options, optionsOf } from "#kubelet/programs/shell/network/tool.ts";

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

export const curlOptions = (args: readonly string[]): Options =>
  optionsOf(args.map(shortened), valued, flags);

/** `--head` → `-I`, its value with it. */
function shortened(arg: string): string {
  const [, name = "", value] = /^--([a-z-]+)(?:=(.*))?$/.exec(arg) ?? [];
  const letter = Object.hasOwn(letters, name) ? letters[name] : undefined;
  return letter === undefined ? arg : `-${letter}${value ?? ""}`;
}
