/**
 * The hardware, typed: settings, node disks, the notes ring, a lesson's results.
 * Reads come from memory (loaded once when waking); every write is one row.
 */
import { asc, eq, lte, type Query, sql } from "drizzle-orm";
import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import { deepFreeze } from "#apimachinery/freeze.ts";
import type { Disk, Machines } from "#kubelet/machine.ts";
import { disk, lesson, meta, notes } from "./schema.ts";

/** Rows the notes ring holds; each has all notes of one slice. */
const ringRows = 4_000;

const named = sql.placeholder;

/** What of the object's SQLite the hardware needs; see store/database.ts. */
export interface HostDatabase {
  readonly db: DrizzleSqliteDODatabase;
  hot(
    statement: { toSQL(): Query },
    order: readonly string[],
  ): (...values: readonly SqlStorageValue[]) => void;
}

interface Stored {
  readonly id: number;
  readonly value: unknown;
}

export class Host {
  readonly #statements: ReturnType<typeof prepare>;
  readonly #meta = new Map<string, unknown>();
  readonly #lesson = new Map<string, unknown>();
  readonly #disks = new Map<string, Map<string, Stored>>();
  #nextDisk = 1;
  readonly #noteRows: number[];

  constructor(database: HostDatabase) {
    const statements = prepare(database);
    this.#statements = statements;
    for (const { name, value } of statements.meta.all()) this.#meta.set(name, parsed(value));
    for (const { name, value } of statements.lesson.all()) this.#lesson.set(name, parsed(value));
    for (const { id, node, name, value } of statements.disk.all()) {
      this.#diskOf(node).set(name, { id, value: parsed(value) });
      this.#nextDisk = id + 1;
    }
    this.#noteRows = statements.noteSeqs.all().map(({ seq }) => seq);
  }

  /** A setting: clock, options, credentials, … */
  get<T>(name: string): T | undefined {
    return this.#meta.get(name) as T | undefined;
  }
  put(name: string, value: unknown): void {
    this.#meta.set(name, deepFreeze(value));
    this.#statements.putMeta.run({ name, value: JSON.stringify(value) });
  }

  lessonGet<T>(name: string): T | undefined {
    return this.#lesson.get(name) as T | undefined;
  }
  lessonPut(name: string, value: unknown): void {
    if (JSON.stringify(this.#lesson.get(name)) === JSON.stringify(value)) return;
    this.#lesson.set(name, value);
    this.#statements.putLesson.run({ name, value: JSON.stringify(value) });
  }

  readonly machines: Machines = (node) => {
    const names = this.#diskOf(node);
    const face: Disk = {
      get: <T>(name: string) => names.get(name)?.value as T | undefined,
      put: (name, value) => {
        const present = names.get(name);
        const text = JSON.stringify(value);
        if (present === undefined) {
          const id = this.#nextDisk++;
          this.#statements.insertDisk(id, node, name, text);
          names.set(name, { id, value: deepFreeze(value) });
        } else {
          this.#statements.updateDisk(text, present.id);
          names.set(name, { id: present.id, value: deepFreeze(value) });
        }
      },
      delete: (name) => {
        const present = names.get(name);
        if (present === undefined) return;
        names.delete(name);
        this.#statements.deleteDisk.run({ id: present.id });
      },
      names: (prefix) => [...names.keys()].filter((name) => name.startsWith(prefix)).toSorted(),
    };
    return face;
  };

  /** Appends notes as one row; the oldest rows leave the ring. */
  addNotes(all: readonly { readonly seq: number }[]): void {
    const seq = all[0]?.seq;
    if (seq === undefined) return;
    this.#statements.insertNotes(seq, JSON.stringify(all));
    this.#noteRows.push(seq);
    if (this.#noteRows.length <= ringRows * 1.1) return;
    const gone = this.#noteRows.splice(0, this.#noteRows.length - ringRows);
    this.#statements.dropNotes.run({ seq: gone.at(-1) });
  }
  /** All notes with seq > after, in order. */
  notes<T extends { readonly seq: number }>(after: number): T[] {
    const first = this.#noteRows.findLast((seq) => seq <= after + 1) ?? 0;
    return this.#statements.notes
      .all({ from: first })
      .flatMap(({ value }) => JSON.parse(value) as T[])
      .filter(({ seq }) => seq > after);
  }

  #diskOf(node: string): Map<string, Stored> {
    const present = this.#disks.get(node);
    if (present !== undefined) return present;
    const made = new Map<string, Stored>();
    this.#disks.set(node, made);
    return made;
  }
}

const parsed = (text: string): unknown => deepFreeze(JSON.parse(text));

function prepare({ db, hot }: HostDatabase) {
  const keep = { set: { value: sql`excluded.value` } };
  return {
    meta: db.select().from(meta).prepare(),
    putMeta: db
      .insert(meta)
      .values({ name: named("name"), value: named("value") })
      .onConflictDoUpdate({ target: meta.name, ...keep })
      .prepare(),
    lesson: db.select().from(lesson).prepare(),
    putLesson: db
      .insert(lesson)
      .values({ name: named("name"), value: named("value") })
      .onConflictDoUpdate({ target: lesson.name, ...keep })
      .prepare(),
    disk: db.select().from(disk).orderBy(asc(disk.id)).prepare(),
    insertDisk: hot(
      db.insert(disk).values({
        id: named("id"),
        node: named("node"),
        name: named("name"),
        value: named("value"),
      }),
      ["id", "node", "name", "value"],
    ),
    updateDisk: hot(
      db
        .update(disk)
        .set({ value: sql`${named("value")}` })
        .where(eq(disk.id, named("id"))),
      ["value", "id"],
    ),
    deleteDisk: db
      .delete(disk)
      .where(eq(disk.id, named("id")))
      .prepare(),
    noteSeqs: db.select({ seq: notes.seq }).from(notes).orderBy(asc(notes.seq)).prepare(),
    notes: db
      .select()
      .from(notes)
      .where(sql`${notes.seq} >= ${named("from")}`)
      .orderBy(asc(notes.seq))
      .prepare(),
    insertNotes: hot(db.insert(notes).values({ seq: named("seq"), value: named("value") }), [
      "seq",
      "value",
    ]),
    dropNotes: db
      .delete(notes)
      .where(lte(notes.seq, named("seq")))
      .prepare(),
  };
}
