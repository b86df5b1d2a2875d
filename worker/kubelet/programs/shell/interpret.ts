/**
 * Runs a script on an imagined clock: the moments at which it writes, changes a file or ends. Generators, so that
 * an endless loop costs only what somebody looks at.
 * Upstream: busybox shell/ash.c evaltree, evalcommand.
 * Differs: the parts of a pipe take turns by one clock instead of running side by side, because what a script does must
 * come out the same whenever it is asked for.
 */
import type { OwnCommands } from "#kubelet/images/own-commands.ts";
import { type Beside, type Hears, withLayer } from "#kubelet/programs/process.ts";
import type { Call, Heard } from "#network/calls.ts";
import { type Builtin, builtins, exitTrap, type Running } from "./builtins.ts";
import { commands, readsInput, type Surroundings } from "./commands.ts";
import { type Expanding, ExpansionError, fieldsOf, patternOf, textOf } from "./expansion.ts";
import {
  type Clock,
  copied,
  type Frame,
  nothing,
  type Pipe,
  PipeSource,
  type ShellState,
  type Sink,
  type Source,
  stderr,
  stdout,
} from "./frame.ts";
import type { Input } from "./input.ts";
import { commandOf, continuationPrompt, promptOf } from "./interactive.ts";
import { Jobs } from "./jobs.ts";
import { Breaks, Interrupted, interruptedCode, Leaves, Returns } from "./leaving.ts";
import { linesOf, type Moment, type Moments } from "./moment.ts";
import type { Outcome } from "./outcome.ts";
import { tools } from "./network/registry.ts";
import { type Tool, uploadsInput } from "./network/tool.ts";
import { parse } from "./parse.ts";
import { fits } from "./pattern.ts";
import { redirected } from "./redirect.ts";
import { type Node, type Script, ShellSyntaxError, type Simple } from "./syntax.ts";

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

/** Commands that make of each line what they make of it alone: of a slow pipe they take one after the other. */
const linewise: ReadonlySet<string> = new Set(["cat", "grep", "tee", "sed", "tr", "cut"]);
const quietTurns = 16;
/** Calls within calls: more is a script that calls itself without end. */
const mostDepth = 200;

export interface ShellWorld extends Omit<Surroundings, "nowMs"> {
  readonly startedMs: number;
  /** Is this executable the image's own program? */
  serves(name: string): boolean;
  /** What is typed or piped into it; undefined: nothing, ever. */
  readonly input?: Input | undefined;
  /** Those that were defined before. */
  readonly functions?: Map<string, Node> | undefined;
  /** What is written into its files from beside, in order of time. */
  readonly beside?: readonly Beside[] | undefined;
  /** What the image's own programs answer. */
  readonly own?: OwnCommands | undefined;
  /** Which commands that use the network there are; undefined: all. */
  readonly tools?: readonly string[] | undefined;
  /** Missing: nobody answers yet. */
  readonly hears?: Hears | undefined;
}

export class Shell implements Running {
  readonly #world: ShellWorld;
  readonly #top: Frame;
  readonly jobs: Jobs = new Jobs();
  /** Calls to the network. */
  #calls = 0;
  #depth = 0;
  /** So many of those things have been found. */
  #found = 0;
  /** Slept at all: what comes after is a wait, not work. */
  slept = false;

  constructor(world: ShellWorld, atMs = 0, code = 0) {
    this.#world = world;
    const clock: Clock = { atMs, workMs: 0, run: 0 };
    const state: ShellState = {
      variables: world.variables,
      functions: world.functions ?? new Map(),
      arguments: ["sh"],
      options: new Set(),
      traps: new Map(),
      clock,
      code,
      locals: undefined,
      lastJob: undefined,
    };
    const source = world.input === undefined ? nothing : this.#live(world.input);
    this.#top = { state, source, out: stdout, err: stderr };
  }

