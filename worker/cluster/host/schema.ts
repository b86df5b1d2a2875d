/**
 * The hardware: what lies on the machines' own disks, beside etcd. Same SQLite, never the same rows.
 */
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Clock, options, credentials, keys, expiry: one JSON text each. */
export const meta = sqliteTable("meta", {
  name: text("name").primaryKey(),
  value: text("value").notNull(),
});

/** A node's disk: one JSON text for each name. Which id has which name is known in memory: an index would double the rows written. */
export const disk = sqliteTable("disk", {
  id: integer("id").primaryKey(),
  node: text("node").notNull(),
  name: text("name").notNull(),
  value: text("value").notNull(),
});

/** The notes ring: what wrote no revision. One row holds all notes of a slice. */
export const notes = sqliteTable("notes", {
  /** Seq of the row's first note. */
  seq: integer("seq").primaryKey(),
  value: text("value").notNull(),
});

/** A lesson's latched results and answers. */
export const lesson = sqliteTable("lesson", {
  name: text("name").primaryKey(),
  value: text("value").notNull(),
});
