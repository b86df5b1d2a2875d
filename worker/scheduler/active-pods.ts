/**
 * The active queue: Pods that wait for their first try, highest priority first, then in order of arrival.
 * The loop's FIFO says whose turn it is; this says who comes before.
 * Upstream: pkg/scheduler/backend/queue/active_queue.go, plugins/queuesort/priority_sort.go.
 */
export class ActivePods {
  readonly #priorities = new Map<string, number>();
  /** Never an empty set, so that the keys are the priorities in use: few, however many Pods there are. */
  readonly #byPriority = new Map<number, Set<string>>();

  get size(): number {
    return this.#priorities.size;
  }

  add(key: string, priority: number): void {
    if (this.#priorities.get(key) === priority) return;
    this.delete(key);
    this.#priorities.set(key, priority);
    const keys = this.#byPriority.get(priority);
    if (keys === undefined) this.#byPriority.set(priority, new Set([key]));
    else keys.add(key);
  }

  delete(key: string): void {
    const priority = this.#priorities.get(key);
    if (priority === undefined) return;
    this.#priorities.delete(key);
    const keys = this.#byPriority.get(priority);
    keys?.delete(key);
    if (keys?.size === 0) this.#byPriority.delete(priority);
  }

  /** Of the highest priority above this one, the first that came. */
  firstAbove(priority: number): string | undefined {
    let highest = priority;
    for (const one of this.#byPriority.keys()) if (one > highest) highest = one;
    return highest === priority ? undefined : this.#byPriority.get(highest)?.values().next().value;
  }
}
