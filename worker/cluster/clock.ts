/**
 * The cluster's own clock. It never runs backwards, and it is stored only when somebody changes it:
 * the time now is worked out from the last change and the wall.
 */
import type { ClockMode } from "#apiserver/rpc.ts";

export interface ClockState {
  readonly mode: ClockMode;
  /** Cluster seconds per wall second while `fast`, 0.1 to 1000. */
  readonly speed: number;
  /** Cluster time at the last change, ms since 1970. */
  readonly clusterMs: number;
  /** Wall time at the last change, ms since 1970. */
  readonly wallMs: number;
}

export const defaultSpeed = 10;
export const speedRange: readonly [number, number] = [0.1, 1000];

export interface ClockStorage {
  load(): ClockState | undefined;
  save(state: ClockState): void;
}

export class Clock {
  readonly #storage: ClockStorage;
  readonly #wall: () => number;
  #state: ClockState;
  /** Cluster time never falls below this: the newest revision's time, or what was last told. */
  #floorMs: number;

  constructor(storage: ClockStorage, wall: () => number, floorMs: number) {
    this.#storage = storage;
    this.#wall = wall;
    // A new cluster is booted step by step, from a whole second on: the same seed, the same history.
    this.#state = storage.load() ?? {
      mode: "paused",
      speed: defaultSpeed,
      clusterMs: Math.floor(wall() / 1000) * 1000,
      wallMs: wall(),
    };
    this.#floorMs = floorMs;
  }

  get mode(): ClockMode {
    return this.#state.mode;
  }
  get speed(): number {
    return this.#state.speed;
  }
  /** Work takes no time. */
  get instant(): boolean {
    return this.#state.mode === "instant";
  }
  get paused(): boolean {
    return this.#state.mode === "paused";
  }

  /** Cluster milliseconds per wall millisecond. */
  get rate(): number {
    const { mode, speed } = this.#state;
    return mode === "paused" ? 0 : mode === "fast" ? speed : 1;
  }

  nowMs(): number {
    const { clusterMs, wallMs } = this.#state;
    const now = Math.floor(clusterMs + Math.max(0, this.#wall() - wallMs) * this.rate);
    if (now > this.#floorMs) this.#floorMs = now;
    return this.#floorMs;
  }

  /** Sets mode and speed from now on. */
  set(mode: ClockMode, speed: number = this.#state.speed): void {
    this.#change({ mode, speed, clusterMs: this.nowMs(), wallMs: this.#wall() });
  }

  /** Jumps ahead to a cluster time; a time that has passed changes nothing. */
  advanceTo(atMs: number): void {
    if (atMs <= this.nowMs()) return;
    this.#change({ ...this.#state, clusterMs: atMs, wallMs: this.#wall() });
  }

  /** Wall time at which cluster time `atMs` comes; undefined while it never comes by itself. */
  wallOf(atMs: number): number | undefined {
    const { rate } = this;
    const waitMs = Math.max(0, atMs - this.nowMs());
    return rate === 0 ? undefined : Math.ceil(this.#wall() + waitMs / rate);
  }

  #change(state: ClockState): void {
    this.#state = state;
    this.#storage.save(state);
    if (state.clusterMs > this.#floorMs) this.#floorMs = Math.floor(state.clusterMs);
  }
}
