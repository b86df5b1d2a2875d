/** The platform's SQLite on Node: the same engine behind the Durable Object's storage and D1's interfaces. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

type Row = Record<string, unknown>;

/** Statements by their text, each prepared once; rows come as arrays. */
class Statements {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();
  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  run(
    query: string,
    values: readonly unknown[],
  ): { readonly columns: readonly string[]; readonly rows: unknown[][]; readonly changes: number } {
    let statement = this.#prepared.get(query);
    if (statement === undefined) {
      statement = this.#database.prepare(query);
      statement.setReturnArrays(true);
      this.#prepared.set(query, statement);
    }
    const given = values as SQLInputValue[];
    const columns = statement.columns().map(({ name }) => name);
    if (columns.length === 0)
      return { columns, rows: [], changes: Number(statement.run(...given).changes) };
    return { columns, rows: statement.all(...given) as unknown as unknown[][], changes: 0 };
  }
}

const asObjects = (columns: readonly string[], rows: readonly unknown[][]): Row[] =>
  rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));

/**
 * A Durable Object's storage. It lives as long as it is held: a second object over the same storage
 * is the first one woken after an eviction. `alarmMs`: the armed alarm; a test rings it.
 */
export class NodeStorage {
  readonly #database = new DatabaseSync(":memory:");
  readonly #statements = new Statements(this.#database);
  alarmMs: number | null = null;
  #depth = 0;

  readonly sql = {
    databaseSize: 0,
    exec: (query: string, ...values: unknown[]) => {
      const { columns, rows, changes } = this.#statements.run(query, values);
      return {
        rowsWritten: changes,
        rowsRead: rows.length,
        columnNames: columns,
        toArray: () => asObjects(columns, rows),
        raw: () => ({ toArray: () => rows }),
        next: () => ({ value: asObjects(columns, rows.slice(0, 1))[0] }),
      };
    },
  };

  transactionSync<T>(run: () => T): T {
    const savepoint = `nested${this.#depth++}`;
    this.#database.exec(`SAVEPOINT ${savepoint}`);
    try {
      const result = run();
      this.#database.exec(`RELEASE ${savepoint}`);
      return result;
    } catch (error) {
      this.#database.exec(`ROLLBACK TO ${savepoint}; RELEASE ${savepoint}`);
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }
  async sync(): Promise<void> {}
  async getAlarm(): Promise<number | null> {
    return this.alarmMs;
  }
  async setAlarm(atMs: number): Promise<void> {
    this.alarmMs = atMs;
  }
  async deleteAlarm(): Promise<void> {
    this.alarmMs = null;
  }
  async deleteAll(): Promise<void> {
    const tables = this.#statements.run("SELECT name FROM sqlite_master WHERE type = 'table'", []);
    for (const [name] of tables.rows) this.#database.exec(`DROP TABLE "${String(name)}"`);
  }

  /** As the worker's code knows it. */
  get durable(): DurableObjectStorage {
    return this as unknown as DurableObjectStorage;
  }
}

/** D1 with its migrations applied. */
export function nodeD1(migrations: readonly string[]): D1Database {
  const database = new DatabaseSync(":memory:");
  for (const migration of migrations) database.exec(migration);
  const statements = new Statements(database);
  const prepare = (query: string, values: readonly unknown[] = []): object => {
    const all = async (): Promise<{ results: Row[] }> => {
      const { columns, rows } = statements.run(query, values);
      return { results: asObjects(columns, rows) };
    };
    return {
      bind: (...given: readonly unknown[]) => prepare(query, given),
      all,
      run: all,
      raw: async () => statements.run(query, values).rows,
    };
  };
  return { prepare: (query: string) => prepare(query) } as unknown as D1Database;
}
