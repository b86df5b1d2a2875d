/** Collections of clusters, in D1 through drizzle. */
import { and, asc, eq, gt, or } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { serviceUnavailable } from "#apimachinery/status.ts";
import { clusters } from "./schema.ts";

export interface Listed {
  readonly id: string;
  readonly collection: string;
  readonly name: string;
  readonly workers: number;
  readonly controlPlane: number;
  /** ms since 1970 */
  readonly createdAt: number;
  /** ms since 1970; 0 = never */
  readonly expiresAt: number;
}

/** Requests may come before the tables: while it starts, or where nobody has set them up. */
const noTables = /no such table/;
async function ready<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const { message, cause } = error as Error;
    if (!noTables.test(message) && !noTables.test(cause instanceof Error ? cause.message : ""))
      throw error;
    throw serviceUnavailable(
      "the directory of clusters is being set up; ask again in a second (hosted: wrangler d1 migrations apply kubestep-directory)",
    );
  }
}

export class Directory {
  readonly #db: ReturnType<typeof drizzle>;
  constructor(database: D1Database) {
    this.#db = drizzle(database);
  }

  async add(cluster: Listed): Promise<void> {
    await ready(this.#db.insert(clusters).values(cluster));
  }
  async remove(id: string): Promise<void> {
    await ready(this.#db.delete(clusters).where(eq(clusters.id, id)));
  }
  /** The collection's clusters that have not ended, oldest first. */
  async ofCollection(collection: string, nowMs: number): Promise<Listed[]> {
    const lives = or(eq(clusters.expiresAt, 0), gt(clusters.expiresAt, nowMs));
    return ready(
      this.#db
        .select()
        .from(clusters)
        .where(and(eq(clusters.collection, collection), lives))
        .orderBy(asc(clusters.createdAt), asc(clusters.id)),
    );
  }
}
