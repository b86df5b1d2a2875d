/**
 * Runs a script on an imagined clock: the moments at which it writes, changes a file or ends. Generators, so that
 * an endless loop costs only what somebody looks at. The parts: `control.ts`, `simple-command.ts`, `interactive.ts`.
 * Upstream: busybox shell/ash.c main, cmdloop.
 */
import { exitTrap } from "./builtins/trap.ts";
import { evaluated, list } from "./control.ts";
import { type Clock, type Frame, nothing, type ShellState, stderr, stdout } from "./frame.ts";
import { conversation } from "./interactive.ts";
import { Jobs } from "./jobs.ts";
import { Breaks, Interrupted, interruptedCode, Leaves, Returns } from "./leaving.ts";
import { LiveInput } from "./live-input.ts";
import type { Moment, Moments } from "./moment.ts";
import { written } from "./output.ts";
import { Pace } from "./pace.ts";
import { parse } from "./parse.ts";
import type { Running } from "./running.ts";
import { called, isThere, plain } from "./simple-command.ts";
import { type Node, type Script, ShellSyntaxError } from "./syntax.ts";
import type { ShellWorld } from "./world.ts";

export class Shell implements Running {
  readonly world: ShellWorld;
  readonly jobs: Jobs = new Jobs();
  readonly pace: Pace;
  readonly #top: Frame;

  constructor(world: ShellWorld, atMs = 0, code = 0) {
    this.world = world;
    this.pace = new Pace(world);
    const clock: Clock = { atMs, workMs: 0, run: 0 };
    const state: ShellState = {
      variables: world.variables,
      functions: world.functions ?? new Map(),
      arguments: ["sh"],
      options: new Set(),
      traps: new Map(),
      clock,
      code,
      depth: 0,
      locals: undefined,
      lastJob: undefined,
    };
    const { input } = world;
    const source = input === undefined ? nothing : new LiveInput(input, this.pace, clock);
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
  /** Slept at all: what comes after is a wait, not work. */
  get slept(): boolean {
    return this.pace.slept;
  }

  /** All moments of `sh -c text`; the last one ends it. `given`: `$0` and the arguments. */
  *run(text: string, given: readonly string[] = [], flags = ""): Moments {
    const frame = this.#top;
    if (given.length > 0) frame.state.arguments = given;
    for (const letter of ["e", "u", "x"])
      if (flags.includes(letter)) frame.state.options.add(letter);
    yield* this.#whole(this.text(text, frame));
  }
  /** One command, without a shell around it. */
  *command(argv: readonly string[]): Moments {
    yield* this.#whole(this.call(argv, this.#top));
  }
  /** A shell that reads commands from its input; `isGoingOn`: it has shown its prompt already. */
  *interactive(shell: string, isGoingOn = false): Moments {
    yield* this.#whole(this.#reads(shell, this.#top, { isOutermost: true, isGoingOn }));
  }
  /** As after something that never ends by itself; a shell that was interrupted in it goes on. */
  *stuck(shell: string | undefined): Moments {
    yield* this.#whole(this.#stuck(shell));
  }

  script(script: Script, frame: Frame): Moments {
    return list(this, script, frame);
  }
  *text(text: string, frame: Frame): Moments {
    let script: Script;
    try {
      script = parse(text);
    } catch (error) {
      if (!(error instanceof ShellSyntaxError)) throw error;
      yield* this.print(`sh: ${error.message}\n`, frame, 2);
      throw new Leaves(2, { isError: true });
    }
    yield* this.script(script, frame);
  }
  node(node: Node, frame: Frame): Moments {
    return evaluated(this, node, frame);
  }
  call(argv: readonly string[], frame: Frame): Moments {
    return called(this, argv, frame);
  }
  plain(argv: readonly string[], frame: Frame): Moments {
    return plain(this, argv, frame);
  }
  print(text: string, { out, err, state }: Frame, fd: 1 | 2 = 1): Moments {
    const { files } = this.world;
    return written(text, fd === 1 ? out : err, { clock: state.clock, files });
  }
  reading(shell: string, frame: Frame): Moments {
    return this.#reads(shell, frame, { isOutermost: false, isGoingOn: false });
  }
  knows(name: string): boolean {
    return isThere(name, this.world);
  }

  *#reads(
    shell: string,
    frame: Frame,
    how: { readonly isOutermost: boolean; readonly isGoingOn: boolean },
  ): Moments {
    const { source } = frame;
    if (source instanceof LiveInput)
      return yield* conversation(this, { shell, source, ...how }, frame);
    yield* this.text(yield* source.all(), frame);
  }

  *#stuck(shell: string | undefined): Moments {
    try {
      yield* this.pace.forever(this.#top.state.clock);
    } catch (thrown) {
      if (!(thrown instanceof Interrupted) || shell === undefined) throw thrown;
      this.#top.state.code = interruptedCode;
    }
    yield* this.#reads(shell ?? "", this.#top, { isOutermost: true, isGoingOn: false });
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
}
