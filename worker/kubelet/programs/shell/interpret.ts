/**
 * Runs a script on an imagined clock: the moments at which it writes, changes a file or ends. A
 * generator, so that an endless loop costs only what somebody looks at.
 */
import type { Line } from "#kubelet/programs/process.ts";
import { commands, type Outcome, type Surroundings } from "./commands.ts";
import {
  type Node,
  parse,
  type Script,
  ShellSyntaxError,
  type Simple,
  type Word,
} from "./parse.ts";

export interface Moment {
  /** Since the start. */
  readonly atMs: number;
  readonly text?: string | undefined;
  readonly stream?: Line["stream"] | undefined;
  /** Files changed. */
  readonly files?: boolean | undefined;
  /** The shell ended with this code. */
  readonly code?: number | undefined;
  /** It became the image's own program. */
  readonly serves?: readonly string[] | undefined;
}

/** What a command costs; a loop that only computes slows down, as its terminal would. */
const commandMs = (commandsRun: number): number => (commandsRun < 1000 ? 2 : 250);

export interface ShellWorld extends Omit<Surroundings, "nowMs"> {
  readonly startedMs: number;
  /** Is this executable the image's own program? */
  serves(name: string): boolean;
}

/** Thrown inside to leave every loop at once. */
class Leaves {
  readonly code: number;
  constructor(code: number) {
    this.code = code;
  }
}
class Breaks {
  readonly goesOn: boolean;
  constructor(goesOn: boolean) {
    this.goesOn = goesOn;
  }
}

export class Shell {
  readonly #world: ShellWorld;
  #atMs: number;
  #code = 0;
  #run = 0;
  /** Slept at all: what comes after is a wait, not work. */
  slept = false;

  constructor(world: ShellWorld, atMs = 0) {
    this.#world = world;
    this.#atMs = atMs;
  }

