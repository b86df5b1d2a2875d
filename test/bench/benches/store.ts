/** The store alone, without an API server above it: the floor under every write. */
import type { Bench } from "#test/bench/bench.ts";
import { must } from "#test/bench/http.ts";
import { median, repeated } from "#test/bench/median.ts";
import type { StoreCosts } from "#test/bench/store/worker.ts";
import { bundleWorker } from "#local/bundle.ts";
import { serve } from "#local/serve.ts";

const rounds = 3;

export const store: Bench = {
  name: "store",
  title: "The store by itself: 2 kB values, slices of 200 writes",
  async run(world) {
    const script = await bundleWorker("test/bench/store/worker.ts");
    const served = await serve({
      host: "127.0.0.1",
      port: 0,
      persistTo: world.folder("store"),
      script,
    });
    const seen = await repeated(
      rounds,
      async () => JSON.parse((await must(served.url)).text) as StoreCosts,
    );
    await served.close();
    const of = (pick: (one: StoreCosts) => number): number => median(seen.map(pick));
    return [
      { what: "a write, durable", unit: "µs", ours: of((one) => one.microsPerWrite) },
      {
        what: "rows written at a commit",
        unit: "",
        ours: of((one) => one.rowsPerWrite),
        required: { most: 1 },
      },
      { what: "statements at a commit", unit: "", ours: of((one) => one.statementsPerWrite) },
      {
        what: "rows written by a compaction, for each revision forgotten",
        unit: "",
        ours: of((one) => one.rowsPerForgotten),
        required: { most: 2 },
      },
      { what: "a compaction of 5,000 revisions", unit: "ms", ours: of((one) => one.compactionMs) },
    ];
  },
};
