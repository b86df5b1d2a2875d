/** The store by itself in its own kind of object: what a commit and a compaction cost. */
import { DurableObject } from "cloudflare:workers";
import { migrate } from "drizzle-orm/durable-sqlite/migrator";
import migrations from "#migrations/store/migrations.js";
import { openDatabase } from "#store/database.ts";
import { Store } from "#store/store.ts";

interface Env {
  readonly CLUSTER: DurableObjectNamespace;
}
export interface StoreCosts {
  readonly writes: number;
  readonly microsPerWrite: number;
  readonly rowsPerWrite: number;
  readonly statementsPerWrite: number;
  /** Rows written by a compaction, for each revision it forgot. */
  readonly rowsPerForgotten: number;
  readonly compactionMs: number;
}

const writes = 6_000;
const keys = 1_000;
/** Writes between two yields, as a slice of the loop. */
const slice = 200;
const provenance = { who: "bench", cause: 0, atMs: 1, verb: "update", explanation: null } as const;

export class Cluster extends DurableObject<Env> {
  override async fetch(): Promise<Response> {
    const database = openDatabase(this.ctx.storage);
    await migrate(database.db, migrations);
    const store = new Store(database);
    const data = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`setting-${i}`, `${i}`.padEnd(80, "x")]),
    );
    const { rowsWritten, statements } = database.cost;
    const startMs = Date.now();
    for (let n = 1; n <= writes; n += 1) {
      const metadata = { name: `c${n % keys}`, resourceVersion: String(store.nextRevision()) };
      store.put({
        key: `/registry/configmaps/default/c${n % keys}`,
        value: { metadata, data, n },
        provenance,
      });
      if (n % slice === 0) await scheduler.wait(0);
    }
    await this.ctx.storage.sync();
    const wroteMs = Date.now() - startMs;
    const cost = { ...database.cost };
    const to = writes - 1;
    const beforeMs = Date.now();
    const forgotten = store.compact(to);
    await this.ctx.storage.sync();
    const costs: StoreCosts = {
      writes,
      microsPerWrite: (wroteMs * 1000) / writes,
      rowsPerWrite: (cost.rowsWritten - rowsWritten) / writes,
      statementsPerWrite: (cost.statements - statements) / writes,
      rowsPerForgotten: (database.cost.rowsWritten - cost.rowsWritten) / forgotten,
      compactionMs: Date.now() - beforeMs,
    };
    return Response.json(costs);
  }
}

let objects = 0;
export default {
  fetch: (request: Request, { CLUSTER }: Env): Promise<Response> => {
    objects += 1;
    return CLUSTER.get(CLUSTER.idFromName(`store-${objects}`)).fetch(request);
  },
};
