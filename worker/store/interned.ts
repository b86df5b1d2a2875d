/**
 * Texts that many rows share, each kept once and named by a number. A text is taken in when it is met
 * the second time, so that what is one row's own fills nothing; a full table takes in no more, and its
 * texts stay in their rows. Never compacted: a row of any age can be read.
 */
import type { Database } from "./database.ts";
import { asc, eq, sql } from "drizzle-orm";
import { interned } from "./schema.ts";

/** About 1 kB each, all in memory. */
const mostTexts = 4096;
/** Texts met once, of late. */
const mostSeen = 1024;

export class Interned {
  readonly #prepared: ReturnType<typeof prepare>;
  readonly #most: number;
  /** Undefined until first needed. */
  #ids: Map<string, number> | undefined;
  readonly #texts = new Map<number, string>();
  readonly #seen = new Set<string>();

  constructor(database: Database, most: number = mostTexts) {
    this.#prepared = prepare(database);
    this.#most = most;
  }

  /** The text's number; undefined: it is not shared, or there is no room. */
  idOf(text: string): number | undefined {
    const ids = this.#loaded();
    const known = ids.get(text);
    if (known !== undefined) return known;
    if (ids.size >= this.#most) return undefined;
    if (!this.#seen.has(text)) {
      if (this.#seen.size >= mostSeen) this.#seen.clear();
      this.#seen.add(text);
      return undefined;
    }
    this.#seen.delete(text);
    const id = ids.size + 1;
    this.#prepared.insert.run({ id, text });
    ids.set(text, id);
    this.#texts.set(id, text);
    return id;
  }

  text(id: number): string {
    const known = this.#texts.get(id);
    if (known !== undefined) return known;
    const text = this.#prepared.text.get({ id })?.text;
    if (text === undefined) throw new Error(`no text ${id} is interned`);
    this.#texts.set(id, text);
    return text;
  }

  /** After a rollback: what is in memory may be in the table no more. */
  forget(): void {
    this.#ids = undefined;
    this.#texts.clear();
  }

  #loaded(): Map<string, number> {
    if (this.#ids !== undefined) return this.#ids;
    const ids = new Map<string, number>();
    for (const { id, text } of this.#prepared.all.all()) {
      ids.set(text, id);
      this.#texts.set(id, text);
    }
    this.#ids = ids;
    return ids;
  }
}

function prepare({ db }: Database) {
  const named = sql.placeholder;
  return {
    insert: db
      .insert(interned)
      .values({ id: named("id"), text: named("text") })
      .prepare(),
    text: db
      .select({ text: interned.text })
      .from(interned)
      .where(eq(interned.id, named("id")))
      .prepare(),
    all: db
      .select({ id: interned.id, text: interned.text })
      .from(interned)
      .orderBy(asc(interned.id))
      .prepare(),
  };
}
