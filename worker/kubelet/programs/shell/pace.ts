/** How time passes in a script: what its commands, its calls and its waits cost, and what meets it meanwhile. */
import { withLayer } from "#kubelet/programs/process.ts";
import type { Call, Heard } from "#network/calls.ts";
import type { Clock } from "./frame.ts";
import { Interrupted, Leaves } from "./leaving.ts";
import type { Moments } from "./moment.ts";
import type { ShellWorld } from "./world.ts";

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

export class Pace {
  readonly #world: ShellWorld;
  /** Calls to the network. */
  #calls = 0;
  /** So many of the things written from beside have been found. */
  #found = 0;
  #slept = false;

  constructor(world: ShellWorld) {
    this.#world = world;
  }

  /** Slept at all: what comes after is a wait, not work. */
  get slept(): boolean {
    return this.#slept;
  }

  /** One command more. */
  tick(clock: Clock): void {
    this.#heedCtrlC(clock);
    const ms = commandMs(clock.run);
    clock.atMs += ms;
    if (ms === quickMs) clock.workMs += ms;
    clock.run += 1;
    this.#finds(clock.atMs);
  }

  *wait(ms: number, clock: Clock): Moments {
    if (ms > 0) this.#slept = true;
    clock.atMs += ms;
    clock.run = 0;
    yield { atMs: clock.atMs };
    this.#heedCtrlC(clock);
  }

  /** Nothing happens any more. */
  *forever(clock: Clock): Moments<never> {
    this.#slept = true;
    clock.atMs = Number.POSITIVE_INFINITY;
    yield { atMs: Number.POSITIVE_INFINITY };
    this.#heedCtrlC(clock);
    throw new Leaves(0);
  }

  /** What the network says to a call. */
  *heard(call: Call, clock: Clock): Moments<Heard> {
    this.#calls += 1;
    const ms = callMs(this.#calls);
    clock.atMs += ms;
    if (ms === callMs(0)) clock.workMs += ms;
    if (this.#calls > workCalls) this.#slept = true;
    for (;;) {
      const heard = this.#world.hears?.(call);
      if (heard !== undefined) return heard;
      yield { atMs: clock.atMs, asks: call };
      this.lookUp(clock);
    }
  }

  /** After a wait for others: what time it is, and whether somebody pressed Ctrl-C. */
  lookUp(clock: Clock): void {
    const { input } = this.#world;
    if (input === undefined) return;
    if (input.interrupted || input.elapsedMs > clock.atMs) {
      clock.atMs = input.elapsedMs;
      clock.workMs = 0;
      clock.run = 0;
    }
    if (!input.interrupted) return;
    input.interrupted = false;
    throw new Interrupted();
  }
  #heedCtrlC(clock: Clock): void {
    if (this.#world.input?.interrupted === true) this.lookUp(clock);
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
}