  /** When the moment told last is due for somebody who watches: what commands take is not waited for. */
  get dueMs(): number {
    return this.jobs.dueMs;
  }
  /** The status of the last command. */
  get code(): number {
    return this.#top.state.code;
  }
  get files(): Map<string, string> {
    return this.#world.files;
  }
  knows(name: string): boolean {
    const path = name.slice(name.lastIndexOf("/") + 1);
    const isTool = Object.hasOwn(tools, path) && this.#world.tools?.includes(path) !== false;
    const isOwn = this.#world.own !== undefined && Object.hasOwn(this.#world.own, path);
    return isOwn || isTool || Object.hasOwn(commands, path) || this.#world.serves(path);
  }

  /** All moments of `sh -c text`; the last one ends it. `given`: `$0` and the arguments. */
  *run(text: string, given: readonly string[] = [], flags = ""): Moments {
    const frame = this.#top;
    if (given.length > 0) frame.state.arguments = given;
    for (const letter of ["e", "u", "x"])
      if (flags.includes(letter)) frame.state.options.add(letter);
    yield* this.#whole(this.#parsed(text, frame));
  }
  *#parsed(text: string, frame: Frame): Moments {
    let script: Script;
    try {
      script = parse(text);
    } catch (error) {
      if (!(error instanceof ShellSyntaxError)) throw error;
      frame.state.code = 2;
      yield* this.print(`sh: ${error.message}\n`, frame, 2);
      return;
    }
    yield* this.script(script, frame);
  }

  /** One command, without a shell around it. */
  *command(argv: readonly string[]): Moments {
    yield* this.#whole(this.call(argv, this.#top));
  }

  /** A shell that reads commands from its input; `isGoingOn`: it has shown its prompt already. */
  *interactive(shell: string, isGoingOn = false): Moments {
    yield* this.#whole(this.#reading(shell, this.#top, { isOutermost: true, isGoingOn }));
  }

  /** As after something that never ends by itself; a shell that was interrupted in it goes on. */
  *stuck(shell: string | undefined): Moments {
    yield* this.#whole(this.#stuck(shell));
  }

  *#stuck(shell: string | undefined): Moments {
    try {
      yield* this.forever(this.#top);
    } catch (thrown) {
      if (!(thrown instanceof Interrupted) || shell === undefined) throw thrown;
      this.#top.state.code = interruptedCode;
    }
    yield* this.#reading(shell ?? "", this.#top, { isOutermost: true, isGoingOn: false });
  }

  /** With its jobs beside it, in the order of time, and its end. */
  *#whole(body: Moments): Moments {
    const { state } = this.#top;
    const { clock } = state;
    for (let next = this.#step(body); next !== undefined; next = this.#step(body)) {
      yield* this.jobs.until(next.atMs);
      this.jobs.dueMs = clock.atMs - clock.workMs;
      yield next;
    }
    for (const moment of this.#atExit()) {
      this.jobs.dueMs = clock.atMs - clock.workMs;
      yield moment;
    }
    this.jobs.dueMs = clock.atMs - clock.workMs;
    yield { atMs: clock.atMs, code: state.code };
  }
  /** The next moment; undefined: it has ended. */
  #step(body: Moments): Moment | undefined {
    const { state } = this.#top;
    try {
      const { done, value } = body.next();
      return done === true ? undefined : value;
    } catch (thrown) {
      if (thrown instanceof Leaves) state.code = thrown.code;
      else if (thrown instanceof Interrupted) state.code = interruptedCode;
      else if (!(thrown instanceof Breaks) && !(thrown instanceof Returns)) throw thrown;
      return undefined;
    }
  }
  *#atExit(): Moments {
    try {
      yield* exitTrap(this, this.#top);
    } catch (thrown) {
      if (!(thrown instanceof Leaves)) throw thrown;
      this.#top.state.code = thrown.code;
    }
  }

  *print(text: string, frame: Frame, fd: 1 | 2 = 1): Moments {
    yield* this.#write(text, fd === 1 ? frame.out : frame.err, frame.state.clock);
  }
  *#write(out: string, sink: Sink, { atMs }: Clock): Moments {
    if (out === "") return;
    switch (sink.to) {
      case "nothing":
        return;
      case "pipe":
        sink.pipe.text += out;
        // Whoever reads has a turn.
        yield { atMs };
        return;
      case "file":
        this.files.set(sink.path, (this.files.get(sink.path) ?? "") + out);
        yield { atMs, files: true };
        return;
      default:
        for (const { text, open } of linesOf(out))
          yield { atMs, text, stream: sink.to, ...(open ? { open } : {}) };
    }
  }

  *reading(shell: string, frame: Frame): Moments {
    yield* this.#reading(shell, frame, { isOutermost: false, isGoingOn: false });
  }
  *#reading(
    shell: string,
    frame: Frame,
    { isOutermost, isGoingOn }: { readonly isOutermost: boolean; readonly isGoingOn: boolean },
  ): Moments {
    const { input, hostname } = this.#world;
    const isLive = input !== undefined && frame.source === this.#top.source;
    if (!isLive) return yield* this.#parsed(yield* frame.source.all(), frame);
    const { state } = frame;
    let lines = "";
    let isPrompted = isGoingOn;
    for (;;) {
      const prompt = lines === "" ? promptOf(shell, hostname, state.variables) : continuationPrompt;
      if (input.isTerminal && !isPrompted) yield* this.print(prompt, frame);
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
        yield* this.script(script, frame);
      } catch (thrown) {
        lines = "";
        if (thrown instanceof Interrupted) state.code = interruptedCode;
        else if (thrown instanceof ShellSyntaxError) {
          state.code = 2;
          yield* this.print(`${shell}: ${thrown.message}\n`, frame, 2);
        } else if (!(thrown instanceof Breaks) && !(thrown instanceof Returns)) throw thrown;
      }
    }
  }

  /** What a live process reads. */
  #live(input: Input): Source {
    const awaits = (enough: () => boolean): Moments => this.#awaits(enough, "input");
    return {
      isSlow: true,
      *line() {
        yield* awaits(() => input.text.includes("\n"));
        return input.takeLine();
      },
      *some() {
        yield* awaits(() => input.text !== "");
        return input.take();
      },
      *all() {
        yield* awaits(() => false);
        const all = input.take();
        input.ended = false;
        return all;
      },
    };
  }

  /** Lets time and people pass until there is enough to read, or no more will come. */
  *#awaits(enough: () => boolean, reads: Moment["reads"]): Moments {
    const { input } = this.#world;
    if (input === undefined) return;
    while (!input.isOver && !enough()) {
      yield { atMs: this.#top.state.clock.atMs, reads };
      this.#lookUp(input, this.#top.state.clock);
    }
  }

  /** After a wait: what time it is, and whether somebody pressed Ctrl-C. */
  #lookUp(input: Input, clock: Clock): void {
    if (input.interrupted || input.elapsedMs > clock.atMs) {
      clock.atMs = input.elapsedMs;
      clock.workMs = 0;
      clock.run = 0;
    }
    if (!input.interrupted) return;
    input.interrupted = false;
    throw new Interrupted();
  }

  *script(script: Script, frame: Frame): Moments {
    const { state } = frame;
    for (const [i, step] of script.entries()) {
      const { on, node } = step;
      if (on === "success" && state.code !== 0) continue;
      if (on === "failure" && state.code === 0) continue;
      if (step.isBackground === true) {
        this.#start(node, frame);
        continue;
      }
      const isAsked = (script[i + 1]?.on ?? "always") !== "always";
      yield* this.#node(
        node,
        isAsked && frame.isTested !== true ? { ...frame, isTested: true } : frame,
      );
      const isFatal = state.code !== 0 && state.options.has("e") && frame.isTested !== true;
      if (isFatal && !isAsked && node.kind !== "not") throw new Leaves(state.code);
    }
  }

  /** In the background, by a clock of its own. */
  #start(node: Node, frame: Frame): void {
    const { state } = frame;
    const clock: Clock = { ...state.clock };
    const own: Frame = { ...frame, state: copied(state, clock), source: nothing };
    state.lastJob = this.jobs.start(clock, this.#job(node, own));
    state.code = 0;
  }
  *#job(node: Node, frame: Frame): Moments {
    yield* this.#contained(this.#node(node, frame), frame);
    yield { atMs: frame.state.clock.atMs, code: frame.state.code };
  }

  /** What ends a subshell ends nothing else. */
  *#contained(body: Moments, { state }: Frame): Moments {
    try {
      yield* body;
    } catch (thrown) {
      if (thrown instanceof Leaves) state.code = thrown.code;
      else if (!(thrown instanceof Breaks) && !(thrown instanceof Returns)) throw thrown;
    }
  }
  /** In a copy of the shell; its status is the frame's. */
  *#subshell(frame: Frame, body: (own: Frame) => Moments): Moments {
    const own: Frame = { ...frame, state: copied(frame.state) };
    yield* this.#contained(body(own), own);
    frame.state.code = own.state.code;
  }

  *#node(node: Node, frame: Frame): Moments {
    switch (node.kind) {
      case "simple":
        return yield* this.#simple(node, frame);
      case "pipe":
        return yield* this.#piped(node.stages, frame);
      case "not": {
        yield* this.#node(node.node, { ...frame, isTested: true });
        frame.state.code = frame.state.code === 0 ? 1 : 0;
        return;
      }
      case "function":
        frame.state.functions.set(node.name, node.body);
        frame.state.code = 0;
        return;
      default: {
        const there = yield* this.#opened(node.redirections, frame);
        if (there !== undefined) yield* this.#compound(node, there);
      }
    }
  }

  /** Undefined: it cannot be redirected so, which has been said. */
  *#opened(redirections: Simple["redirections"], frame: Frame): Moments<Frame | undefined> {
    if (redirections.length === 0) return frame;
    const { refusesWrite } = this.#world;
    const on = this.#expanding(frame);
    const found = yield* redirected(redirections, frame, {
      files: this.files,
      ...(refusesWrite === undefined ? {} : { refusesWrite }),
      textOf: ({ target }) => textOf(target, on),
    });
    if (typeof found !== "string") return found;
    frame.state.code = 1;
    yield* this.print(found, frame, 2);
    return undefined;
  }

  *#compound(
    node: Exclude<Node, { kind: "simple" | "pipe" | "not" | "function" }>,
    frame: Frame,
  ): Moments {
    const { state } = frame;
    const tested: Frame = frame.isTested === true ? frame : { ...frame, isTested: true };
    switch (node.kind) {
      case "group":
        return yield* this.script(node.body, frame);
      case "subshell":
        return yield* this.#subshell(frame, (own) => this.script(node.body, own));
      case "if": {
        state.code = 0;
        yield* this.script(node.test, tested);
        const isTrue = state.code === 0;
        state.code = 0;
        return yield* this.script(isTrue ? node.then : node.otherwise, frame);
      }
      case "while": {
        let code = 0;
        for (;;) {
          yield* this.script(node.test, tested);
          if ((state.code === 0) === node.until) break;
          const isOver = yield* this.#loops(node.body, frame);
          ({ code } = state);
          if (isOver) break;
        }
        state.code = code;
        return;
      }
      case "for": {
        const on = this.#expanding(frame);
        const values =
          node.words === undefined
            ? state.arguments.slice(1)
            : yield* this.#expanded(frame, fieldsOf(node.words, on));
        state.code = 0;
        for (const value of values) {
          state.variables.set(node.variable, value);
          if (yield* this.#loops(node.body, frame)) break;
        }
        return;
      }
      case "case": {
        const on = this.#expanding(frame);
        const text = yield* this.#expanded(frame, textOf(node.word, on));
        state.code = 0;
        for (const { patterns, body } of node.clauses)
          for (const pattern of patterns) {
            if (!fits(text, yield* this.#expanded(frame, patternOf(pattern, on)))) continue;
            return yield* this.script(body, frame);
          }
      }
    }
  }

  /** One turn of a loop; true: leave it. */
  *#loops(body: Script, frame: Frame): Moments<boolean> {
    const { clock } = frame.state;
    this.#tick(clock);
    // One that neither writes nor waits must not be one endless moment.
    if (clock.run % quietTurns === 0) yield { atMs: clock.atMs };
    try {
      yield* this.script(body, frame);
      return false;
    } catch (thrown) {
      if (!(thrown instanceof Breaks)) throw thrown;
      if (thrown.loops > 1) throw new Breaks(thrown.goesOn, thrown.loops - 1);
      return !thrown.goesOn;
    }
  }

  /** Each writes what the next one reads; all but the last go on as they are read. */
  *#piped(stages: readonly Node[], frame: Frame): Moments {
    let { source } = frame;
    const sources: PipeSource[] = [];
    const codes: (() => number)[] = [];
    for (const stage of stages.slice(0, -1)) {
      const pipe: Pipe = { text: "" };
      const state = copied(frame.state);
      const own: Frame = { ...frame, state, source, out: { to: "pipe", pipe } };
      const made = new PipeSource(pipe, this.#contained(this.#node(stage, own), own));
      codes.push(() => state.code);
      sources.push(made);
      source = made;
    }
    const last = stages.at(-1) as Node;
    const reader: Frame = { ...frame, source };
    yield* this.#subshell(reader, (own) => this.#node(last, own));
    for (const one of sources.toReversed()) yield* one.close();
    const failed = frame.state.options.has("pipefail")
      ? codes.map((code) => code()).findLast((code) => code !== 0)
      : undefined;
    if (frame.state.code === 0 && failed !== undefined) frame.state.code = failed;
  }

  #expanding(frame: Frame): Expanding {
    return {
      state: frame.state,
      hostname: this.#world.hostname,
      files: this.files,
      captured: (script) => this.#captured(script, frame),
    };
  }
  /** What is printed meanwhile, instead of showing it. */
  *#captured(script: Script, frame: Frame): Moments<string> {
    const pipe: Pipe = { text: "" };
    yield* this.#subshell({ ...frame, out: { to: "pipe", pipe } }, (own) =>
      this.script(script, own),
    );
    return pipe.text;
  }
  /** An expansion; one that cannot be ends the shell. */
  *#expanded<T>(frame: Frame, body: Moments<T>): Moments<T> {
    try {
      return yield* body;
    } catch (thrown) {
      if (!(thrown instanceof ExpansionError)) throw thrown;
      yield* this.print(`sh: ${thrown.message}\n`, frame, 2);
      throw new Leaves(2);
    }
  }

  #tick(clock: Clock): void {
    const { input } = this.#world;
    if (input?.interrupted === true) this.#lookUp(input, clock);
    const ms = commandMs(clock.run);
    clock.atMs += ms;
    if (ms === quickMs) clock.workMs += ms;
    clock.run += 1;
    this.#finds(clock.atMs);
  }

  /** What was written from beside by now is there. */
  #finds(atMs: number): void {
    const { beside = [], files } = this.#world;
    for (let next = beside[this.#found]; next !== undefined && next.atMs <= atMs;) {
      withLayer(files, next.changes);
      this.#found += 1;
      next = beside[this.#found];
    }
  }

  *#simple({ assignments, words, redirections }: Simple, frame: Frame): Moments {
    const { state } = frame;
    const on = this.#expanding(frame);
    const before = state.code;
    const argv = yield* this.#expanded(frame, fieldsOf(words, on));
    const kept = new Map<string, string | undefined>();
    if (words.length === 0) state.code = 0;
    for (const { name, value } of assignments) {
      const text = yield* this.#expanded(frame, textOf(value, on));
      if (!kept.has(name)) kept.set(name, state.variables.get(name));
      state.variables.set(name, text);
    }
    if (state.options.has("x") && argv.length > 0)
      yield* this.print(`+ ${argv.join(" ")}\n`, frame, 2);
    const there = yield* this.#opened(redirections, frame);
    if (there === undefined) return;
    if (argv.length === 0) {
      if (words.length > 0) state.code = 0;
      return;
    }
    if (argv[0] === "exec" && argv.length === 1) {
      // The streams of the shell itself lead elsewhere from here on.
      Object.assign(frame, { source: there.source, out: there.out, err: there.err });
      state.code = 0;
      return;
    }
    if (argv[0] === "exit" || argv[0] === "return") state.code = before;
    try {
      yield* this.call(argv, there);
    } finally {
      for (const [name, value] of kept)
        if (value === undefined) state.variables.delete(name);
        else state.variables.set(name, value);
    }
  }

  *call(argv: readonly string[], frame: Frame): Moments {
    const [path = "", ...args] = argv;
    const { state } = frame;
    const name = path.slice(path.lastIndexOf("/") + 1);
    this.#tick(state.clock);
    const body = state.functions.get(path);
    if (body !== undefined) return yield* this.#function(body, [path, ...args], frame);
    const builtin = this.#builtin(name);
    if (builtin !== undefined) {
      const moments = builtin(this, args, frame);
      if (moments instanceof Object) yield* moments;
      return;
    }
    const own = this.#world.own?.[name]?.(args, this.#here(state));
    if (own !== undefined) return yield* this.#told(own, frame);
    if (this.#world.serves(name)) {
      yield { atMs: state.clock.atMs, serves: argv };
      yield* this.forever(frame);
    }
    const tool = tools[name];
    if (tool !== undefined && this.#world.tools?.includes(name) !== false)
      return yield* this.#networked(tool, args, frame);
    yield* this.plain(argv, frame);
  }
  #builtin(name: string): Builtin | undefined {
    if (name === "bash" && this.#world.tools?.includes(name) === false) return undefined;
    return Object.hasOwn(builtins, name) ? builtins[name] : undefined;
  }

  *#function(body: Node, given: readonly string[], frame: Frame): Moments {
    const { state } = frame;
    const { arguments: before, locals } = state;
    if (this.#depth >= mostDepth) {
      yield* this.print("sh: maximum function recursion depth exceeded\n", frame, 2);
      throw new Leaves(2);
    }
    this.#depth += 1;
    state.arguments = [before[0] ?? "sh", ...given.slice(1)];
    const own = new Map<string, string | undefined>();
    state.locals = own;
    try {
      yield* this.#node(body, frame);
    } catch (thrown) {
      if (!(thrown instanceof Returns)) throw thrown;
    } finally {
      this.#depth -= 1;
      state.arguments = before;
      state.locals = locals;
      for (const [name, value] of own)
        if (value === undefined) state.variables.delete(name);
        else state.variables.set(name, value);
    }
  }

  *signal(argv: readonly string[], frame: Frame): Moments {
    yield* this.plain(["kill", ...argv], frame);
  }

  *plain(argv: readonly string[], frame: Frame): Moments {
    const [path = "", ...args] = argv;
    const { state, source } = frame;
    const name = path.slice(path.lastIndexOf("/") + 1);
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) {
      state.code = 127;
      return yield* this.print(`sh: ${path}: not found\n`, frame, 2);
    }
    const isReader = readsInput(name, args);
    if (isReader && source.isSlow) {
      if (name === "cat") return yield* this.#copy(frame);
      if (name === "head") return yield* this.#head(args, frame);
      if (
        linewise.has(name) &&
        source instanceof PipeSource &&
        !args.some((arg) => /^-\w*[cq]|^(\d|\$)/.test(arg))
      )
        return yield* this.#byLine(argv, frame);
    }
    yield* this.#outcome(argv, isReader ? yield* source.all() : "", frame);
  }
  *#outcome([path = "", ...args]: readonly string[], input: string, frame: Frame): Moments {
    const { state } = frame;
    const name = path.slice(path.lastIndexOf("/") + 1);
    const outcome = commands[name]?.(args, this.#here(state), input);
    if (outcome !== undefined) yield* this.#told(outcome, frame);
  }
  #here({ clock, variables }: ShellState): Surroundings {
    return { ...this.#world, variables, nowMs: this.#world.startedMs + clock.atMs };
  }
  *#told(outcome: Outcome, frame: Frame): Moments {
    const { state } = frame;
    const { clock } = state;
    state.code = outcome.code;
    if (outcome.files === true) yield { atMs: clock.atMs, files: true };
    if (outcome.signal !== undefined) yield { atMs: clock.atMs, signal: outcome.signal };
    if (outcome.error !== undefined) yield* this.print(outcome.error, frame, 2);
    const isOut = outcome.code === 0 || outcome.error !== undefined;
    yield* this.print(outcome.out, frame, isOut ? 1 : 2);
  }

  /** `cat` alone: what comes goes, as it comes. */
  *#copy(frame: Frame): Moments {
    for (let text = yield* frame.source.some(); text !== ""; text = yield* frame.source.some())
      yield* this.print(text, frame);
    frame.state.code = 0;
  }
  /** It reads no more than it shows. */
  *#head(args: readonly string[], frame: Frame): Moments {
    const [, count] = /^-n?(\d+)$/.exec(args.join("")) ?? [];
    if (args.length > 0 && count === undefined)
      return yield* this.#outcome(["head", ...args], yield* frame.source.all(), frame);
    for (let n = Number(count ?? 10); n > 0; n -= 1) {
      const line = yield* frame.source.line();
      if (line === undefined) break;
      yield* this.print(`${line}\n`, frame);
    }
    frame.state.code = 0;
  }
  *#byLine([name = "", ...given]: readonly string[], frame: Frame): Moments {
    let args = given;
    let best: number | undefined;
    for (let line = yield* frame.source.line(); line !== undefined;) {
      yield* this.#outcome([name, ...args], `${line}\n`, frame);
      best = Math.min(best ?? frame.state.code, frame.state.code);
      if (name === "tee" && !args.includes("-a")) args = ["-a", ...args];
      line = yield* frame.source.line();
    }
    if (best === undefined) yield* this.#outcome([name, ...args], "", frame);
    else frame.state.code = best;
  }

  /** A command that asks the network, and waits for what it says. */
  *#networked(tool: Tool, args: readonly string[], frame: Frame): Moments {
    const { state } = frame;
    const input = uploadsInput(args) ? yield* frame.source.all() : "";
    const nowMs = this.#world.startedMs + state.clock.atMs;
    const running = tool(args, { ...this.#world, variables: state.variables, nowMs }, input);
    let turn = running.next();
    while (!turn.done) {
      const { value } = turn;
      let heard: Heard | undefined;
      if ("call" in value) heard = yield* this.#heard(value.call, state.clock);
      else if ("print" in value)
        yield* this.print(value.print, frame, value.stream === "stdout" ? 1 : 2);
      else if ("write" in value) {
        this.files.set(value.write, value.text);
        yield { atMs: state.clock.atMs, files: true };
      } else yield* this.wait(value.waitMs, frame);
      turn = running.next(heard);
    }
    state.code = turn.value;
  }

  *#heard(call: Call, clock: Clock): Moments<Heard> {
    this.#calls += 1;
    const ms = callMs(this.#calls);
    clock.atMs += ms;
    if (ms === callMs(0)) clock.workMs += ms;
    if (this.#calls > workCalls) this.slept = true;
    for (;;) {
      const heard = this.#world.hears?.(call);
      if (heard !== undefined) return heard;
      yield { atMs: clock.atMs, asks: call };
      if (this.#world.input !== undefined) this.#lookUp(this.#world.input, clock);
    }
  }

  *wait(ms: number, { state: { clock } }: Frame): Moments {
    if (ms > 0) this.slept = true;
    clock.atMs += ms;
    clock.run = 0;
    yield { atMs: clock.atMs };
    if (this.#world.input?.interrupted === true) this.#lookUp(this.#world.input, clock);
  }

  /** Nothing happens any more. */
  *forever({ state: { clock } }: Frame): Moments<never> {
    this.slept = true;
    clock.atMs = Number.POSITIVE_INFINITY;
    yield { atMs: Number.POSITIVE_INFINITY };
    if (this.#world.input?.interrupted === true) this.#lookUp(this.#world.input, clock);
    throw new Leaves(0);
  }
}
