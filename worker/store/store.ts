/**
 * etcd: one append-only log of revisions, in the Durable Object's SQLite.
 *
 * Invariants:
 * - Revisions are 1, 2, 3, … over all keys; a row's resourceVersion is known before it is written.
 * - A commit is one INSERT. It is atomic by itself; in `transaction` several are atomic together.
 * - Memory (key space, values, recent texts) is a cache of the log and is rebuilt when waking.
 * - Subscribers hear of a write after it is in the log and in memory, in order, each exactly once.
 * - Nothing at or above the compacted revision is ever missing.
 * Upstream: etcd server/storage/mvcc; apiserver/pkg/storage/etcd3/store.go.
 */
import { deepFreeze } from "#apimachinery/freeze.ts";
import type { Explanation } from "#apimachinery/trace.ts";
import type { Database } from "./database.ts";
import { type Change, type Entry, type Revision, revision } from "./entry.ts";
import { Compacted, CompareFailed, FutureRevision, TooLarge } from "./errors.ts";
import { Interned } from "./interned.ts";
import { KeySpace } from "./key-space.ts";
import { Live } from "./live.ts";
import { type LogRow, Statements, type WakeRow } from "./statements.ts";

/** Who writes, because of what, when. */
export interface Provenance {
  readonly who: string;
  readonly cause: number;
  /** Cluster time, ms since 1970. */
  readonly atMs: number;
  readonly verb: string;
  readonly explanation: Explanation | null;
}
export interface Put {
  readonly key: string;
  /** Its metadata.resourceVersion must be `nextRevision`. It is frozen and becomes the cached object. */
  readonly value: unknown;
  readonly ownership?: string | null;
  /** Revision the key must be at, 0 = must not exist; left out = whatever. */
  readonly expect?: number;
  readonly provenance: Provenance;
}
export interface Delete {
  readonly key: string;
  /** What the tombstone shows; the stored value when left out. */
  readonly value?: unknown;
  readonly expect?: number;
  readonly provenance: Provenance;
}
export interface Range {
  readonly prefix: string;
  /** Begins behind this key. */
  readonly after?: string;
  readonly limit?: number;
  /** State at this revision; the newest when left out. */
  readonly at?: number;
}
export interface RangeResult {
  readonly entries: readonly Entry[];
  /** How many more there are behind the last entry. */
  readonly remaining: number;
  readonly revision: Revision;
}
/** One row of the log. `value` is read only when asked for. */
export interface HistoryRow {
  readonly revision: Revision;
  readonly key: string;
  readonly type: "PUT" | "DELETE";
  readonly createRevision: Revision;
  readonly version: number;
  /** The key's revision before; 0 = none. */
  readonly previous: Revision;
  readonly who: string;
  readonly cause: number;
  readonly atMs: number;
  readonly verb: string;
  readonly explanation: Explanation | null;
  readonly ownership: string | null;
  readonly text: string;
}
export interface StoreStats {
  readonly revision: number;
  readonly compacted: number;
  readonly keys: number;
  readonly rowsWritten: number;
  readonly statements: number;
  readonly alarms: number;
  readonly bytes: number;
}
export interface StoreOptions {
  /** Keys whose values are not kept parsed. */
  readonly uncached?: (key: string) => boolean;
  /** Largest text of an object in bytes. */
  readonly limitBytes?: number;
}

/** etcd's default request limit; the platform's row holds 2 MB. */
const defaultLimitBytes = 1.5 * 1024 * 1024;
/** Texts just written, for watchers that encode them in the same turn. */
const recentTexts = 256;

export class Store {
  /** Texts that rows share. */
  readonly interned: Interned;
  readonly #statements: Statements;
  readonly #database: Database;
  readonly #uncached: (key: string) => boolean;
  readonly #limitBytes: number;
  readonly #keys = new KeySpace();
  readonly #recent = new Map<number, string>();
  readonly #subscribers = new Set<(change: Change) => void>();
  #revision = revision(0);
  #compacted = revision(0);
  #atMs = 0;
  /** In a transaction: how to undo each write in memory, and what subscribers will hear. */
  #open: { readonly undo: (() => void)[]; readonly changes: Change[] } | undefined;

  constructor(database: Database, options: StoreOptions = {}) {
    this.#database = database;
    this.#statements = new Statements(database);
    this.interned = new Interned(database);
    this.#uncached = options.uncached ?? (() => false);
    this.#limitBytes = options.limitBytes ?? defaultLimitBytes;
    this.#wake();
  }

