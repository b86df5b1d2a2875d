/**
 * The loop: takes one key of one component from the FIFO and reconciles it; that is a step.
 *
 * Everything here is a cache: after an eviction the informers list again, every key is dirty again,
 * and each step finds out from the API what is left to do.
 *
 * A step that must wait for something outside (a signature) ends, and so does the slice: nothing else
 * runs until the answer has come, so that the same seed gives the same order of revisions.
 */
import type { Errand } from "#apimachinery/errand.ts";
import { answerTo, Awaiting } from "#apiserver/awaiting.ts";
import type { Component, Identity, Result, Step } from "#client/component.ts";
import { EventRecorder } from "#client/recorder.ts";
import { SharedInformers } from "#client/shared-informers.ts";
import { type Scope, StepClient } from "#client/step-client.ts";
import type { Transport } from "#client/transport.ts";
import { type QueueCounts, type QueueItem, WorkQueue } from "#client/queue.ts";
import { StatusError } from "#apimachinery/status.ts";
import type { Fact } from "#apimachinery/trace.ts";
import type { Delay } from "#client/component.ts";
import type { Clock } from "./clock.ts";

/** A program: components that share informers and, for reading, an identity. */
export interface Program {
  readonly identity: Identity;
  readonly components: readonly Component[];
}

/** What a step did that no revision carries. */
export interface Note {
  readonly rev: number;
  readonly cause: number;
  readonly atMs: number;
  readonly actor: string;
  readonly key: string;
  readonly facts: readonly Fact[];
}

/** One step, for whoever watches the clock. */
export interface StepReport {
  readonly component: string;
  readonly key: string;
  readonly atMs: number;
  /** Revisions it wrote, as (first, last]; equal when it wrote none. */
  readonly from: number;
  readonly to: number;
  readonly noted: boolean;
  readonly error: string | undefined;
}

export interface LoopWorld {
  readonly clock: Clock;
  readonly transport: Transport;
  /** The newest revision. */
  revision(): number;
  /** Cluster time of the newest revision. */
  revisionMs(): number;
  random(purpose: string, key: string): number;
  note(note: Note): void;
}

/** First delay after a failed step, doubled each time. Upstream: client-go DefaultTypedControllerRateLimiter. */
const failureDelayMs = 5;
const failureDelayMaxMs = 1_000_000;

export class Loop {
  readonly #world: LoopWorld;
  readonly #components: readonly Component[];
  readonly #queue = new WorkQueue();
  readonly #failures = new Map<string, number>();
  /** Steps whose answers are being sought. */
  readonly #waiting = new Set<Promise<void>>();
  /** What was found out for a step that will run again. */
  readonly #answers = new Map<string, Map<string, unknown>>();
  readonly #scope: Scope;
  readonly #step: CurrentStep;

  constructor(programs: readonly Program[], world: LoopWorld) {
    this.#world = world;
    this.#components = programs.flatMap(({ components }) => components);
    this.#scope = { identity: nobody, cause: 0, facts: [], writes: 0 };
    const recorder = new EventRecorder(world.transport, this.#scope, {
      nowMs: () => this.nowMs(),
      nanosHex: () => nanosHex(this.nowMs(), world.revision()),
    });
    this.#step = new CurrentStep(
      this.#scope,
      new StepClient(world.transport, this.#scope),
      recorder,
      world,
    );
    let index = 0;
    for (const { identity, components } of programs) {
      const informers = new SharedInformers(world.transport, identity);
      for (const component of components) {
        const at = index++;
        component.start(informers, (key, cause) => this.#queue.add(at, key, cause, this.nowMs()));
      }
      this.#starts.push(() => informers.run());
    }
  }
  readonly #starts: (() => void)[] = [];

