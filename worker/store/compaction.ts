/**
 * Which revisions may be forgotten: those older than five wall minutes and beyond the newest 10,000;
 * over the byte cap those beyond the newest 1,000, whatever their age. Upstream: kube-apiserver's
 * compactor (--etcd-compaction-interval, five minutes).
 */
export interface CompactionPolicy {
  readonly keepRevisions: number;
  readonly keepMs: number;
  /** Over this size the newest `keepAtLeast` are all that is kept. */
  readonly mostBytes: number;
  readonly keepAtLeast: number;
  /** Revisions compacted at once, so that compaction is rare. */
  readonly batch: number;
}
export const defaultPolicy: CompactionPolicy = {
  keepRevisions: 10_000,
  keepMs: 5 * 60_000,
  mostBytes: 1024 ** 3,
  keepAtLeast: 1_000,
  batch: 2_000,
};

/** Remembers which revision was the newest when; a cache, empty after waking. */
export class CompactionClock {
  readonly #policy: CompactionPolicy;
  readonly #marks: { readonly wallMs: number; readonly revision: number }[] = [];
  constructor(policy: CompactionPolicy = defaultPolicy) {
    this.#policy = policy;
  }

  /** The revision to compact to now; undefined: nothing is worth it. */
  due(now: {
    readonly wallMs: number;
    readonly revision: number;
    readonly compacted: number;
    readonly bytes: number;
  }): number | undefined {
    const { keepRevisions, keepMs, mostBytes, keepAtLeast, batch } = this.#policy;
    const last = this.#marks.at(-1);
    if (last === undefined || now.wallMs - last.wallMs >= keepMs / 10)
      this.#marks.push({ wallMs: now.wallMs, revision: now.revision });
    if (now.bytes > mostBytes) return worthwhile(now.revision - keepAtLeast, now.compacted, 1);
    const old = this.#marks.findLastIndex(({ wallMs }) => wallMs <= now.wallMs - keepMs);
    if (old < 0) return undefined;
    this.#marks.splice(0, old);
    const byAge = this.#marks[0]?.revision ?? 0;
    return worthwhile(Math.min(byAge, now.revision - keepRevisions), now.compacted, batch);
  }
}

const worthwhile = (to: number, compacted: number, batch: number): number | undefined =>
  to - compacted >= batch ? to : undefined;