  get revision(): Revision {
    return this.#revision;
  }
  get compactedRevision(): Revision {
    return this.#compacted;
  }
  /** Cluster time of the newest revision. */
  get revisionMs(): number {
    return this.#atMs;
  }
  /** What the next write's revision will be. */
  nextRevision(): Revision {
    return revision(this.#revision + 1);
  }

  /** The newest state, or the state at a revision. */
  get(key: string, at?: number): Entry | undefined {
    const live = this.#keys.get(key);
    if (
      at === undefined ||
      at === this.#revision ||
      (live !== undefined && live.modRevision <= at)
    ) {
      if (at !== undefined) this.#check(at);
      return live;
    }
    this.#check(at);
    const row = this.#statements.rowAt(key, at);
    return row === undefined || row.deleted === 1 ? undefined : this.#old(row);
  }

  range({ prefix, after, limit, at }: Range): RangeResult {
    if (at !== undefined && at !== this.#revision)
      return this.#rangeAt(prefix, after ?? "", limit, at);
    const entries: Live[] = [];
    let remaining = 0;
    for (const live of this.#keys.under(prefix, after)) {
      if (limit !== undefined && entries.length >= limit) remaining += 1;
      else entries.push(live);
    }
    this.#load(entries);
    return { entries, remaining, revision: this.#revision };
  }

  /** How many keys there are under a prefix, without reading them. */
  count(prefix: string): number {
    let count = 0;
    for (const _ of this.#keys.under(prefix)) count += 1;
    return count;
  }

  /** Texts of entries, read in few statements. */
  texts(entries: readonly Entry[]): string[] {
    const read = this.#statements.texts(entries.map(({ modRevision }) => modRevision));
    return entries.map((entry) => read.get(entry.modRevision) ?? entry.text());
  }

  put({ key, value, ownership = null, expect, provenance }: Put): Entry {
    const previous = this.#keys.get(key);
    this.#expect(key, previous, expect);
    const text = JSON.stringify(value);
    this.#measure(text);
    const rev = this.nextRevision();
    const created = previous === undefined ? rev : previous.createRevision;
    const version = previous === undefined ? 1 : previous.version + 1;
    const row = {
      rev,
      key,
      created,
      version,
      ownership,
      prev: previous?.modRevision ?? revision(0),
    };
    this.#statements.insert(row, 0, provenance, text);
    const kept = !this.#uncached(key);
    const live = new Live(row, this.#readText, kept, kept ? deepFreeze(value) : undefined);
    this.#commit(key, previous, live, text, provenance);
    this.#tell({
      type: "PUT",
      revision: rev,
      entry: live,
      previous,
      who: provenance.who,
      cause: provenance.cause,
    });
    return live;
  }

  /** Throws CompareFailed with actual 0 when the key does not exist. */
  delete({ key, value, expect, provenance }: Delete): Change {
    const previous = this.#keys.get(key);
    this.#expect(key, previous, expect);
    if (previous === undefined) throw new CompareFailed(key, 0);
    const text = value === undefined ? previous.text() : JSON.stringify(value);
    const rev = this.nextRevision();
    const { createRevision: created, version, ownership, modRevision: prev } = previous;
    const row = { rev, key, created, version, ownership, prev };
    this.#statements.insert(row, 1, provenance, text);
    const last = new Live(row, this.#readText, true, deepFreeze(value ?? previous.value));
    this.#commit(key, previous, undefined, text, provenance);
    const { who, cause } = provenance;
    const change: Change = { type: "DELETE", revision: rev, entry: last, previous, who, cause };
    this.#tell(change);
    return change;
  }

  /** Hears of every write from now on; call the result to stop. */
  subscribe(subscriber: (change: Change) => void): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /** Rows in (from, to], in order, of keys under `prefix`. Throws Compacted below the compacted revision. */
  history(asked: {
    from: number;
    to?: number;
    prefix?: string;
    limit?: number;
    values?: boolean;
  }): HistoryRow[] {
    const { from, to = this.#revision, prefix = "", limit = -1, values = false } = asked;
    if (from < this.#compacted) throw new Compacted(from, this.#compacted);
    return this.#statements.history(from, to, prefix, limit, values).map(historyRow);
  }
  /** One row; undefined when it is compacted or has not come yet. */
  row(rev: number): HistoryRow | undefined {
    const row = this.#statements.row(rev);
    return row === undefined ? undefined : historyRow(row);
  }

  /** Several writes, and other rows of the same SQLite, all or none. Not to be nested. */
  transaction<T>(run: () => T): T {
    const open: { undo: (() => void)[]; changes: Change[] } = { undo: [], changes: [] };
    const before = { revision: this.#revision, atMs: this.#atMs };
    this.#open = open;
    let result: T;
    try {
      result = this.#database.storage.transactionSync(run);
    } catch (error) {
      for (const undo of open.undo.toReversed()) undo();
      this.#revision = before.revision;
      this.#atMs = before.atMs;
      this.#recent.clear();
      this.interned.forget();
      throw error;
    } finally {
      this.#open = undefined;
    }
    for (const change of open.changes) this.#hear(change);
    return result;
  }

  /** Forgets superseded states up to and including a revision; returns the rows deleted. */
  compact(to: number): number {
    if (to <= this.#compacted) return 0;
    if (to >= this.#revision) throw new FutureRevision(to, this.#revision - 1);
    const deleted = this.#statements.compact(to);
    this.#compacted = revision(to);
    return deleted;
  }

  stats(): StoreStats {
    const { storage, cost } = this.#database;
    return {
      revision: this.#revision,
      compacted: this.#compacted,
      keys: this.#keys.size,
      rowsWritten: cost.rowsWritten,
      statements: cost.statements,
      alarms: cost.alarms,
      bytes: storage.sql.databaseSize,
    };
  }

  #wake(): void {
    this.#compacted = revision(this.#statements.compacted());
    for (const row of this.#statements.wake()) {
      this.#revision = revision(row.rev);
      this.#atMs = row.at;
      if (row.deleted === 1) this.#keys.delete(row.key);
      else this.#keys.set(row.key, this.#live(row));
    }
  }

  #live(row: WakeRow): Live {
    const { key, version, ownership } = row;
    const revisions = { rev: revision(row.rev), created: revision(row.created) };
    return new Live(
      { key, version, ownership, ...revisions },
      this.#readText,
      !this.#uncached(key),
    );
  }
  /** A state that is not the newest: parsed for this reader alone. */
  #old(row: LogRow): Live {
    const live = this.#live(row);
    live.load(row.value);
    return live;
  }

  readonly #readText = (rev: Revision): string => {
    const recent = this.#recent.get(rev);
    if (recent !== undefined) return recent;
    const text = this.#statements.text(rev);
    if (text === undefined) throw new Compacted(rev, this.#compacted);
    return text;
  };

  #load(entries: readonly Live[]): void {
    const missing = entries.filter((entry) => !entry.parsed);
    if (missing.length < 2) return;
    const texts = this.#statements.texts(missing.map(({ modRevision }) => modRevision));
    for (const entry of missing) entry.load(texts.get(entry.modRevision) ?? entry.text());
  }

  #rangeAt(prefix: string, after: string, limit: number | undefined, at: number): RangeResult {
    this.#check(at);
    const states = new Map<string, Live | number>();
    for (const live of this.#keys.under(prefix, after))
      if (live.modRevision <= at) states.set(live.key, live);
    // The first row of a key behind `at` points to the row that was valid at `at`.
    for (const { key, prev } of this.#statements.firstAfter(at, prefix)) {
      if (key > after && prev > 0) states.set(key, prev);
    }
    const keys = [...states.keys()].sort();
    const olds = this.#statements.rows(
      [...states.values()].filter((state) => typeof state === "number"),
    );
    const entries: Entry[] = [];
    let remaining = 0;
    for (const key of keys) {
      const state = states.get(key) as Live | number;
      const row = typeof state === "number" ? olds.get(state) : undefined;
      if (typeof state === "number" && (row === undefined || row.deleted === 1)) continue;
      if (limit !== undefined && entries.length >= limit) remaining += 1;
      else entries.push(row === undefined ? (state as Live) : this.#old(row));
    }
    return { entries, remaining, revision: revision(at) };
  }

  #check(at: number): void {
    if (at < this.#compacted) throw new Compacted(at, this.#compacted);
    if (at > this.#revision) throw new FutureRevision(at, this.#revision);
  }
  #expect(key: string, previous: Live | undefined, expect: number | undefined): void {
    const actual = previous?.modRevision ?? 0;
    if (expect !== undefined && expect !== actual) throw new CompareFailed(key, actual);
  }
  #measure(text: string): void {
    // A UTF-16 unit is at most 3 bytes of UTF-8: most texts need no counting.
    if (text.length * 3 <= this.#limitBytes) return;
    const bytes = new TextEncoder().encode(text).length;
    if (bytes > this.#limitBytes) throw new TooLarge(bytes, this.#limitBytes);
  }

  #commit(
    key: string,
    previous: Live | undefined,
    next: Live | undefined,
    text: string,
    { atMs }: Provenance,
  ): void {
    if (next === undefined) this.#keys.delete(key);
    else this.#keys.set(key, next);
    this.#revision = this.nextRevision();
    this.#atMs = atMs;
    this.#recent.set(this.#revision, text);
    if (this.#recent.size > recentTexts) this.#recent.delete(this.#revision - recentTexts);
    this.#open?.undo.push(() => {
      if (previous === undefined) this.#keys.delete(key);
      else this.#keys.set(key, previous);
    });
  }
  #tell(change: Change): void {
    if (this.#open === undefined) this.#hear(change);
    else this.#open.changes.push(change);
  }
  #hear(change: Change): void {
    for (const subscriber of this.#subscribers) subscriber(change);
  }
}

function historyRow(row: LogRow): HistoryRow {
  return {
    revision: revision(row.rev),
    key: row.key,
    type: row.deleted === 1 ? "DELETE" : "PUT",
    createRevision: revision(row.created),
    version: row.version,
    previous: revision(row.prev),
    who: row.who,
    cause: row.cause,
    atMs: row.at,
    verb: row.verb,
    explanation: row.why === null ? null : (JSON.parse(row.why) as Explanation),
    ownership: row.ownership,
    text: row.value,
  };
}
