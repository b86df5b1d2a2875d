/** The store against a model: random operations, compactions at random points, evictions between them. */
import { env, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { migrate } from "drizzle-orm/durable-sqlite/migrator";
import fc from "fast-check";
import { expect, test } from "vitest";
import migrations from "#migrations/store/migrations.js";
import { openDatabase } from "#store/database.ts";
import { Compacted, CompareFailed, FutureRevision, TooLarge } from "#store/errors.ts";
import { Store } from "#store/store.ts";

const { CLUSTER } = env as unknown as { CLUSTER: DurableObjectNamespace };
const provenance = { who: "test", cause: 0, atMs: 1, verb: "put", explanation: null } as const;
const directories = ["/registry/pods/a/", "/registry/pods/b/", "/registry/nodes/"];
const keys = directories.flatMap((directory) => ["x", "y", "z"].map((name) => directory + name));

type Op =
  | {
      readonly op: "put" | "delete";
      readonly key: string;
      readonly expect: "any" | "right" | "wrong";
    }
  | { readonly op: "compact"; readonly share: number }
  | { readonly op: "evict" };
const ops = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        op: fc.constant("put" as const),
        key: fc.constantFrom(...keys),
        expect: fc.constantFrom("any" as const, "right" as const, "wrong" as const),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        op: fc.constant("delete" as const),
        key: fc.constantFrom(...keys),
        expect: fc.constantFrom("any" as const, "right" as const, "wrong" as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        op: fc.constant("compact" as const),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ op: fc.constant("evict" as const) }) },
  ),
  { minLength: 1, maxLength: 60 },
);

interface Row {
  readonly rev: number;
  readonly key: string;
  readonly text: string | undefined;
}

/** What etcd would say, told from a list of writes. */
class Model {
  readonly rows: Row[] = [];
  compacted = 0;
  get revision(): number {
    return this.rows.length;
  }
  state(at: number): Map<string, Row> {
    const found = new Map<string, Row>();
    for (const row of this.rows.slice(0, at)) {
      if (row.text === undefined) found.delete(row.key);
      else found.set(row.key, row);
    }
    return found;
  }
  revOf(key: string): number {
    return this.state(this.revision).get(key)?.rev ?? 0;
  }
}

let names = 0;
const opened = async (state: DurableObjectState): Promise<Store> => {
  const database = openDatabase(state.storage);
  await migrate(database.db, migrations);
  return new Store(database);
};

function write(
  store: Store,
  model: Model,
  { op, key, expect: wanted }: Extract<Op, { key: string }>,
): void {
  const at = model.revOf(key);
  const expected = wanted === "any" ? undefined : wanted === "right" ? at : at + 1_000;
  const value = { n: model.revision + 1 };
  const put = { key, value, provenance, ...(expected === undefined ? {} : { expect: expected }) };
  const refused = wanted === "wrong" || (op === "delete" && at === 0);
  if (refused) {
    expect(() => (op === "put" ? store.put(put) : store.delete(put))).toThrow(CompareFailed);
    return;
  }
  if (op === "put") store.put(put);
  else store.delete(put);
  model.rows.push({
    rev: model.revision + 1,
    key,
    text: op === "put" ? JSON.stringify(value) : undefined,
  });
}

function compare(store: Store, model: Model): void {
  expect(store.revision).toBe(model.revision);
  expect(store.compactedRevision).toBe(model.compacted);
  for (let at = Math.max(1, model.compacted); at <= model.revision; at += 1) {
    const wanted = model.state(at);
    for (const prefix of directories) {
      const { entries } = store.range({ prefix, at });
      const expected = [...wanted.values()]
        .filter(({ key }) => key.startsWith(prefix))
        .map(({ key, text, rev }) => [key, text, rev]);
      expect(entries.map((entry) => [entry.key, entry.text(), entry.modRevision])).toEqual(
        expected.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
      );
    }
  }
  const history = store.history({ from: model.compacted, prefix: "/registry/", values: true });
  expect(history.map(({ revision, key, type }) => [revision, key, type])).toEqual(
    model.rows
      .filter(({ rev }) => rev > model.compacted)
      .map(({ rev, key, text }) => [rev, key, text === undefined ? "DELETE" : "PUT"]),
  );
  if (model.compacted > 1)
    expect(() => store.range({ prefix: "/registry/", at: model.compacted - 1 })).toThrow(Compacted);
  expect(() => store.range({ prefix: "/registry/", at: model.revision + 1 })).toThrow(
    FutureRevision,
  );
}

test("any run of writes, compactions and evictions leaves what a list of writes says", async () => {
  await fc.assert(
    fc.asyncProperty(ops, async (list) => {
      const stub = CLUSTER.get(CLUSTER.idFromName(`store-${(names += 1)}`));
      const model = new Model();
      let rest = [...list];
      while (rest.length > 0) {
        const end = rest.findIndex(({ op }) => op === "evict");
        const now = end < 0 ? rest : rest.slice(0, end);
        rest = end < 0 ? [] : rest.slice(end + 1);
        await runInDurableObject(stub, async (_, state) => {
          const store = await opened(state);
          compare(store, model);
          for (const one of now) {
            if (one.op === "put" || one.op === "delete") write(store, model, one);
            else if (one.op === "compact") {
              const to = Math.floor(one.share * (model.revision - 1));
              if (to <= model.compacted) continue;
              store.compact(to);
              model.compacted = to;
            }
          }
          compare(store, model);
        });
        await evictDurableObject(stub);
      }
    }),
    { numRuns: 60, seed: 20_261_124 },
  );
});

test("a commit writes one row, a compaction at most one more for each", async () => {
  const stub = CLUSTER.get(CLUSTER.idFromName("cost"));
  await runInDurableObject(stub, async (_, state) => {
    const store = await opened(state);
    const cost = (): number => store.stats().rowsWritten;
    const writes = 200;
    const before = cost();
    for (let n = 0; n < writes; n += 1)
      store.put({ key: keys[n % keys.length] as string, value: { n }, provenance });
    expect(cost() - before).toBe(writes);
    const written = cost();
    store.compact(writes - 10);
    expect(cost() - written).toBeLessThanOrEqual(writes);
    expect(cost() - before).toBeLessThanOrEqual(2 * writes);
  });
});

test("a value over the limit is refused and changes nothing", async () => {
  const stub = CLUSTER.get(CLUSTER.idFromName("large"));
  await runInDurableObject(stub, async (_, state) => {
    const store = await opened(state);
    store.put({ key: "/registry/pods/a/x", value: { small: true }, provenance });
    const value = { text: "x".repeat(2 * 1024 * 1024) };
    expect(() => store.put({ key: "/registry/pods/a/x", value, provenance })).toThrow(TooLarge);
    expect(store.revision).toBe(1);
    expect(store.get("/registry/pods/a/x")?.value).toEqual({ small: true });
  });
});

test("a transaction that throws leaves nothing behind", async () => {
  const stub = CLUSTER.get(CLUSTER.idFromName("transaction"));
  await runInDurableObject(stub, async (_, state) => {
    const store = await opened(state);
    const heard: string[] = [];
    store.subscribe(({ entry }) => heard.push(entry.key));
    expect(() =>
      store.transaction(() => {
        store.put({ key: "/registry/pods/a/x", value: {}, provenance });
        throw new Error("no");
      }),
    ).toThrow("no");
    expect([store.revision, store.get("/registry/pods/a/x"), heard]).toEqual([0, undefined, []]);
    store.put({ key: "/registry/pods/a/y", value: {}, provenance });
    expect([store.revision, heard]).toEqual([1, ["/registry/pods/a/y"]]);
  });
});
