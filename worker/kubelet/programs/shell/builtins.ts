/** Commands that are the shell's own, or run others: they take time, read, or change what the shell knows. */
import type { Frame } from "./frame.ts";
import type { Jobs } from "./jobs.ts";
import { Breaks, Leaves, Returns } from "./leaving.ts";
import type { Moments } from "./moment.ts";
import { parse } from "./parse.ts";
import { absolute } from "./paths.ts";
import type { Script } from "./syntax.ts";

/** What they need of the shell. */
export interface Running {
  readonly jobs: Jobs;
  readonly files: ReadonlyMap<string, string>;
  script(script: Script, frame: Frame): Moments;
  /** One command. */
  call(argv: readonly string[], frame: Frame): Moments;
  /** One command of `commands.ts`. */
  plain(argv: readonly string[], frame: Frame): Moments;
  print(text: string, frame: Frame, fd?: 1 | 2): Moments;
  wait(ms: number, frame: Frame): Moments;
  forever(frame: Frame): Moments<never>;
  /** A shell that reads its commands. */
  reading(shell: string, frame: Frame): Moments;
  /** Could it be run? */
  knows(name: string): boolean;
  /** The signal goes to the container's first process. */
  signal(argv: readonly string[], frame: Frame): Moments;
}
/** Undefined: it took no time. */
export type Builtin = (run: Running, args: readonly string[], frame: Frame) => Moments | void;

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** `5`, `0.5`, `2m`, `1h 30m`; undefined: for ever. */
function sleepMs(args: readonly string[]): number | undefined {
  const unit: Record<string, number> = {
    "": 1000,
    s: 1000,
    m: 60_000,
    h: 3_600_000,
    d: 86_400_000,
  };
  let total = 0;
  for (const arg of args) {
    const [, digits, suffix = ""] = /^(\d*\.?\d+)([smhd]?)$/.exec(arg) ?? [];
    if (digits === undefined) {
      if (arg === "infinity" || arg === "inf") return undefined;
      continue;
    }
    total += Number(digits) * (unit[suffix] ?? 1000);
  }
  return Math.round(total);
}

function* sleep(run: Running, args: readonly string[], frame: Frame): Moments {
  const ms = sleepMs(args);
  if (ms === undefined) yield* run.forever(frame);
  else yield* run.wait(ms, frame);
  frame.state.code = 0;
}

/** `read a b`: one line, its words into variables, what is left into the last; 1 at the end of the input. */
function* read(run: Running, args: readonly string[], { state, source, ...frame }: Frame): Moments {
  const isRaw = args.some((arg) => /^-[a-zA-Z]*r/.test(arg));
  const prompt = args[args.indexOf("-p") + 1];
  if (args.includes("-p") && prompt !== undefined)
    yield* run.print(prompt, { state, source, ...frame }, 2);
  const names = args.filter(
    (arg, at) =>
      !arg.startsWith("-") && !["-p", "-t", "-n", "-d", "-u"].includes(args[at - 1] ?? ""),
  );
  let line = yield* source.line();
  const isOver = line === undefined;
  while (!isRaw && line?.endsWith("\\") === true) {
    const next: string | undefined = yield* source.line();
    line = line.slice(0, -1) + (next ?? "");
    if (next === undefined) break;
  }
  const separators = state.variables.get("IFS") ?? " \t\n";
  let rest = isRaw ? (line ?? "") : (line ?? "").replaceAll(/\\(.)/g, "$1");
  const all = names.length === 0 ? ["REPLY"] : names;
  for (const [i, name] of all.entries()) {
    const isBlank = (c: string): boolean => /\s/.test(c) && separators.includes(c);
    while (rest !== "" && isBlank(rest[0] ?? "")) rest = rest.slice(1);
    let end = 0;
    if (i === all.length - 1) {
      end = rest.length;
      while (end > 0 && isBlank(rest[end - 1] ?? "")) end -= 1;
    } else while (end < rest.length && !separators.includes(rest[end] ?? "")) end += 1;
    state.variables.set(name, rest.slice(0, end));
    rest = rest.slice(end + 1);
  }
  state.code = isOver ? 1 : 0;
}

