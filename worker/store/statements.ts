/** The store's statements, each prepared once: an unprepared drizzle query costs three times as much. */
import { and, asc, desc, eq, getTableColumns, gt, gte, lt, lte, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import type { Provenance } from "./store.ts";
import { type Revision, revision } from "./entry.ts";
import { compaction, log } from "./schema.ts";

export type LogRow = typeof log.$inferSelect;
/** What waking needs of a row. */
export type WakeRow = Pick<
  LogRow,
  "rev" | "key" | "created" | "version" | "deleted" | "at" | "ownership"
>;
export interface NewRow {
  readonly rev: Revision;
  readonly key: string;
  readonly created: Revision;
  readonly version: number;
  readonly prev: Revision;
  readonly ownership: string | null;
}

const named = sql.placeholder;

/** All but the value, for walks through history that need none. */
const heads = {
  rev: log.rev,
  key: log.key,
  created: log.created,
  version: log.version,
  prev: log.prev,
  deleted: log.deleted,
  who: log.who,
  cause: log.cause,
  at: log.at,
  verb: log.verb,
  why: log.why,
  ownership: log.ownership,
};

/** Everything that begins with `prefix` lies in [prefix, prefixEnd). */
const prefixEnd = (prefix: string): string => `${prefix}\uffff`;

export class Statements {
  readonly #prepared: ReturnType<typeof prepare>;
  constructor(database: Database) {
    this.#prepared = prepare(database);
  }

  insert(
    row: NewRow,
    deleted: 0 | 1,
    { who, cause, atMs, verb, explanation }: Provenance,
    value: string,
  ): void {
    const why = explanation === null ? null : JSON.stringify(explanation);
    const { rev, key, created, version, prev, ownership } = row;
    const { insert } = this.#prepared;
    insert(
      rev,
      key,
      created,
      version,
      prev,
      deleted,
      who,
      cause,
      atMs,
      verb,
      why,
      ownership,
      value,
    );
  }
  text(rev: number): string | undefined {
    return this.#prepared.text.get({ rev })?.value;
  }
  /** Texts by revision; those that are gone are missing. */
  texts(revisions: readonly number[]): Map<number, string> {
    const rows = this.#prepared.texts.all({ revs: JSON.stringify(revisions) });
    return new Map(rows.map((row) => [row.rev, row.value]));
  }
  row(rev: number): LogRow | undefined {
    return this.#prepared.row.get({ rev });
  }
  rows(revisions: readonly number[]): Map<number, LogRow> {
    const rows = this.#prepared.rows.all({ revs: JSON.stringify(revisions) });
    return new Map(rows.map((row) => [row.rev, row]));
  }
  /** A key's newest row at or before a revision, by a walk down its chain. */
  rowAt(key: string, at: number): LogRow | undefined {
    return this.#prepared.rowAt.get({ key, at });
  }
  /** Each key's first row behind a revision, and what came before it. */
  firstAfter(at: number, prefix: string): { readonly key: string; readonly prev: number }[] {
    const found = new Map<string, number>();
    for (const { key, prev } of this.#prepared.after.all({ at, prefix, end: prefixEnd(prefix) })) {
      if (!found.has(key)) found.set(key, prev);
    }
    return [...found].map(([key, prev]) => ({ key, prev }));
  }
  history(from: number, to: number, prefix: string, limit: number, values: boolean): LogRow[] {
    const asked = { from, to, prefix, end: prefixEnd(prefix), limit };
    return values
      ? this.#prepared.history.all(asked)
      : this.#prepared.heads.all(asked).map((row) => ({ ...row, value: "" }));
  }
  /** Every row without value and explanation, in order: what waking reads. */
  wake(): WakeRow[] {
    return this.#prepared.wake.all();
  }
  /** Deletes what is superseded or gone at `to`; returns the rows deleted. */
  compact(to: number): number {
    const { superseded, tombstones, mark, size } = this.#prepared;
    const before = size.get()?.rows ?? 0;
    superseded.run({ to });
    tombstones.run({ to });
    mark.run({ to });
    return before - (size.get()?.rows ?? 0);
  }
  compacted(): Revision {
    return revision(this.#prepared.marked.get()?.upTo ?? 0);
  }
}

const within = (): ReturnType<typeof and> =>
  and(
    gt(log.rev, named("from")),
    lte(log.rev, named("to")),
    gte(log.key, named("prefix")),
    lt(log.key, named("end")),
  );

const inserted = Object.keys(getTableColumns(log));

function prepare({ db, hot }: Database) {
  const inList = sql`${log.rev} in (select value from json_each(${named("revs")}))`;
  return {
    insert: hot(
      db.insert(log).values({
        rev: named("rev"),
        key: named("key"),
        created: named("created"),
        version: named("version"),
        prev: named("prev"),
        deleted: named("deleted"),
        who: named("who"),
        cause: named("cause"),
        at: named("at"),
        verb: named("verb"),
        why: named("why"),
        ownership: named("ownership"),
        value: named("value"),
      }),
      inserted,
    ),
    text: db
      .select({ value: log.value })
      .from(log)
      .where(eq(log.rev, named("rev")))
      .prepare(),
    texts: db.select({ rev: log.rev, value: log.value }).from(log).where(inList).prepare(),
    row: db
      .select()
      .from(log)
      .where(eq(log.rev, named("rev")))
      .prepare(),
    rows: db.select().from(log).where(inList).prepare(),
    rowAt: db
      .select()
      .from(log)
      .where(and(eq(log.key, named("key")), lte(log.rev, named("at"))))
      .orderBy(desc(log.rev))
      .limit(1)
      .prepare(),
    after: db
      .select({ key: log.key, prev: log.prev })
      .from(log)
      .where(
        and(gt(log.rev, named("at")), gte(log.key, named("prefix")), lt(log.key, named("end"))),
      )
      .orderBy(asc(log.rev))
      .prepare(),
    history: db
      .select()
      .from(log)
      .where(within())
      .orderBy(asc(log.rev))
      .limit(named("limit"))
      .prepare(),
    heads: db
      .select(heads)
      .from(log)
      .where(within())
      .orderBy(asc(log.rev))
      .limit(named("limit"))
      .prepare(),
    wake: db
      .select({
        rev: log.rev,
        key: log.key,
        created: log.created,
        version: log.version,
        deleted: log.deleted,
        at: log.at,
        ownership: log.ownership,
      })
      .from(log)
      .orderBy(asc(log.rev))
      .prepare(),
    superseded: db
      .delete(log)
      .where(
        and(
          lte(log.rev, named("to")),
          sql`${log.rev} in (select prev from log as newer where newer.rev <= ${named("to")} and newer.prev > 0)`,
        ),
      )
      .prepare(),
    tombstones: db
      .delete(log)
      .where(and(lte(log.rev, named("to")), eq(log.deleted, 1)))
      .prepare(),
    size: db
      .select({ rows: sql<number>`count(*)` })
      .from(log)
      .prepare(),
    mark: db
      .insert(compaction)
      .values({ id: 1, upTo: named("to") })
      .onConflictDoUpdate({ target: compaction.id, set: { upTo: sql`excluded.up_to` } })
      .prepare(),
    marked: db
      .select({ upTo: compaction.upTo })
      .from(compaction)
      .where(eq(compaction.id, 1))
      .prepare(),
  };
}
