/**
 * The log: every revision of every key, one row each, and nothing else.
 *
 * There is no table of current values and no index: which row is a key's newest is known in memory
 * and rebuilt when the object wakes; `prev` chains the rows of one key, newest to oldest.
 */
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const log = sqliteTable("log", {
  /** The revision; one counter for all keys, without gaps. */
  rev: integer("rev").primaryKey(),
  key: text("key").notNull(),
  /** Revision that created this life of the key. */
  created: integer("created").notNull(),
  /** Writes in this life of the key, 1 at creation. */
  version: integer("version").notNull(),
  /** The key's row before this one; 0 = none. */
  prev: integer("prev").notNull(),
  /** 1: a tombstone; `value` is then the last state. */
  deleted: integer("deleted").notNull(),
  /** Who wrote it: `learner` or a component. */
  who: text("who").notNull(),
  /** Newest revision among the writer's inputs; 0 for a person. */
  cause: integer("cause").notNull(),
  /** Cluster time, ms since 1970. */
  at: integer("at").notNull(),
  /** The API verb, and the subresource after a space. */
  verb: text("verb").notNull(),
  /** Facts that explain the write, JSON; null = none. */
  why: text("why"),
  /** Field ownership (managedFields), kept apart from the value; null = none. */
  ownership: text("ownership"),
  /** The object's JSON text, as served. */
  value: text("value").notNull(),
});

/** Up to which revision the log is compacted: one row, id 1. */
export const compaction = sqliteTable("compaction", {
  id: integer("id").primaryKey(),
  upTo: integer("up_to").notNull(),
});

/** Texts that many rows of the log share (`interned.ts`); never deleted. */
export const interned = sqliteTable("interned", {
  id: integer("id").primaryKey(),
  text: text("text").notNull(),
});
