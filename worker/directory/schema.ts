/** D1: which clusters there are, and whose collection they belong to. Never on a request's path to a cluster. */
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const clusters = sqliteTable(
  "clusters",
  {
    id: text("id").primaryKey(),
    collection: text("collection").notNull(),
    name: text("name").notNull(),
    workers: integer("workers").notNull(),
    controlPlane: integer("control_plane").notNull(),
    /** ms since 1970 */
    createdAt: integer("created_at").notNull(),
    /** ms since 1970; 0 = never */
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [index("clusters_by_collection").on(table.collection)],
);