  /** All moments of `sh -c text`; the last one ends it. */
  *run(text: string): Generator<Moment, void> {
    let script: Script;
    try {
      script = parse(text);
    } catch (error) {
      if (!(error instanceof ShellSyntaxError)) throw error;
      yield { atMs: this.#atMs, text: `sh: ${error.message}`, stream: "stderr" };
      yield { atMs: this.#atMs, code: 2 };
      return;
    }
    yield* this.#whole(this.#script(script));
  }

  /** One command, without a shell around it. */
  *command(argv: readonly string[]): Generator<Moment, void> {
    yield* this.#whole(this.#call(argv, ""));
  }

  *#whole(body: Generator<Moment, string | number>): Generator<Moment, void> {
    try {
      const result = yield* body;
      if (typeof result === "string") {
        for (const text of linesOf(result)) yield { atMs: this.#atMs, text, stream: "stdout" };
      }
    } catch (thrown) {
      if (thrown instanceof Leaves) this.#code = thrown.code;
      else if (!(thrown instanceof Breaks)) throw thrown;
    }
    yield { atMs: this.#atMs, code: this.#code };
  }

  *#script(script: Script): Generator<Moment, number> {
    for (const { on, node } of script) {
      if (on === "success" && this.#code !== 0) continue;
      if (on === "failure" && this.#code === 0) continue;
      const out = yield* this.#node(node, "");
      for (const text of linesOf(out)) yield { atMs: this.#atMs, text, stream: "stdout" };
    }
    return this.#code;
  }

  /** Runs one node; what it printed and nobody has shown yet. */
  *#node(node: Node, input: string): Generator<Moment, string> {
    switch (node.kind) {
      case "simple":
        return yield* this.#simple(node, input);
      case "pipe": {
        const out = yield* this.#captured([{ on: "always", node: node.from }]);
        return yield* this.#simple(node.to, out);
      }
      case "while": {
        for (;;) {
          yield* this.#script(node.test);
          if ((this.#code === 0) === node.until) break;
          if (yield* this.#loops(node.body)) break;
        }
        this.#code = 0;
        return "";
      }
      case "for": {
        const values: string[] = [];
        for (const word of node.words) values.push(...(yield* this.#expand(word)));
        for (const value of values) {
          this.#world.variables.set(node.variable, value);
          if (yield* this.#loops(node.body)) break;
        }
        return "";
      }
      case "if": {
        yield* this.#script(node.test);
        yield* this.#script(this.#code === 0 ? node.then : node.otherwise);
        return "";
      }
    }
  }

  /** One turn of a loop; true: leave it. */
  *#loops(body: Script): Generator<Moment, boolean> {
    this.#tick();
    try {
      yield* this.#script(body);
      return false;
    } catch (thrown) {
      if (thrown instanceof Breaks) return !thrown.goesOn;
      throw thrown;
    }
  }

  /** What a script prints, instead of showing it. */
  *#captured(script: Script): Generator<Moment, string> {
    let out = "";
    for (const moment of this.#script(script)) {
      if (moment.text === undefined || moment.stream === "stderr") yield moment;
      else out += `${moment.text}\n`;
    }
    return out;
  }

  #tick(): void {
    this.#atMs += commandMs(this.#run);
    this.#run += 1;
  }

  *#simple(simple: Simple, input: string): Generator<Moment, string> {
    const argv: string[] = [];
    for (const word of simple.words) argv.push(...(yield* this.#expand(word)));
    while (/^[A-Za-z_]\w*=/.test(argv[0] ?? "")) {
      const [name = "", ...rest] = (argv.shift() ?? "").split("=");
      this.#world.variables.set(name, rest.join("="));
    }
    const out = argv.length === 0 ? "" : yield* this.#call(argv, input);
    if (simple.into === undefined) return out;
    const [file = ""] = yield* this.#expand(simple.into.file);
    if (file === "/proc/1/fd/1" || file === "/dev/stdout" || file === "/dev/stderr") return out;
    if (file !== "/dev/null") {
      const before = simple.into.append ? (this.#world.files.get(file) ?? "") : "";
      this.#world.files.set(file, before + out);
      yield { atMs: this.#atMs, files: true };
    }
    return "";
  }

  *#call(argv: readonly string[], input: string): Generator<Moment, string> {
    const [path = "", ...args] = argv;
    const name = path.slice(path.lastIndexOf("/") + 1);
    this.#tick();
    switch (name) {
      case "exit":
        throw new Leaves(args[0] === undefined ? this.#code : Number(args[0]) & 255);
      case "break":
        throw new Breaks(false);
      case "continue":
        throw new Breaks(true);
      case "exec":
        return args.length === 0 ? "" : yield* this.#last(args);
      case "sleep":
        yield* this.#sleep(args);
        return "";
      case "tail":
        if (args.some((arg) => /^-\w*[fF]$/.test(arg))) yield* this.#forever();
        return "";
      case "sh":
      case "bash":
      case "ash":
        yield* this.#inner(args);
        return "";
    }
    if (this.#world.serves(name)) {
      yield { atMs: this.#atMs, serves: argv };
      yield* this.#forever();
    }
    const command = commands[name];
    if (command === undefined) {
      yield { atMs: this.#atMs, text: `sh: ${path}: not found`, stream: "stderr" };
      this.#code = 127;
      return "";
    }
    const here = { ...this.#world, nowMs: this.#world.startedMs + this.#atMs };
    const outcome: Outcome = command(args, here, input);
    this.#code = outcome.code;
    if (name === "touch" || name === "rm" || name === "tee")
      yield { atMs: this.#atMs, files: true };
    if (outcome.code === 0) return outcome.out;
    for (const text of linesOf(outcome.out)) yield { atMs: this.#atMs, text, stream: "stderr" };
    return "";
  }

  *#last(argv: readonly string[]): Generator<Moment, string> {
    const out = yield* this.#call(argv, "");
    for (const text of linesOf(out)) yield { atMs: this.#atMs, text, stream: "stdout" };
    throw new Leaves(this.#code);
  }

  *#inner(args: readonly string[]): Generator<Moment, void> {
    const at = args.findIndex((arg) => /^-\w*c\w*$/.test(arg));
    if (at < 0) return;
    try {
      yield* this.#script(parse(args[at + 1] ?? ""));
    } catch (thrown) {
      if (!(thrown instanceof Leaves)) throw thrown;
      this.#code = thrown.code;
    }
  }

  *#sleep(args: readonly string[]): Generator<Moment, void> {
    const ms = sleepMs(args);
    if (ms === undefined) yield* this.#forever();
    else {
      if (ms > 0) this.slept = true;
      this.#atMs += ms;
      this.#run = 0;
      this.#code = 0;
      yield { atMs: this.#atMs };
    }
  }

  /** Nothing happens any more. */
  *#forever(): Generator<Moment, never> {
    this.slept = true;
    this.#atMs = Number.POSITIVE_INFINITY;
    yield { atMs: Number.POSITIVE_INFINITY };
    throw new Leaves(0);
  }

  *#expand(word: Word): Generator<Moment, readonly string[]> {
    let text = "";
    let splits = false;
    for (const part of word.parts) {
      if ("text" in part) text += part.text;
      else if ("variable" in part) {
        text += this.#variable(part.variable);
        splits ||= !word.quoted;
      } else if ("sum" in part)
        text += String(sumOf(part.sum, (name) => Number(this.#variable(name)) || 0));
      else {
        text += (yield* this.#captured(part.script)).replace(/\n+$/, "");
        splits ||= !word.quoted;
      }
    }
    if (!splits) return word.quoted || text !== "" ? [text] : [];
    return text.split(/\s+/).filter((piece) => piece !== "");
  }

  #variable(name: string): string {
    if (name === "?") return String(this.#code);
    if (name === "HOSTNAME") return this.#world.variables.get(name) ?? this.#world.hostname;
    if (name === "RANDOM") return String((this.#run * 7919 + Math.floor(this.#atMs)) % 32_768);
    const [plain = "", fallback] = name.split(":-");
    return this.#world.variables.get(plain) || (fallback ?? "");
  }
}

/** `5`, `0.5`, `2m`, `1h 30m`; undefined: for ever. */
export function sleepMs(args: readonly string[]): number | undefined {
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

/** Integer arithmetic with the usual precedence; a wrong expression is 0. */
export function sumOf(text: string, variable: (name: string) => number): number {
  const tokens = text.match(/\d+|[A-Za-z_]\w*|[-+*/%()]|[<>]=?|[=!]=/g) ?? [];
  let at = 0;
  const atom = (): number => {
    const token = tokens[at++] ?? "0";
    if (token === "(") {
      const value = compare();
      at += 1;
      return value;
    }
    if (token === "-") return -atom();
    return /^\d/.test(token) ? Number(token) : variable(token);
  };
  const product = (): number => {
    let value = atom();
    for (let op = tokens[at]; op === "*" || op === "/" || op === "%"; op = tokens[at]) {
      at += 1;
      const right = atom();
      value =
        op === "*"
          ? value * right
          : right === 0
            ? 0
            : op === "/"
              ? Math.trunc(value / right)
              : value % right;
    }
    return value;
  };
  const sum = (): number => {
    let value = product();
    for (let op = tokens[at]; op === "+" || op === "-"; op = tokens[at]) {
      at += 1;
      value = op === "+" ? value + product() : value - product();
    }
    return value;
  };
  const compare = (): number => {
    const left = sum();
    const op = tokens[at];
    if (op === undefined || op === ")") return left;
    at += 1;
    const right = sum();
    const holds =
      op === "<"
        ? left < right
        : op === ">"
          ? left > right
          : op === "<="
            ? left <= right
            : op === ">="
              ? left >= right
              : op === "=="
                ? left === right
                : left !== right;
    return holds ? 1 : 0;
  };
  return compare();
}

const linesOf = (out: string): readonly string[] => {
  if (out === "") return [];
  const lines = out.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
};
