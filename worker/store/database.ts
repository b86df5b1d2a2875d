/**
 * The Durable Object's SQLite, through drizzle, with what it costs counted on the way:
 * statements, and rows written as the platform bills them.
 */
import { drizzle, type DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";

export interface Cost {
  statements: number;
  rowsWritten: number;
  /** Alarms are billed as rows, too; the cluster counts its own. */
  alarms: number;
}

export interface Database {
  readonly db: DrizzleSqliteDODatabase;
  readonly storage: DurableObjectStorage;
  readonly cost: Cost;
}

export function openDatabase(storage: DurableObjectStorage): Database {
  const cost: Cost = { statements: 0, rowsWritten: 0, alarms: 0 };
  const { sql } = storage;
  const exec = (
    query: string,
    ...values: unknown[]
  ): SqlStorageCursor<Record<string, SqlStorageValue>> => {
    const cursor = sql.exec(query, ...values);
    cost.statements += 1;
    cost.rowsWritten += cursor.rowsWritten;
    return cursor;
  };
  // drizzle uses nothing else of the storage.
  const counted = {
    sql: { exec },
    transactionSync: <T>(run: () => T): T => storage.transactionSync(run),
  };
  return { db: drizzle(counted as unknown as DurableObjectStorage), storage, cost };
}
