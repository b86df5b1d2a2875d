/** Commands in the background: each goes on by its own clock, and what it does is told in the order of time. */
import type { Clock } from "./frame.ts";
import type { Moment, Moments } from "./moment.ts";

/** The first one's; others follow. */
const firstPid = 8;

interface Job {
  readonly pid: number;
  readonly clock: Clock;
  readonly moments: Moments;
  /** Told to nobody yet. */
  next?: Moment | undefined;
  code?: number | undefined;
}

export class Jobs {
  readonly #jobs: Job[] = [];
  #started = 0;
  /** When the moment told last is due for somebody who watches. */
  dueMs = 0;

  /** `moments` ends with a code. */
  start(clock: Clock, moments: Moments): number {
    const pid = firstPid + this.#started++;
    this.#jobs.push({ pid, clock, moments });
    return pid;
  }

  /** Undefined: there never was such a job. */
  has(pid: number): boolean {
    return this.#jobs.some((job) => job.pid === pid);
  }
  get all(): readonly number[] {
    return this.#jobs.map(({ pid }) => pid);
  }
  kill(pid: number): void {
    const job = this.#jobs.find((one) => one.pid === pid && one.code === undefined);
    if (job === undefined) return;
    job.code = killedCode;
    job.moments.return();
  }

  /** All that jobs do by then. */
  *until(toMs: number): Moments {
    if (this.#jobs.length === 0) return;
    for (let job = this.#first(); job !== undefined; job = this.#first()) {
      if (job.next === undefined || job.next.atMs > toMs) return;
      if (toMs === Number.POSITIVE_INFINITY && job.next.atMs === toMs) return;
      yield* this.#tell(job);
    }
  }

  /** Until one has ended; its code. */
  *ends(pid: number, clock: Clock): Moments<number | undefined> {
    const job = this.#jobs.find((one) => one.pid === pid);
    if (job === undefined) return undefined;
    while (job.code === undefined) {
      const first = this.#first();
      if (first === undefined) break;
      yield* this.#tell(first);
    }
    clock.atMs = Math.max(clock.atMs, Math.min(job.clock.atMs, Number.MAX_SAFE_INTEGER));
    return job.code;
  }

  /** Whose turn is next. */
  #first(): Job | undefined {
    let first: Job | undefined;
    for (const job of this.#jobs) {
      if (job.code !== undefined) continue;
      if (job.next === undefined) {
        const { done, value } = job.moments.next();
        job.next = done === true ? undefined : value;
        if (job.next === undefined) {
          job.code = 0;
          continue;
        }
      }
      if (first?.next === undefined || (job.next?.atMs ?? 0) < first.next.atMs) first = job;
    }
    return first;
  }

  *#tell(job: Job): Moments {
    const { next, clock } = job;
    job.next = undefined;
    if (next === undefined) return;
    if (next.code !== undefined) {
      job.code = next.code;
      return;
    }
    this.dueMs = clock.atMs - clock.workMs;
    yield next;
  }
}
/** 128 + SIGTERM. */
const killedCode = 143;