  /** Lists and watches; every key becomes dirty. */
  start(): void {
    for (const run of this.#starts.splice(0)) run();
  }

  /** Inside a step its own time, else the clock's; never earlier than the newest revision's. */
  nowMs(): number {
    return this.#step.active ? this.#step.nowMs : this.#world.clock.nowMs();
  }

  /** Keys waiting for their turn right now, or for an answer. */
  get ready(): number {
    this.#promote();
    return this.#queue.length + this.#waiting.size;
  }

  /** Resolves when the answers that steps wait for are there; undefined: none does. */
  get waiting(): Promise<unknown> | undefined {
    return this.#waiting.size === 0 ? undefined : Promise.all(this.#waiting);
  }

  /** What came to each component's keys since this instance woke. */
  queues(): readonly (QueueCounts & { readonly name: string })[] {
    return this.#components.map(({ name }, i) => ({ name, ...this.#queue.counts(i) }));
  }

  /** What comes next, and when by the cluster's clock. */
  next(): { readonly component: string; readonly key: string; readonly atMs: number } | undefined {
    this.#promote();
    const now = this.#queue.peek();
    const item = now ?? this.#queue.next(this.#world.clock.instant);
    if (item === undefined) return undefined;
    const atMs = "atMs" in item ? item.atMs : this.#world.clock.nowMs();
    return { component: this.#components[item.component]?.name ?? "", key: item.key, atMs };
  }

  /** Runs at most `steps` steps of what is due; the number run. */
  slice(steps: number): number {
    this.#promote();
    for (let n = 0; n < steps; n += 1) {
      if (this.#waiting.size > 0) return n;
      let item = this.#queue.take();
      if (item === undefined) {
        this.#promote();
        item = this.#queue.take();
        if (item === undefined) return n;
      }
      this.#run(item);
    }
    return steps;
  }

  /**
   * Runs one step, moving the clock to its due time if need be; undefined: nothing will ever be due.
   * Of a named component only what is ready counts: time does not move for it.
   * Await `waiting` before the next one.
   */
  stepOnce(component?: string): StepReport | undefined {
    this.#promote();
    if (component !== undefined) {
      const item = this.#queue.take(this.#components.findIndex(({ name }) => name === component));
      return item === undefined ? undefined : this.#run(item);
    }
    let item = this.#queue.take();
    while (item === undefined) {
      const next = this.#queue.next(false);
      if (next === undefined) return undefined;
      this.#world.clock.advanceTo(next.atMs);
      this.#promote();
      item = this.#queue.take();
    }
    return this.#run(item);
  }

  #promote(): void {
    const { clock } = this.#world;
    this.#queue.promote(clock.nowMs(), clock.instant);
  }

  #run(item: QueueItem): StepReport {
    const component = this.#components[item.component] as Component;
    const world = this.#world;
    const id = `${item.component} ${item.key}`;
    const from = world.revision();
    const failures = this.#failures.get(id) ?? 0;
    this.#step.begin(component.identity(item.key), item, failures, this.#answers.get(id));
    let result: Result;
    let failure: ReturnType<typeof failed> | undefined;
    try {
      result = component.reconcile(item.key, this.#step);
      if (failures > 0) this.#failures.delete(id);
      this.#answers.delete(id);
    } catch (error) {
      if (error instanceof Awaiting && !this.#isAnswered(id, error)) {
        this.#seek(id, item, error);
        this.#step.end();
        const { name } = component;
        const { key } = item;
        const atMs = this.#step.nowMs;
        const to = world.revision();
        return { component: name, key, atMs, from, to, noted: false, error: undefined };
      }
      this.#answers.delete(id);
      failure = failed(error);
      result = { atMs: this.#step.nowMs + this.#backOff(id), delay: "wait" };
    }
    const atMs = this.#step.nowMs;
    const facts = this.#step.end();
    if (result === undefined) this.#queue.forget(item.component, item.key);
    else this.#queue.addAt(item.component, item.key, result.atMs, result.delay, item.cause);
    const noted = facts.length > 0 || failure !== undefined;
    if (noted) {
      const said = failure === undefined ? facts : [...facts, failure];
      const actor = this.#scope.identity.name;
      world.note({
        rev: world.revision(),
        cause: item.cause,
        atMs,
        actor,
        key: item.key,
        facts: said,
      });
    }
    return {
      component: component.name,
      key: item.key,
      atMs,
      from,
      to: world.revision(),
      noted,
      error: failure?.data.message,
    };
  }

  /** A step that asks again for what it was told would never end. */
  #isAnswered(id: string, { errands }: Awaiting): boolean {
    const answers = this.#answers.get(id);
    return errands.every((errand) => answers?.has(errand.id) === true);
  }

  /** The step ends here and runs again, from its beginning, when the answers are there. */
  #seek(id: string, { component, key, cause, dueMs }: QueueItem, { errands }: Awaiting): void {
    const answers = this.#answers.get(id) ?? new Map<string, unknown>();
    this.#answers.set(id, answers);
    const sought = Promise.all(
      errands.map(async (errand) => {
        answers.set(errand.id, await errand.run());
      }),
    ).then(
      () => {
        this.#waiting.delete(sought);
        this.#queue.add(component, key, cause, dueMs);
      },
      (error: unknown) => {
        // An errand answers whatever happens; one that does not must not stop the loop.
        this.#waiting.delete(sought);
        this.#answers.delete(id);
        const atMs = this.nowMs();
        this.#queue.addAt(component, key, atMs + this.#backOff(id), "wait", cause);
        const { name: actor } = (this.#components[component] as Component).identity(key);
        const facts = [failed(error)];
        this.#world.note({ rev: this.#world.revision(), cause, atMs, actor, key, facts });
      },
    );
    this.#waiting.add(sought);
  }

  /** One more failure of a key: how long until it is tried again. */
  #backOff(id: string): number {
    const failures = this.#failures.get(id) ?? 0;
    this.#failures.set(id, failures + 1);
    return Math.min(failureDelayMs * 2 ** failures, failureDelayMaxMs);
  }
}

/** The one Step object of a loop, filled anew for each step. */
class CurrentStep implements Step {
  nowMs = 0;
  cause = 0;
  failures = 0;
  active = false;
  readonly client: StepClient;
  readonly recorder: EventRecorder;
  readonly #scope: Scope;
  readonly #world: LoopWorld;

