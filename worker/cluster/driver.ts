/**
 * Drives the loop: slices while something is due, an alarm for what comes later.
 *
 * The alarm is the durable guarantee: while keys are ready or will be due, it is armed no later than
 * shortly after that time, so that a new instance goes on if this one dies. It is written only when
 * it must move earlier (each `setAlarm` is a row).
 */
import type { Clock } from "./clock.ts";
import type { Loop } from "./loop.ts";
import { wallMs, yieldTurn } from "./wall.ts";

/** Steps between two yields: about 5 ms. The clock stands still between I/O in production, so time cannot end a slice. */
const sliceSteps = 200;
/** How late the alarm may wake a new instance after this one died with work at hand. */
const guardMs = 1000;

export interface DriverWorld {
  readonly loop: Loop;
  readonly clock: Clock;
  /** Wall time at which the cluster ends; 0 = never. */
  expiresAtMs(): number;
  setAlarm(atWallMs: number): void;
  /** After every slice: notes, watchers. */
  afterSlice(): void;
}

export class Driver {
  readonly #world: DriverWorld;
  /** The armed alarm, wall ms; Infinity = none. Known because only this class arms it. */
  #armedMs: number;
  #driving: Promise<void> | undefined;

  constructor(world: DriverWorld, armedMs: number | null) {
    this.#world = world;
    this.#armedMs = armedMs ?? Number.POSITIVE_INFINITY;
  }

  /** Something may be due now: goes on in the background. */
  kick(): void {
    const { loop, clock } = this.#world;
    if (this.#driving !== undefined) return;
    if (clock.paused || loop.ready === 0) {
      this.arm();
      return;
    }
    this.#arm(wallMs() + guardMs);
    this.#driving = this.#drive().finally(() => {
      this.#driving = undefined;
      this.arm();
    });
  }

  /** Resolves when nothing is due any more (or the clock stands still). */
  async settled(): Promise<void> {
    this.kick();
    while (this.#driving !== undefined) await this.#driving;
  }

  /** The alarm rang. */
  async alarm(): Promise<void> {
    this.#armedMs = Number.POSITIVE_INFINITY;
    await this.settled();
    this.arm();
  }

  /** Arms the alarm at the next due time or the cluster's end, if nothing earlier is armed. */
  arm(): void {
    const { clock, loop } = this.#world;
    const next = clock.paused ? undefined : loop.next();
    const due = next === undefined ? undefined : clock.wallOf(next.atMs);
    const end = this.#world.expiresAtMs();
    const at = Math.min(
      due ?? Number.POSITIVE_INFINITY,
      end === 0 ? Number.POSITIVE_INFINITY : end,
    );
    if (Number.isFinite(at)) this.#arm(at);
  }

  #arm(atWallMs: number): void {
    if (this.#armedMs <= atWallMs) return;
    this.#armedMs = atWallMs;
    this.#world.setAlarm(atWallMs);
  }

  async #drive(): Promise<void> {
    const { loop, clock } = this.#world;
    while (!clock.paused) {
      if (loop.slice(sliceSteps) === 0 && loop.waiting === undefined) return;
      this.#world.afterSlice();
      await (loop.waiting ?? yieldTurn());
    }
  }
}
