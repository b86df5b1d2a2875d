/**
 * The Durable Object's SQLite, through drizzle, with what it costs counted on the way:
 * statements, and rows written as the platform bills them.
 */
import { is, Param, Placeholder, type Query } from "drizzle-orm";
import { drizzle, type DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";

export interface Cost {
  statements: number;
  rowsWritten: number;
  /** Alarms are billed as rows, too; the cluster counts its own. */
  alarms: number;
}

/** Runs a statement with values in the order of its placeholders. */
export type HotStatement = (...values: readonly SqlStorageValue[]) => void;

export interface Database {
  readonly db: DrizzleSqliteDODatabase;
  readonly storage: DurableObjectStorage;
  readonly cost: Cost;
  /**
   * A statement that runs thousands of times a second: its text is drizzle's, its values go straight to
   * the platform (drizzle looks each placeholder up by its name: a sixth of what an insert costs).
   * `order` names the placeholders as the values will come; throws when they stand otherwise.
   */
  hot(statement: { toSQL(): Query }, order: readonly string[]): HotStatement;
}

export function openDatabase(storage: DurableObjectStorage): Database {
  const cost: Cost = { statements: 0, rowsWritten: 0, alarms: 0 };
  const { sql } = storage;
  type Cursor = SqlStorageCursor<Record<string, SqlStorageValue>>;
  const counted = (cursor: Cursor): Cursor => {
    cost.statements += 1;
    cost.rowsWritten += cursor.rowsWritten;
    return cursor;
  };
  // drizzle uses nothing else of the storage.
  const seen = {
    sql: {
      exec: (query: string, ...values: readonly unknown[]) => counted(sql.exec(query, ...values)),
    },
    transactionSync: <T>(run: () => T): T => storage.transactionSync(run),
  };
  return {
    db: drizzle(seen as unknown as DurableObjectStorage),
    storage,
    cost,
    hot(statement, order) {
      const { sql: text, params } = statement.toSQL();
      const names = params.map(nameOf);
      if (names.join() !== order.join())
        throw new Error(`${text}: its values are ${names.join()}, not ${order.join()}`);
      return (...values) => {
        counted(sql.exec(text, ...values));
      };
    },
  };
}

/** drizzle wraps the placeholder of a column that is typed. */
function nameOf(param: unknown): string {
  const inner = is(param, Param) ? param.value : param;
  return is(inner, Placeholder) ? inner.name : "?";
}
