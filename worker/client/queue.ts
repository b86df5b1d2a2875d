/**
 * The one workqueue of a cluster: a strict FIFO over all components, each key at most once, and a
 * heap of keys that come back later. The FIFO is the batching: while a key waits its turn, any
 * number of events fold into one step.
 * Upstream: client-go/util/workqueue.
 */
import type { Delay } from "./component.ts";

export interface QueueItem {
  /** Index of the component in the loop's list. */
  readonly component: number;
  readonly key: string;
  /** Newest revision that made the key dirty. */
  cause: number;
  /** Cluster time from which it may run; the time of enqueueing when it came by an event. */
  dueMs: number;
}

/** What came to a component's keys since the queue is there. */
export interface QueueCounts {
  /** Keys that became ready. */
  readonly adds: number;
  /** Keys that wait for their turn now. */
  readonly depth: number;
  /** Returns that were asked for. */
  readonly retries: number;
}

interface Later {
  readonly id: string;
  readonly component: number;
  readonly key: string;
  readonly atMs: number;
  readonly delay: Delay;
  readonly cause: number;
  /** Ties run in the order they were asked for. */
  readonly sequence: number;
}

export class WorkQueue {
  /** Ready items in order; `#head` counts those already taken, so that taking is O(1). */
  #ready: QueueItem[] = [];
  #head = 0;
  /** Every ready item by component and key; an item is here exactly while it is in `#ready`. */
  readonly #queued = new Map<string, QueueItem>();
  /** The one pending return of each key; a stale heap entry differs from it and is skipped. */
  readonly #pending = new Map<string, Later>();
  readonly #waits: Later[] = [];
  readonly #works: Later[] = [];
  #sequence = 0;
  readonly #adds: number[] = [];
  readonly #taken: number[] = [];
  readonly #retries: number[] = [];

  get length(): number {
    return this.#queued.size;
  }

  counts(component: number): QueueCounts {
    const adds = this.#adds[component] ?? 0;
    const depth = adds - (this.#taken[component] ?? 0);
    return { adds, depth, retries: this.#retries[component] ?? 0 };
  }

  /** Marks a key dirty because of a revision. */
  add(component: number, key: string, cause: number, nowMs: number): void {
    const id = `${component} ${key}`;
    const present = this.#queued.get(id);
    if (present !== undefined) {
      if (cause > present.cause) present.cause = cause;
      return;
    }
    const item: QueueItem = { component, key, cause, dueMs: nowMs };
    this.#queued.set(id, item);
    this.#ready.push(item);
    this.#adds[component] = (this.#adds[component] ?? 0) + 1;
  }

  /** Comes back at `atMs`; a later call for the same key replaces the earlier one. */
  addAt(component: number, key: string, atMs: number, delay: Delay, cause: number): void {
    const id = `${component} ${key}`;
    this.#retries[component] = (this.#retries[component] ?? 0) + 1;
    const entry: Later = { id, component, key, atMs, delay, cause, sequence: this.#sequence++ };
    this.#pending.set(id, entry);
    push(delay === "work" ? this.#works : this.#waits, entry);
  }

  /** Forgets the pending return of a key (its last step asked for none). */
  forget(component: number, key: string): void {
    this.#pending.delete(`${component} ${key}`);
  }

  /** Moves what is due to the end of the FIFO. `instant`: work takes no time. */
  promote(nowMs: number, instant: boolean): void {
    for (const heap of [this.#works, this.#waits]) {
      const all = instant && heap === this.#works;
      for (
        let top = this.#top(heap);
        top !== undefined && (all || top.atMs <= nowMs);
        top = this.#top(heap)
      ) {
        pop(heap);
        this.#pending.delete(top.id);
        this.add(top.component, top.key, top.cause, Math.min(top.atMs, nowMs));
      }
    }
  }

  /** Takes the next ready item, of one component when named. */
  take(component?: number): QueueItem | undefined {
    if (component !== undefined) return this.#takeOf(component);
    const item = this.#ready[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    if (this.#head > 1024 && this.#head * 2 > this.#ready.length) {
      this.#ready = this.#ready.slice(this.#head);
      this.#head = 0;
    }
    this.#leave(item);
    return item;
  }
  #leave({ component, key }: QueueItem): void {
    this.#queued.delete(`${component} ${key}`);
    this.#taken[component] = (this.#taken[component] ?? 0) + 1;
  }

  #takeOf(component: number): QueueItem | undefined {
    const at = this.#ready.findIndex((item, i) => i >= this.#head && item.component === component);
    if (at < 0) return undefined;
    const [item] = this.#ready.splice(at, 1);
    if (item !== undefined) this.#leave(item);
    return item;
  }

  /** The next ready item without taking it. */
  peek(): QueueItem | undefined {
    return this.#ready[this.#head];
  }

  /** What comes back next; `work` is due at once on the instant clock. */
  next(
    instant: boolean,
  ): { readonly component: number; readonly key: string; readonly atMs: number } | undefined {
    const work = this.#top(this.#works);
    const wait = this.#top(this.#waits);
    if (work === undefined || (wait !== undefined && !instant && before(wait, work))) return wait;
    return work;
  }

  /** The heap's first entry that still counts. */
  #top(heap: Later[]): Later | undefined {
    for (let top = heap[0]; top !== undefined; top = heap[0]) {
      if (this.#pending.get(top.id) === top) return top;
      pop(heap);
    }
    return undefined;
  }
}

const before = (a: Later, b: Later): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);

/** Binary heap, earliest first. */
function push(heap: Later[], entry: Later): void {
  let at = heap.push(entry) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] as Later;
    if (!before(entry, above)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = entry;
}

function pop(heap: Later[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1] as Later, heap[child] as Later))
      child += 1;
    if (!before(heap[child] as Later, last)) break;
    heap[at] = heap[child] as Later;
    at = child;
  }
  heap[at] = last;
}
