/**
 * A command that runs in a container while somebody watches: it goes on as the cluster's clock and the
 * input let it. Whoever holds the connection calls `advance`.
 * Upstream: pkg/kubelet/cri/streaming/remotecommand/exec.go; the runtime's side of CRI Exec.
 */
import { Input } from "#kubelet/programs/shell/input.ts";
import { Shell } from "#kubelet/programs/shell/interpret.ts";
import type { Moment } from "#kubelet/programs/shell/moment.ts";
import type { Node } from "#kubelet/programs/shell/syntax.ts";
import type { ShellWorld } from "#kubelet/programs/shell/world.ts";
import { momentsOf, readingShell } from "#kubelet/programs/script.ts";
import type { Hears } from "#kubelet/programs/process.ts";
import type { RunningContainer, Seek } from "./container.ts";

export interface Asked {
  readonly argv: readonly string[];
  readonly hasInput: boolean;
  readonly isTerminal: boolean;
  /** It is the container's own first process: when it ends the container does. */
  readonly isFirst?: boolean | undefined;
}
/** What a shell between two commands remembers: enough to go on in another instance. */
export interface ShellState {
  readonly code: number;
  /** It is in a command that never ends by itself, and says nothing any more. */
  readonly isStuck: boolean;
  readonly variables: Readonly<Record<string, string>>;
  readonly functions: Readonly<Record<string, Node>>;
}
export type Write = (stream: "stdout" | "stderr", text: string) => void;

/** Of a full disk: nothing of what was written last is kept. */
const noSpace = "sh: write error: No space left on device\n";
/** Moments told before somebody else gets a turn. */
const mostMoments = 500;
/** An exec'd process is not the first one. */
const ownPid = 7;

export class Execution {
  readonly input: Input;
  readonly #container: RunningContainer;
  readonly #asked: Asked;
  readonly #write: Write;
  readonly #world: ShellWorld;
  readonly #shell: Shell;
  readonly #moments: Generator<Moment, void>;
  readonly #startedMs: number;
  /** The moment that comes next, once it is known. */
  #next: Moment | undefined;
  #code: number | undefined;
  #waits: "time" | "input" | "prompt" | "answer" | "nothing" = "time";
  /** The answer it waited for has come. */
  #isAnswered = false;

  constructor(
    container: RunningContainer,
    asked: Asked,
    {
      write,
      nowMs,
      state,
      seek,
    }: {
      readonly write: Write;
      readonly nowMs: number;
      readonly state?: ShellState | undefined;
      readonly seek: Seek;
    },
  ) {
    this.#container = container;
    this.#asked = asked;
    this.#write = write;
    this.#startedMs = nowMs;
    this.input = new Input(asked.isTerminal);
    this.input.closed = !asked.hasInput;
    const hears = container.hears(nowMs, (errand, found) =>
      seek(errand, (value) => {
        found(value);
        this.#isAnswered = true;
      }),
    );
    this.#world = worldOf(container, asked, { input: this.input, nowMs, state, hears });
    this.#shell = new Shell(this.#world, 0, state?.code);
    this.#moments = this.#begun(state);
  }

  #begun(state: ShellState | undefined): Generator<Moment, void> {
    const { argv } = this.#asked;
    const reading = readingShell(argv);
    if (state?.isStuck === true) return this.#shell.stuck(reading);
    return state === undefined || reading === undefined
      ? momentsOf(this.#shell, argv)
      : this.#shell.interactive(reading, true);
  }