  constructor(scope: Scope, client: StepClient, recorder: EventRecorder, world: LoopWorld) {
    this.#scope = scope;
    this.client = client;
    this.recorder = recorder;
    this.#world = world;
  }

  begin(
    identity: Identity,
    item: QueueItem,
    failures: number,
    answers: ReadonlyMap<string, unknown> | undefined,
  ): void {
    this.#scope.identity = identity;
    this.#scope.cause = item.cause;
    this.#scope.facts = [];
    this.#scope.writes = 0;
    this.#scope.answers = answers;
    this.cause = item.cause;
    this.failures = failures;
    this.nowMs = Math.max(item.dueMs, this.#world.revisionMs());
    this.active = true;
  }
  /** The facts no write carried. */
  end(): readonly Fact[] {
    this.active = false;
    return this.#scope.facts;
  }
  explain(...facts: readonly Fact[]): void {
    this.#scope.facts.push(...facts);
  }
  random(purpose: string, key: string): number {
    return this.#world.random(purpose, key);
  }
  answerTo<T>(errand: Errand<T>): T {
    return answerTo(this.#scope, errand);
  }
  reached(atMs: number, delay: Delay): boolean {
    return (delay === "work" && this.#world.clock.instant) || atMs <= this.nowMs;
  }
}

const nobody: Identity = { name: "", user: "", groups: [] };

/** Strictly increasing over the cluster's life: the newest revision stands in the nanoseconds. */
const nanosHex = (nowMs: number, revision: number): string =>
  (BigInt(nowMs) * 1_000_000n + BigInt(revision % 1_000_000)).toString(16);

/** A refusal in the API server's words; anything else is a fault of ours and shows where. */
function failed(error: unknown): Extract<Fact, { type: "request" }> {
  const code = error instanceof StatusError ? error.code : 500;
  const isOurs = error instanceof Error && !(error instanceof StatusError);
  const message = isOurs
    ? `${error.message}\n${error.stack ?? ""}`
    : error instanceof Error
      ? error.message
      : String(error);
  return {
    type: "request",
    data: { code, dryRun: false, contentType: "", query: "", message, origin: null },
  };
}