/** `sh -c text name args`, `sh file`, `sh`. */
const inner = (shell: string): Builtin =>
  function* (run: Running, args: readonly string[], frame: Frame): Moments {
    const at = args.findIndex((arg) => /^-\w*c\w*$/.test(arg));
    const flags = args.slice(0, at < 0 ? 0 : at + 1).join("");
    const operand = at < 0 ? args.findIndex((arg) => !arg.startsWith("-")) : -1;
    const file = operand < 0 ? undefined : args[operand];
    const path = file === undefined ? "" : absolute(file, frame.state.variables);
    const text = at < 0 ? run.files.get(path) : (args[at + 1] ?? "");
    const given = at < 0 ? args.slice(operand) : args.slice(at + 2);
    const { state } = frame;
    const options = new Set(["e", "u", "x"].filter((one) => flags.includes(one)));
    const own = { ...state, arguments: given.length === 0 ? [shell] : given, options };
    own.variables = new Map(state.variables);
    own.functions = new Map();
    own.traps = new Map();
    const there = { ...frame, state: own, isTested: false };
    try {
      if (text !== undefined) yield* run.script(parse(text), there);
      else if (file === undefined) {
        own.code = 0;
        yield* run.reading(shell, there);
      } else {
        own.code = 2;
        const why = `${shell}: can't open '${file}': No such file or directory\n`;
        yield* run.print(why, frame, 2);
      }
      yield* exitTrap(run, there);
    } catch (thrown) {
      if (!(thrown instanceof Leaves)) throw thrown;
      own.code = thrown.code;
      yield* exitTrap(run, there);
    }
    state.code = own.code;
  };

/** What `trap … EXIT` left to do. */
export function* exitTrap(run: Running, frame: Frame): Moments {
  const { traps, code } = frame.state;
  const text = traps.get("EXIT");
  if (text === undefined) return;
  traps.delete("EXIT");
  yield* run.script(parse(text), frame);
  frame.state.code = code;
}

function* exec(run: Running, args: readonly string[], frame: Frame): Moments {
  if (args.length === 0) return;
  yield* run.call(args, frame);
  throw new Leaves(frame.state.code);
}

function* tail(run: Running, args: readonly string[], frame: Frame): Moments {
  if (!args.some((arg) => /^-\w*[fF]$/.test(arg) || arg === "--follow"))
    return yield* run.plain(["tail", ...args], frame);
  const rest = args
    .filter((arg) => arg !== "--follow")
    .map((arg) => arg.replace(/^-(\w*)[fF]$/, "-$1"));
  const plain = rest.filter((arg) => arg !== "-");
  if (plain.some((arg) => !arg.startsWith("-"))) yield* run.plain(["tail", ...plain], frame);
  yield* run.forever(frame);
}

/** `set -e`, `set -o pipefail`, `set -- a b`. */
function set(_: Running, args: readonly string[], { state }: Frame): void {
  state.code = 0;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    if (arg === "--") {
      state.arguments = [state.arguments[0] ?? "sh", ...args.slice(at + 1)];
      return;
    }
    if (!/^[-+]/.test(arg)) {
      state.arguments = [state.arguments[0] ?? "sh", ...args.slice(at)];
      return;
    }
    for (const letter of arg.slice(1)) {
      const name =
        letter === "o" ? (longOptions[args[at + 1] ?? ""] ?? args[at + 1] ?? "") : letter;
      if (arg.startsWith("-")) state.options.add(name);
      else state.options.delete(name);
    }
    if (/o/.test(arg)) at += 1;
  }
}
const longOptions: Readonly<Record<string, string>> = { errexit: "e", nounset: "u", xtrace: "x" };