  /** Its exit code, once it has one. */
  get code(): number | undefined {
    return this.#code;
  }
  /** Will time alone bring it further? */
  get waitsForTime(): boolean {
    return this.#code === undefined && this.#waits === "time";
  }
  /** Undefined: it is in the middle of something that cannot be taken up again. */
  get state(): ShellState | undefined {
    const isStuck = this.#waits === "nothing";
    if ((this.#waits !== "prompt" && !isStuck) || this.input.text !== "") return undefined;
    const variables = Object.fromEntries(this.#world.variables);
    const functions = Object.fromEntries(this.#world.functions ?? []);
    return { code: this.#shell.code, isStuck, variables, functions };
  }

  /** Its container has ended, and all that ran in it. */
  kill(): void {
    this.#code ??= 137;
  }

  /** Does all that is due by now. */
  advance(nowMs: number): void {
    if (this.#code !== undefined) return;
    if (!this.#container.isRunning) return this.kill();
    this.input.elapsedMs = nowMs - this.#startedMs;
    if (!this.#mayGoOn()) return;
    this.#readFiles(nowMs);
    let changed = false;
    for (let told = 0; told < mostMoments && this.#code === undefined; told += 1) {
      const moment = this.#due();
      if (moment === undefined) break;
      changed ||= moment.files === true;
      this.#tell(moment, nowMs);
      if (moment.reads !== undefined || moment.asks !== undefined) break;
    }
    if (changed && !this.#container.keepFiles(this.#world.files, nowMs)) {
      this.#write("stderr", noSpace);
      if (this.#code === 0) this.#code = 1;
    }
    if (this.#code !== undefined && this.#asked.isFirst === true)
      this.#container.end(this.#code, nowMs);
  }

  /** Is there anything to do? Looking must cost nothing, since it is done often. */
  #mayGoOn(): boolean {
    const { interrupted, isOver, text, elapsedMs } = this.input;
    if (interrupted) return true;
    if (this.#waits === "answer") return this.#isAnswered;
    if (this.#waits === "input" || this.#waits === "prompt") return isOver || text !== "";
    return this.#next === undefined || this.#shell.dueMs <= elapsedMs;
  }

  /** The next moment, if its time has come; Ctrl-C does not wait. */
  #due(): Moment | undefined {
    const { input } = this;
    if (this.#next === undefined) {
      const { done, value } = this.#moments.next();
      this.#next = done || value === undefined ? { atMs: 0, code: this.#shell.code } : value;
    }
    const moment = this.#next;
    const dueMs = moment.atMs === Number.POSITIVE_INFINITY ? moment.atMs : this.#shell.dueMs;
    if (dueMs > input.elapsedMs && !input.interrupted) {
      this.#waits = dueMs === Number.POSITIVE_INFINITY ? "nothing" : "time";
      return undefined;
    }
    this.#next = undefined;
    this.#waits = moment.asks === undefined ? (moment.reads ?? "time") : "answer";
    this.#isAnswered = false;
    return moment;
  }

  #tell({ text, stream = "stdout", open, signal, code }: Moment, nowMs: number): void {
    if (text !== undefined) this.#write(stream, open === true ? text : `${text}\n`);
    if (signal !== undefined) this.#container.signal(signal, nowMs);
    if (code !== undefined) this.#code = code;
  }

  /** What others wrote meanwhile. */
  #readFiles(nowMs: number): void {
    const { files } = this.#world;
    files.clear();
    for (const [path, text] of this.#container.files(nowMs)) files.set(path, text);
  }
}

function worldOf(
  container: RunningContainer,
  { argv, isFirst }: Asked,
  {
    input,
    nowMs,
    state,
    hears,
  }: {
    readonly input: Input;
    readonly nowMs: number;
    readonly state: ShellState | undefined;
    readonly hears: Hears;
  },
): ShellWorld {
  const first = { pid: 1, command: container.argv.join(" ") };
  const image = { HOSTNAME: container.hostname, HOME: "/root", PATH: defaultPath };
  return {
    hostname: container.hostname,
    startedMs: nowMs,
    variables: new Map(Object.entries(state?.variables ?? { ...image, ...container.env })),
    functions: new Map(Object.entries(state?.functions ?? {})),
    files: new Map(),
    serves: () => false,
    input,
    tools: container.tools,
    own: container.own,
    hears,
    processes: isFirst === true ? [first] : [first, { pid: ownPid, command: argv.join(" ") }],
    refusesWrite: (path) =>
      container.readOnly.some((at) => path === at || path.startsWith(`${at}/`))
        ? "Read-only file system"
        : undefined,
  };
}
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
