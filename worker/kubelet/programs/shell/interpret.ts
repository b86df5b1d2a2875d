/**
 * Runs a script on an imagined clock: the moments at which it writes, changes a file or ends. A
 * generator, so that an endless loop costs only what somebody looks at.
 */
import type { Hears, Line } from "#kubelet/programs/process.ts";
import type { Call, Heard } from "#network/calls.ts";
import { commands, readsInput, type Surroundings } from "./commands.ts";
import type { Input } from "./input.ts";
import { commandOf, continuationPrompt, promptOf } from "./interactive.ts";
import type { Outcome } from "./outcome.ts";
import { tools } from "./network/registry.ts";
import { type Tool, uploadsInput } from "./network/tool.ts";
import { absolute } from "./paths.ts";
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
  /** No newline follows the text. */
  readonly open?: boolean | undefined;
  readonly stream?: Line["stream"] | undefined;
  /** It waits for input. `prompt`: as a shell between two commands, with nothing else to remember. */
  readonly reads?: "input" | "prompt" | undefined;
  /** It waits for what the network says to this. */
  readonly asks?: Call | undefined;
  /** A signal for the container's first process. */
  readonly signal?: string | undefined;
  /** Files changed. */
  readonly files?: boolean | undefined;
  /** The shell ended with this code. */
  readonly code?: number | undefined;
  /** It became the image's own program. */
  readonly serves?: readonly string[] | undefined;
}

/** What a command costs; a loop that only computes slows down, as its terminal would. */
const commandMs = (commandsRun: number): number => (commandsRun < 1000 ? quickMs : 250);
const quickMs = 2;

/**
 * What a call to the network costs, by how many there were.
 * Differs: a script that calls for ever is slowed down, after 200 calls to one a second and later to one a minute,
 * because what it heard is kept on its node's disk.
 */
const callMs = (calls: number): number =>
  calls < 200 ? 1 : calls < 1000 ? 1000 : calls < 3000 ? 10_000 : 60_000;
/** So many calls are work; those after them are waited for. */
const workCalls = 20;

/** 128 + SIGINT. */
const interruptedCode = 130;

export interface ShellWorld extends Omit<Surroundings, "nowMs"> {
  readonly startedMs: number;
  /** Is this executable the image's own program? */
  serves(name: string): boolean;
  /** What is typed or piped into it; undefined: nothing, ever. */
  readonly input?: Input | undefined;
  /** Which commands that use the network there are; undefined: all. */
  readonly tools?: readonly string[] | undefined;
  /** Missing: nobody answers yet. */
  readonly hears?: Hears | undefined;
}

/** Thrown inside to leave every loop at once. */
class Leaves {
  readonly code: number;
  constructor(code: number) {
    this.code = code;
  }
}
/** Thrown inside when the terminal's Ctrl-C ends what runs. */
class Interrupted {}
class Breaks {
  readonly goesOn: boolean;
  constructor(goesOn: boolean) {
    this.goesOn = goesOn;
  }
}

/** A redirection from a file that is not there. */
const unreadable = Symbol("unreadable");

export class Shell {
  readonly #world: ShellWorld;
  #atMs: number;
  #code = 0;
  #run = 0;
  /** Calls to the network. */
  #calls = 0;
  /** What commands took since the clock was last looked at. */
  #workMs = 0;
  /** Slept at all: what comes after is a wait, not work. */
  slept = false;

  constructor(world: ShellWorld, atMs = 0, code = 0) {
    this.#world = world;
    this.#atMs = atMs;
    this.#code = code;
  }

  /** When the moment told last is due for somebody who watches: what commands take is not waited for. */
  get dueMs(): number {
    return this.#atMs - this.#workMs;
  }
  /** The status of the last command. */
  get code(): number {
    return this.#code;
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
    yield* this.#whole(this.#call(argv));
  }

  /** A shell that reads commands from its input; `isGoingOn`: it has shown its prompt already. */
  *interactive(shell: string, isGoingOn = false): Generator<Moment, void> {
    yield* this.#whole(this.#reading(shell, { isOutermost: true, isGoingOn }));
  }

  /** As after something that never ends by itself; a shell that was interrupted in it goes on. */
  *stuck(shell: string | undefined): Generator<Moment, void> {
    yield* this.#whole(this.#stuck(shell));
  }

