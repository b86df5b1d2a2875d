/** Carries out a clock order and tells, line by line, what happened. */
import type { KubeObject } from "#apimachinery/object.ts";
import type { ClockMode } from "#apiserver/rpc.ts";
import type { Clock } from "#cluster/clock.ts";
import type { Loop, StepReport } from "#cluster/loop.ts";
import { yieldTurn } from "#cluster/wall.ts";
import { type ClockOrder, mostSteps, type Until } from "./clock-order.ts";

export interface ClockFace {
  readonly mode: ClockMode;
  readonly speed: number;
  readonly nowMs: number;
  readonly rev: number;
  /** The next step, `inMs` cluster milliseconds ahead; null: nothing will ever be due by itself. */
  readonly next: { readonly component: string; readonly key: string; readonly inMs: number } | null;
}
export interface ClockAnswer {
  readonly clock: ClockFace;
  /** False: `until` was not met, or there was no step left to take. */
  readonly reached: boolean;
  readonly steps: number;
  readonly lines: readonly string[];
}

export interface ClockWorld {
  readonly loop: Loop;
  readonly clock: Clock;
  revision(): number;
  pods(): readonly KubeObject[];
  /** An order begins: what was said before it is no part of its answer. */
  listen(): void;
  /** What a step did, as lines for people. */
  tell(report: StepReport): readonly string[];
  /** Between two slices. */
  afterSlice(): void;
}

/** Lines an answer holds at most; the last ones are kept. */
const mostLines = 2_000;
const yieldEach = 200;

export function clockFace({ clock, loop, revision }: ClockWorld): ClockFace {
  const next = loop.next();
  const nowMs = clock.nowMs();
  return {
    mode: clock.mode,
    speed: clock.speed,
    nowMs,
    rev: revision(),
    next:
      next === undefined
        ? null
        : { component: next.component, key: next.key, inMs: Math.max(0, next.atMs - nowMs) },
  };
}

export async function runClock(order: ClockOrder, world: ClockWorld): Promise<ClockAnswer> {
  const { clock } = world;
  world.listen();
  // A debugger pauses what it steps.
  const mode = order.mode ?? (order.step === undefined ? clock.mode : "paused");
  if (mode !== clock.mode || order.speed !== undefined) clock.set(mode, order.speed);
  const run = new Run(world);
  let reached = true;
  if (order.skipMs !== undefined) reached = await run.skip(order.skipMs);
  if (order.step !== undefined) reached = await run.steps(order.step, order.component);
  if (order.until !== undefined) reached = await run.until(order.until);
  return { clock: clockFace(world), reached, steps: run.taken, lines: run.lines };
}

class Run {
  readonly lines: string[] = [];
  taken = 0;
  readonly #world: ClockWorld;
  constructor(world: ClockWorld) {
    this.#world = world;
  }

  /** Takes visible steps: one that wrote nothing and says nothing does not count. */
  async steps(count: number, component: string | undefined): Promise<boolean> {
    for (let seen = 0; seen < count;) {
      const report = await this.#one(component);
      if (report === undefined) return false;
      if (report.to > report.from || report.noted) seen += 1;
    }
    return true;
  }

  async until(until: Until): Promise<boolean> {
    while (countOf(until, this.#world.pods()) < until.count) {
      if ((await this.#one(undefined)) === undefined) return false;
    }
    return true;
  }

  /** Lets cluster time pass, with everything that is due on the way, in order. */
  async skip(byMs: number): Promise<boolean> {
    const { clock, loop } = this.#world;
    const targetMs = clock.nowMs() + byMs;
    for (let next = loop.next(); next !== undefined && next.atMs <= targetMs; next = loop.next()) {
      if ((await this.#one(undefined)) === undefined) return false;
    }
    clock.advanceTo(targetMs);
    return true;
  }

  /** Undefined: no step is left, or the limit of one order is. */
  async #one(component: string | undefined): Promise<StepReport | undefined> {
    if (this.taken >= mostSteps) {
      this.#say([`stopped after ${mostSteps} steps; ask again to go on`]);
      return undefined;
    }
    const { loop } = this.#world;
    const report = loop.stepOnce(component);
    if (loop.waiting !== undefined) await loop.waiting;
    if (report === undefined) {
      this.#say(["nothing is due: the cluster waits for a request"]);
      return undefined;
    }
    this.taken += 1;
    this.#say(this.#world.tell(report));
    if (this.taken % yieldEach === 0) {
      this.#world.afterSlice();
      await yieldTurn();
    }
    return report;
  }

  #say(lines: readonly string[]): void {
    this.lines.push(...lines);
    if (this.lines.length > mostLines) this.lines.splice(0, this.lines.length - mostLines);
  }
}

interface PodView extends KubeObject {
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** Pods outside kube-system that exist (and are not going), have a node, are Ready. */
function countOf({ what }: Until, pods: readonly KubeObject[]): number {
  const counted = (pods as readonly PodView[]).filter(
    ({ metadata, spec, status }) =>
      metadata.namespace !== "kube-system" &&
      metadata.deletionTimestamp === undefined &&
      (what === "pods" ||
        (what === "bound" && spec?.nodeName) ||
        (what === "ready" &&
          status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"))),
  );
  return counted.length;
}