function* trap(run: Running, args: readonly string[], frame: Frame): Moments {
  const { traps } = frame.state;
  frame.state.code = 0;
  const words = args[0] === "--" ? args.slice(1) : args;
  if (words.length === 0) {
    for (const [name, text] of traps) yield* run.print(`trap -- '${text}' ${name}\n`, frame);
    return;
  }
  const [text = "", ...signals] = words.length === 1 ? ["-", ...words] : words;
  for (const signal of signals) {
    const name =
      signal === "0" ? "EXIT" : (numbered[signal] ?? signal.replace(/^SIG/, "").toUpperCase());
    if (text === "-") traps.delete(name);
    else traps.set(name, text);
  }
}
const numbered: Readonly<Record<string, string>> = {
  "1": "HUP",
  "2": "INT",
  "3": "QUIT",
  "15": "TERM",
};

function* wait(run: Running, args: readonly string[], { state }: Frame): Moments {
  const asked = args.filter((arg) => /^\d+$/.test(arg)).map(Number);
  state.code = 0;
  for (const pid of asked.length === 0 ? run.jobs.all : asked) {
    const code = yield* run.jobs.ends(pid, state.clock);
    if (asked.length > 0) state.code = code ?? 127;
  }
}

/** A job of this shell, or the container's first process. */
function* kill(run: Running, args: readonly string[], frame: Frame): Moments {
  const pids = args.filter((arg, at) => !arg.startsWith("-") && args[at - 1] !== "-s");
  const jobs = pids.map((pid) => Number(pid.replace(/^%/, ""))).filter((pid) => run.jobs.has(pid));
  if (jobs.length !== pids.length || pids.length === 0) return yield* run.signal(args, frame);
  frame.state.code = 0;
  if (!args.includes("-0")) for (const pid of jobs) run.jobs.kill(pid);
}

function local(_: Running, args: readonly string[], { state }: Frame): void {
  state.code = 0;
  for (const arg of args) {
    const equals = arg.indexOf("=");
    const name = equals < 0 ? arg : arg.slice(0, equals);
    const { locals, variables } = state;
    if (locals?.has(name) === false) locals.set(name, variables.get(name));
    if (equals >= 0) variables.set(name, arg.slice(equals + 1));
    else variables.delete(name);
  }
}

/** `command -v name`, `type name`, `which name`. */
const finds = (say: (name: string, path: string | undefined) => string | undefined) =>
  function* (run: Running, args: readonly string[], frame: Frame): Moments {
    frame.state.code = 0;
    for (const name of args.filter((arg) => !arg.startsWith("-"))) {
      const isOwn = frame.state.functions.has(name) || Object.hasOwn(builtins, name);
      const isThere = isOwn || run.knows(name);
      const path = isThere
        ? isOwn && !pathed.has(name)
          ? name
          : `/bin/${baseName(name)}`
        : undefined;
      const text = say(name, path);
      if (path === undefined) frame.state.code = 127;
      if (text !== undefined) yield* run.print(text, frame);
    }
  };
/** Those that are files as well. */
export const pathed: ReadonlySet<string> = new Set([
  "sh",
  "bash",
  "ash",
  "sleep",
  "tail",
  "xargs",
  "timeout",
  "env",
  "nohup",
]);
const found = finds((_, path) => (path === undefined ? undefined : `${path}\n`));

function* xargs(run: Running, args: readonly string[], frame: Frame): Moments {
  const at = args.findIndex(
    (arg, i) => !arg.startsWith("-") && !["-n", "-I", "-L", "-P"].includes(args[i - 1] ?? ""),
  );
  const options = at < 0 ? args : args.slice(0, at);
  const command = at < 0 ? ["echo"] : args.slice(at);
  const mark = options[options.indexOf("-I") + 1];
  const text = yield* frame.source.all();
  const words = options.includes("-I")
    ? text.split("\n").filter(Boolean)
    : text.split(/\s+/).filter(Boolean);
  const most = options.includes("-n")
    ? Number(options[options.indexOf("-n") + 1])
    : options.includes("-I")
      ? 1
      : words.length;
  let code = 0;
  for (
    let i = 0;
    i < Math.max(words.length, options.includes("-r") ? 0 : 1);
    i += Math.max(1, most)
  ) {
    const some = words.slice(i, i + Math.max(1, most));
    const argv =
      options.includes("-I") && mark !== undefined
        ? command.map((word) => word.replaceAll(mark, some[0] ?? ""))
        : [...command, ...some];
    yield* run.call(argv, frame);
    if (frame.state.code !== 0) code = 123;
  }
  frame.state.code = code;
}

