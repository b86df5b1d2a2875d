/** Where a command runs: what its shell knows, and where its streams lead. */
import type { Node } from "./syntax.ts";
import type { Moments } from "./moment.ts";

/** An imagined clock. */
export interface Clock {
  atMs: number;
  /** What commands took since it was last looked at: nobody waits for that. */
  workMs: number;
  /** Commands since the last wait. */
  run: number;
}

/** What one shell process knows; a subshell has a copy. */
export interface ShellState {
  readonly variables: Map<string, string>;
  readonly functions: Map<string, Node>;
  /** `$0` first. */
  arguments: readonly string[];
  /** `e`, `u`, `x`, `pipefail`. */
  readonly options: Set<string>;
  /** Signal, or EXIT → command. */
  readonly traps: Map<string, string>;
  readonly clock: Clock;
  /** Of the last command. */
  code: number;
  /** Functions that run within each other. */
  depth: number;
  /** Variables of the function that runs, as they were before it; undefined: none runs. */
  locals: Map<string, string | undefined> | undefined;
  /** `$!`. */
  lastJob: number | undefined;
}

/** What was written and not read yet. */
export interface Pipe {
  text: string;
}
export type Sink =
  | { readonly to: "stdout" | "stderr" | "nothing" }
  | { readonly to: "pipe"; readonly pipe: Pipe }
  | { readonly to: "file"; readonly path: string };

/** What a command reads. */
export interface Source {
  /** The next line without its end; undefined at the end. */
  line(): Moments<string | undefined>;
  /** Whatever comes next; "" at the end. */
  some(): Moments<string>;
  all(): Moments<string>;
  /** It comes bit by bit, for as long as its writer likes. */
  readonly isSlow: boolean;
}

export interface Frame {
  readonly state: ShellState;
  source: Source;
  /** Standard output and standard error. */
  out: Sink;
  err: Sink;
  /** Its failure is somebody's question: `set -e` does not end the shell for it. */
  readonly isTested?: boolean | undefined;
}

export const stdout: Sink = { to: "stdout" };
export const stderr: Sink = { to: "stderr" };
export const nowhere: Sink = { to: "nothing" };

/** As a new process of the same shell. */
export const copied = (state: ShellState, clock: Clock = state.clock): ShellState => ({
  ...state,
  variables: new Map(state.variables),
  functions: new Map(state.functions),
  options: new Set(state.options),
  traps: new Map(),
  clock,
});

/** What needs no time to be known. */
function* known<T>(value: T): Moments<T> {
  yield* [];
  return value;
}

/** A source of text that is there. */
export function textSource(text: string): Source {
  let rest = text;
  const all = (): Moments<string> => {
    const taken = rest;
    rest = "";
    return known(taken);
  };
  return {
    isSlow: false,
    line() {
      if (rest === "") return known(undefined);
      const end = rest.indexOf("\n");
      const line = end < 0 ? rest : rest.slice(0, end);
      rest = end < 0 ? "" : rest.slice(end + 1);
      return known(line);
    },
    some: all,
    all,
  };
}
export const nothing: Source = textSource("");

/** What another command writes, which goes on as somebody reads. */
export class PipeSource implements Source {
  readonly isSlow = true;
  readonly #pipe: Pipe;
  readonly #writer: Moments;
  #isOver = false;

  constructor(pipe: Pipe, writer: Moments) {
    this.#pipe = pipe;
    this.#writer = writer;
  }

  *line(): Moments<string | undefined> {
    const pipe = this.#pipe;
    while (!pipe.text.includes("\n") && (yield* this.#goesOn()));
    if (pipe.text === "") return undefined;
    const end = pipe.text.indexOf("\n");
    const line = end < 0 ? pipe.text : pipe.text.slice(0, end);
    pipe.text = end < 0 ? "" : pipe.text.slice(end + 1);
    return line;
  }
  *some(): Moments<string> {
    while (this.#pipe.text === "" && (yield* this.#goesOn()));
    return this.#taken();
  }
  *all(): Moments<string> {
    while (yield* this.#goesOn());
    return this.#taken();
  }
  /** Nobody reads any more: the writer goes on until it writes. */
  *close(): Moments {
    this.#pipe.text = "";
    while (this.#pipe.text === "" && (yield* this.#goesOn()));
    this.#isOver = true;
  }

  #taken(): string {
    const { text } = this.#pipe;
    this.#pipe.text = "";
    return text;
  }
  /** One moment of the writer; false: it has ended. */
  *#goesOn(): Moments<boolean> {
    if (this.#isOver) return false;
    const before = this.#pipe.text.length;
    for (;;) {
      const { done, value } = this.#writer.next();
      if (done === true) {
        this.#isOver = true;
        return this.#pipe.text.length > before;
      }
      yield value;
      if (this.#pipe.text.length > before) return true;
    }
  }
}
