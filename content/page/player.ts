/**
 * Walks the cursor along the beats. Step shows one beat more; what nobody stepped through (the
 * learner's own commands, a running clock) plays by itself, faster the more is waiting.
 */
import { type Beat, beatsOf } from "#content/page/picture/beats.ts";
import type { Store } from "./state.ts";

const durations: Readonly<Record<Beat["kind"], number>> = {
  request: 3200,
  watch: 1600,
  filter: 1200,
  rank: 1200,
  local: 700,
  told: 300,
};
/** A beat that many behind is not shown at all. */
const mostWaiting = 40;

export class Player {
  readonly #store: Store;
  #frame = 0;
  #before = 0;
  /** Goes on to the next beat by itself. */
  #running = false;
  /** The beat after which it stops; Infinity while running. */
  #until = -1;

  constructor(store: Store) {
    this.#store = store;
  }

  get #last(): number {
    return beatsOf(this.#store.state.recording.events).length - 1;
  }
  get atEnd(): boolean {
    const { cursor, t } = this.#store.state;
    return cursor >= this.#last && t >= 1;
  }
  get running(): boolean {
    return this.#running;
  }

  /** Plays all that there is and will be. */
  run(): void {
    this.#running = true;
    this.#until = Number.POSITIVE_INFINITY;
    this.#go();
  }
  halt(): void {
    this.#running = false;
    this.#until = this.#store.state.cursor;
  }

  /** Shows the next beat; false: there is none. A beat under way is brought to its end first. */
  step(): boolean {
    const { cursor, t } = this.#store.state;
    if (cursor >= this.#last) {
      if (t >= 1) return false;
      this.#store.set({ t: 1 });
      return cursor < this.#last;
    }
    this.#until = cursor + 1;
    this.#store.set({ cursor: cursor + 1, t: 0 });
    this.#go();
    return true;
  }

  back(): void {
    this.halt();
    const { cursor, t } = this.#store.state;
    this.show(t < 1 || cursor === 0 ? cursor : cursor - 1);
  }

  /** Jumps to the end of a beat. */
  show(cursor: number): void {
    this.halt();
    this.#store.set({ cursor: Math.max(0, Math.min(cursor, this.#last)), t: 1 });
  }

  /** Beats came in: `follow` shows them, else the first waits for Step. */
  came(follow: boolean, wasAtEnd: boolean): void {
    if (!follow || (!wasAtEnd && !this.#running)) return;
    this.#until = Number.POSITIVE_INFINITY;
    this.#go();
  }

  #go(): void {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      const end = Math.min(this.#until, this.#last);
      this.#store.set({ cursor: Math.max(0, end), t: 1 });
      return;
    }
    if (this.#frame !== 0) return;
    this.#before = performance.now();
    this.#frame = requestAnimationFrame((now) => this.#tick(now));
  }

  #tick(now: number): void {
    this.#frame = 0;
    const { state } = this.#store;
    const beats = beatsOf(state.recording.events);
    const last = beats.length - 1;
    let { cursor, t } = state;
    const waiting = Math.min(this.#until, last) - cursor;
    if (waiting > mostWaiting) {
      cursor = last - 1;
      t = 1;
    }
    const beat = beats[cursor];
    const hurry = waiting > 8 ? 8 : waiting > 2 ? 3 : 1;
    t += ((now - this.#before) / (durations[beat?.kind ?? "told"] ?? 300)) * hurry;
    this.#before = now;
    if (t >= 1 && cursor < last && cursor < this.#until) {
      cursor += 1;
      t = 0;
    }
    t = Math.min(1, t);
    this.#store.set({ cursor, t });
    if (t < 1 || (cursor < last && cursor < this.#until))
      this.#frame = requestAnimationFrame((next) => this.#tick(next));
  }
}