/** Upstream: busybox coreutils/timeout.c: 143 when it was ended. */
function* timeout(run: Running, args: readonly string[], frame: Frame): Moments {
  const at = args.findIndex(
    (arg, i) => !arg.startsWith("-") && !["-s", "-k"].includes(args[i - 1] ?? ""),
  );
  const limitMs = sleepMs([args[at] ?? ""]);
  const { clock } = frame.state;
  const endMs = clock.atMs + (limitMs ?? Number.POSITIVE_INFINITY);
  const moments = run.call(args.slice(at + 1), frame);
  for (let next = moments.next(); next.done !== true; next = moments.next()) {
    if (next.value.atMs > endMs) {
      moments.return();
      clock.atMs = endMs;
      clock.workMs = 0;
      yield { atMs: endMs };
      frame.state.code = 143;
      return;
    }
    yield next.value;
  }
}

/** `env A=b command`. */
function* env(run: Running, args: readonly string[], frame: Frame): Moments {
  const { variables } = frame.state;
  const at = args.findIndex((arg) => !arg.includes("=") && !arg.startsWith("-"));
  const set = at < 0 ? args : args.slice(0, at);
  const own = new Map(set.includes("-i") ? [] : variables);
  for (const arg of set.filter((one) => one.includes("=")))
    own.set(arg.slice(0, arg.indexOf("=")), arg.slice(arg.indexOf("=") + 1));
  const there = { ...frame, state: { ...frame.state, variables: own } };
  if (at < 0) yield* run.plain(["env"], there);
  else yield* run.call(args.slice(at), there);
  frame.state.code = there.state.code;
}

function* sourced(run: Running, args: readonly string[], frame: Frame): Moments {
  const [name = ""] = args;
  const text = run.files.get(absolute(name, frame.state.variables));
  if (text !== undefined) return yield* run.script(parse(text), frame);
  yield* run.print(`sh: .: can't open '${name}': No such file or directory\n`, frame, 2);
  throw new Leaves(2);
}

const number = (text: string | undefined, otherwise: number): number =>
  text === undefined ? otherwise : Number(text);

export const builtins: Readonly<Record<string, Builtin>> = {
  exit(_, [code], { state }) {
    throw new Leaves(number(code, state.code) & 255);
  },
  return(_, [code], { state }) {
    state.code = number(code, state.code) & 255;
    throw new Returns();
  },
  break(_, [loops], { state }) {
    state.code = 0;
    throw new Breaks(false, number(loops, 1));
  },
  continue(_, [loops], { state }) {
    state.code = 0;
    throw new Breaks(true, number(loops, 1));
  },
  exec,
  sleep,
  read,
  tail,
  set,
  trap,
  wait,
  kill,
  local,
  xargs,
  timeout,
  env,
  sh: inner("sh"),
  bash: inner("bash"),
  ash: inner("ash"),
  ".": sourced,
  source: sourced,
  *eval(run, args, frame) {
    frame.state.code = 0;
    yield* run.script(parse(args.join(" ")), frame);
  },
  shift(_, [count], { state }) {
    const by = number(count, 1);
    state.code = by < state.arguments.length ? 0 : 1;
    if (state.code === 0)
      state.arguments = [state.arguments[0] ?? "sh", ...state.arguments.slice(by + 1)];
  },
  unset(_, args, { state }) {
    state.code = 0;
    for (const name of args) {
      if (!args.includes("-f")) state.variables.delete(name);
      else state.functions.delete(name);
    }
  },
  *command(run, args, frame) {
    if (/^-[vV]$/.test(args[0] ?? "")) return yield* found(run, args, frame);
    yield* run.call(args, frame);
  },
  *nohup(run, args, frame) {
    yield* run.call(args, frame);
  },
  which: found,
  type: finds((name, path) =>
    path === undefined
      ? `${name}: not found\n`
      : path === name
        ? `${name} is a shell builtin\n`
        : `${name} is ${path}\n`,
  ),
};