  *#stuck(shell: string | undefined): Generator<Moment, void> {
    try {
      yield* this.#forever();
    } catch (thrown) {
      if (!(thrown instanceof Interrupted) || shell === undefined) throw thrown;
      this.#code = interruptedCode;
    }
    yield* this.#reading(shell ?? "", { isOutermost: true, isGoingOn: false });
  }

  *#whole(body: Generator<Moment, string | number | void>): Generator<Moment, void> {
    try {
      const result = yield* body;
      if (typeof result === "string") yield* this.#print(result);
    } catch (thrown) {
      if (thrown instanceof Leaves) this.#code = thrown.code;
      else if (thrown instanceof Interrupted) this.#code = interruptedCode;
      else if (!(thrown instanceof Breaks)) throw thrown;
    }
    yield { atMs: this.#atMs, code: this.#code };
  }

  *#print(out: string, stream: Line["stream"] = "stdout"): Generator<Moment, void> {
    for (const { text, open } of linesOf(out))
      yield { atMs: this.#atMs, text, stream, ...(open ? { open } : {}) };
  }

  *#reading(
    shell: string,
    { isOutermost, isGoingOn }: { readonly isOutermost: boolean; readonly isGoingOn: boolean },
  ): Generator<Moment, void> {
    const { input, hostname, variables } = this.#world;
    if (input === undefined) return;
    let lines = "";
    let isPrompted = isGoingOn;
    for (;;) {
      const prompt = lines === "" ? promptOf(shell, hostname, variables) : continuationPrompt;
      if (input.isTerminal && !isPrompted) yield* this.#print(prompt);
      isPrompted = false;
      try {
        yield* this.#awaits(
          () => input.text.includes("\n"),
          isOutermost && lines === "" ? "prompt" : "input",
        );
        const line = input.takeLine();
        if (line === undefined) return;
        lines += `${line}\n`;
        const script = commandOf(lines, input.isOver && input.text === "");
        if (script === undefined) continue;
        lines = "";
        yield* this.#script(script);
      } catch (thrown) {
        lines = "";
        if (thrown instanceof Interrupted) this.#code = interruptedCode;
        else if (thrown instanceof ShellSyntaxError) {
          this.#code = 2;
          yield* this.#print(`${shell}: ${thrown.message}\n`, "stderr");
        } else if (!(thrown instanceof Breaks)) throw thrown;
      }
    }
  }

  /** Lets time and people pass until there is enough to read, or no more will come. */
  *#awaits(enough: () => boolean, reads: Moment["reads"]): Generator<Moment, void> {
    const { input } = this.#world;
    if (input === undefined) return;
    while (!input.isOver && !enough()) {
      yield { atMs: this.#atMs, reads };
      this.#lookUp(input);
    }
  }

  /** After a wait: what time it is, and whether somebody pressed Ctrl-C. */
  #lookUp(input: Input): void {
    if (input.interrupted || input.elapsedMs > this.#atMs) {
      this.#atMs = input.elapsedMs;
      this.#workMs = 0;
      this.#run = 0;
    }
    if (!input.interrupted) return;
    input.interrupted = false;
    throw new Interrupted();
  }

  *#allInput(): Generator<Moment, string> {
    const { input } = this.#world;
    if (input === undefined) return "";
    yield* this.#awaits(() => false, "input");
    const all = input.take();
    input.ended = false;
    return all;
  }

  *#script(script: Script): Generator<Moment, number> {
    for (const { on, node } of script) {
      if (on === "success" && this.#code !== 0) continue;
      if (on === "failure" && this.#code === 0) continue;
      yield* this.#print(yield* this.#node(node));
    }
    return this.#code;
  }

  /** Runs one node; what it printed and nobody has shown yet. */
  *#node(node: Node): Generator<Moment, string> {
    switch (node.kind) {
      case "simple":
        return yield* this.#simple(node);
      case "pipe": {
        const out = yield* this.#captured(this.#script([{ on: "always", node: node.from }]));
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

  /** What is printed meanwhile, instead of showing it. */
  *#captured(body: Generator<Moment, string | number>): Generator<Moment, string> {
    let out = "";
    let next = body.next();
    for (; !next.done; next = body.next()) {
      const { text, stream, open } = next.value;
      if (text === undefined || stream === "stderr") yield next.value;
      else out += open ? text : `${text}\n`;
    }
    return typeof next.value === "string" ? out + next.value : out;
  }

  #tick(): void {
    const { input } = this.#world;
    if (input?.interrupted === true) this.#lookUp(input);
    const ms = commandMs(this.#run);
    this.#atMs += ms;
    if (ms === quickMs) this.#workMs += ms;
    this.#run += 1;
  }

  /** `given`: what comes through a pipe; without one it may read the shell's own input. */
  *#simple(simple: Simple, given?: string): Generator<Moment, string> {
    const argv: string[] = [];
    for (const word of simple.words) argv.push(...(yield* this.#expand(word)));
    while (/^[A-Za-z_]\w*=/.test(argv[0] ?? "")) {
      const [name = "", ...rest] = (argv.shift() ?? "").split("=");
      this.#world.variables.set(name, rest.join("="));
    }
    const input = simple.from === undefined ? given : yield* this.#redirected(simple.from);
    if (input === unreadable) return "";
    if (simple.toErrors === true) {
      yield* this.#print(yield* this.#captured(this.#call(argv, input)), "stderr");
      return "";
    }
    if (simple.into === undefined) return argv.length === 0 ? "" : yield* this.#call(argv, input);
    const [target = ""] = yield* this.#expand(simple.into.file);
    const out = argv.length === 0 ? "" : yield* this.#captured(this.#call(argv, input));
    const file = absolute(target, this.#world.variables);
    if (file === "/proc/1/fd/1" || file === "/dev/stdout" || file === "/dev/stderr") return out;
    if (file !== "/dev/null") {
      const refusal = this.#world.refusesWrite?.(file);
      if (refusal !== undefined) {
        this.#code = 1;
        yield* this.#print(`sh: can't create ${target}: ${refusal}\n`, "stderr");
        return "";
      }
      const before = simple.into.append ? (this.#world.files.get(file) ?? "") : "";
      this.#world.files.set(file, before + out);
      yield { atMs: this.#atMs, files: true };
    }
    return "";
  }

  *#redirected(from: Word): Generator<Moment, string | typeof unreadable> {
    const [name = ""] = yield* this.#expand(from);
    const text = this.#world.files.get(absolute(name, this.#world.variables));
    if (text !== undefined) return text;
    this.#code = 1;
    yield* this.#print(`sh: can't open ${name}: no such file\n`, "stderr");
    return unreadable;
  }

  *#call(argv: readonly string[], given?: string): Generator<Moment, string> {
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
        if (!args.some((arg) => /^-\w*[fF]$/.test(arg))) break;
        yield* this.#forever();
        return "";
      case "read":
        yield* this.#read(args, given);
        return "";
      case "sh":
      case "bash":
      case "ash":
        if (name === "bash" && this.#world.tools?.includes(name) === false) break;
        yield* this.#inner(name, args);
        return "";
    }
    if (this.#world.serves(name)) {
      yield { atMs: this.#atMs, serves: argv };
      yield* this.#forever();
    }
    const tool = tools[name];
    if (tool !== undefined && this.#world.tools?.includes(name) !== false)
      return yield* this.#networked(tool, args, given);
    const command = commands[name];
    if (command === undefined) {
      yield { atMs: this.#atMs, text: `sh: ${path}: not found`, stream: "stderr" };
      this.#code = 127;
      return "";
    }
    const isCopy = name === "cat" && given === undefined && !args.some((arg) => arg !== "-");
    if (isCopy && this.#world.input !== undefined) return yield* this.#copy(this.#world.input);
    const input = given ?? (readsInput(name, args) ? yield* this.#allInput() : "");
    const here = { ...this.#world, nowMs: this.#world.startedMs + this.#atMs };
    const outcome: Outcome = command(args, here, input);
    this.#code = outcome.code;
    if (outcome.files === true || name === "touch" || name === "rm" || name === "tee")
      yield { atMs: this.#atMs, files: true };
    if (outcome.signal !== undefined) yield { atMs: this.#atMs, signal: outcome.signal };
    if (outcome.error !== undefined) yield* this.#print(outcome.error, "stderr");
    if (outcome.code === 0 || outcome.error !== undefined) return outcome.out;
    yield* this.#print(outcome.out, "stderr");
    return "";
  }

  /** A command that asks the network, and waits for what it says. */
  *#networked(tool: Tool, args: readonly string[], given?: string): Generator<Moment, string> {
    const input = given ?? (uploadsInput(args) ? yield* this.#allInput() : "");
    const here = { ...this.#world, nowMs: this.#world.startedMs + this.#atMs };
    const running = tool(args, here, input);
    let turn = running.next();
    while (!turn.done) {
      const { value } = turn;
      let heard: Heard | undefined;
      if ("call" in value) heard = yield* this.#heard(value.call);
      else if ("print" in value) yield* this.#print(value.print, value.stream);
      else if ("write" in value) {
        this.#world.files.set(value.write, value.text);
        yield { atMs: this.#atMs, files: true };
      } else yield* this.#wait(value.waitMs);
      turn = running.next(heard);
    }
    this.#code = turn.value;
    return "";
  }

  *#heard(call: Call): Generator<Moment, Heard> {
    this.#calls += 1;
    const ms = callMs(this.#calls);
    this.#atMs += ms;
    if (ms === callMs(0)) this.#workMs += ms;
    if (this.#calls > workCalls) this.slept = true;
    for (;;) {
      const heard = this.#world.hears?.(call);
      if (heard !== undefined) return heard;
      yield { atMs: this.#atMs, asks: call };
      if (this.#world.input !== undefined) this.#lookUp(this.#world.input);
    }
  }

  /** `cat` alone: what comes goes, as it comes. */
  *#copy(input: Input): Generator<Moment, string> {
    for (;;) {
      yield* this.#awaits(() => input.text !== "", "input");
      const text = input.take();
      if (text === "") break;
      yield* this.#print(text);
    }
    this.#code = 0;
    return "";
  }

  /** `read name`: one line into a variable; 1 at the end of the input. */
  *#read(args: readonly string[], given: string | undefined): Generator<Moment, void> {
    const { input, variables } = this.#world;
    const name = args.find((arg) => !arg.startsWith("-")) ?? "REPLY";
    if (given === undefined)
      yield* this.#awaits(() => input?.text.includes("\n") === true, "input");
    const line = given === undefined ? input?.takeLine() : given.split("\n")[0];
    variables.set(name, line ?? "");
    this.#code = line === undefined ? 1 : 0;
  }

  *#last(argv: readonly string[]): Generator<Moment, string> {
    yield* this.#print(yield* this.#call(argv));
    throw new Leaves(this.#code);
  }

  *#inner(shell: string, args: readonly string[]): Generator<Moment, void> {
    const at = args.findIndex((arg) => /^-\w*c\w*$/.test(arg));
    const file = at < 0 ? args.find((arg) => !arg.startsWith("-")) : undefined;
    const path = file === undefined ? "" : absolute(file, this.#world.variables);
    const text = at < 0 ? this.#world.files.get(path) : (args[at + 1] ?? "");
    try {
      if (text !== undefined) yield* this.#script(parse(text));
      else if (file === undefined) {
        this.#code = 0;
        yield* this.#reading(shell, { isOutermost: false, isGoingOn: false });
      } else {
        this.#code = 2;
        yield* this.#print(`${shell}: can't open '${file}': No such file or directory\n`, "stderr");
      }
    } catch (thrown) {
      if (!(thrown instanceof Leaves)) throw thrown;
      this.#code = thrown.code;
    }
  }

  *#sleep(args: readonly string[]): Generator<Moment, void> {
    const ms = sleepMs(args);
    if (ms === undefined) yield* this.#forever();
    else {
      yield* this.#wait(ms);
      this.#code = 0;
    }
  }

  *#wait(ms: number): Generator<Moment, void> {
    if (ms > 0) this.slept = true;
    this.#atMs += ms;
    this.#run = 0;
    yield { atMs: this.#atMs };
    if (this.#world.input?.interrupted === true) this.#lookUp(this.#world.input);
  }

  /** Nothing happens any more. */
  *#forever(): Generator<Moment, never> {
    this.slept = true;
    this.#atMs = Number.POSITIVE_INFINITY;
    yield { atMs: Number.POSITIVE_INFINITY };
    if (this.#world.input?.interrupted === true) this.#lookUp(this.#world.input);
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
        text += (yield* this.#captured(this.#script(part.script))).replace(/\n+$/, "");
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

/** Lines without their ends; the last may lack one. */
function linesOf(out: string): readonly { readonly text: string; readonly open: boolean }[] {
  if (out === "") return [];
  const lines = out.split("\n");
  const rest = lines.pop() ?? "";
  const whole = lines.map((text) => ({ text, open: false }));
  return rest === "" ? whole : [...whole, { text: rest, open: true }];
}
