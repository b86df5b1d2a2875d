/** What the platform bills: rows at a commit, at a compaction, and by a cluster in which nothing happens. */
import {
  env,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { migrate } from "drizzle-orm/durable-sqlite/migrator";
import { expect, test } from "vitest";
import migrations from "#migrations/store/migrations.js";
import { openDatabase } from "#store/database.ts";
import { Store } from "#store/store.ts";

const { default: worker } = exports as unknown as {
  default: { fetch(url: string, init?: RequestInit): Promise<Response> };
};
const { CLUSTER } = env as unknown as { CLUSTER: DurableObjectNamespace };
const provenance = { who: "test", cause: 0, atMs: 1, verb: "put", explanation: null } as const;

test("a commit is one row and one statement; a compaction at most two rows a revision", async () => {
  const stub = CLUSTER.get(CLUSTER.idFromName("cost-of-commits"));
  await runInDurableObject(stub, async (_, { storage }) => {
    const database = openDatabase(storage);
    await migrate(database.db, migrations);
    const store = new Store(database);
    const before = { ...database.cost };
    for (let n = 0; n < 60; n += 1)
      store.put({ key: `/registry/pods/default/p${n % 20}`, value: { n }, provenance });
    for (let n = 0; n < 10; n += 1)
      store.delete({ key: `/registry/pods/default/p${n}`, provenance });
    expect(database.cost.rowsWritten - before.rowsWritten).toBe(70);
    expect(database.cost.statements - before.statements).toBe(70);
    const written = database.cost.rowsWritten;
    const forgotten = store.compact(65);
    expect(forgotten).toBeGreaterThan(0);
    expect(database.cost.rowsWritten - written).toBeLessThanOrEqual(2 * forgotten);
  });
});

interface Rows {
  readonly log: number;
  readonly disk: string;
  readonly notes: number;
  readonly alarmMs: number | null;
}

/** Everything a cluster has stored, as far as it may grow or change. */
const rowsOf = (stub: DurableObjectStub): Promise<Rows> =>
  runInDurableObject(stub, async (_, { storage }) => {
    const count = (table: string): number =>
      storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n;
    const disk = storage.sql.exec("SELECT id, value FROM disk ORDER BY id").toArray();
    return {
      log: count("log"),
      disk: JSON.stringify(disk),
      notes: count("notes"),
      alarmMs: await storage.getAlarm(),
    };
  });

test("an idle cluster writes nothing, whether it stays, is rung or is lost, and has one alarm or none", async () => {
  const made = await worker.fetch("http://host/clusters?clock=instant&seed=7", {
    method: "POST",
  });
  const { id } = (await made.json()) as { readonly id: string };
  const stub = CLUSTER.get(CLUSTER.idFromName(id));
  // The alarm waits until nothing is due.
  await runDurableObjectAlarm(stub);
  const idle = await rowsOf(stub);
  await runDurableObjectAlarm(stub);
  const rung = await rowsOf(stub);
  expect({ ...rung, alarmMs: 0 }).toEqual({ ...idle, alarmMs: 0 });

  await evictDurableObject(stub);
  const again = CLUSTER.get(CLUSTER.idFromName(id));
  // The first call wakes it: its informers list, all keys are dirty, and the guard alarm is armed.
  await rowsOf(again);
  await runDurableObjectAlarm(again);
  const woken = await rowsOf(again);
  expect({ ...woken, alarmMs: 0 }).toEqual({ ...idle, alarmMs: 0 });
  // Nothing changes by itself in a cluster that does not expire.
  expect(woken.alarmMs).toBeNull();
});
