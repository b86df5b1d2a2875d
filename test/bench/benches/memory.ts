/** Memory: V8's heap after a collection, and what the process holds, for idle clusters and for 5,000 Pods. */
import type { Bench } from "#test/bench/bench.ts";
import { openInspector } from "#test/bench/inspector.ts";
import { repeated } from "#test/bench/median.ts";
import { startProduct } from "#test/bench/product.ts";

const idleClusters = 10;
const replicas = 5_000;
/** The budget of a cluster, since objects of one class may share an isolate's 128 MB. */
const budgetMb = 64;
const flag = "MINIFLARE_WORKERD_V8_FLAGS";

export const memory: Bench = {
  name: "memory",
  title: "Memory (heap after a collection)",
  async run(world) {
    const inspectorPort = await world.freePort();
    const before = process.env[flag];
    process.env[flag] = "--expose-gc";
    const product = await startProduct({ persistTo: world.folder("memory"), inspectorPort });
    if (before === undefined) delete process.env[flag];
    else process.env[flag] = before;
    const inspector = await openInspector(inspectorPort);
    const heapMb = async (): Promise<number> => (await inspector.heapBytes()) / 1e6;
    // The first cluster pays for the code; it stays, so that the difference is the others'.
    await product.cluster();
    const [first, mib] = [await heapMb(), product.residentMib()];
    await repeated(idleClusters, () => product.cluster());
    const [idle, idleMib] = [await heapMb(), product.residentMib()];
    await product.rollout(replicas);
    const [full, fullMib] = [await heapMb(), product.residentMib()];
    inspector.close();
    await product.close();
    return [
      { what: "heap with one idle cluster", unit: "MB", ours: first },
      {
        what: "heap of each further idle cluster",
        unit: "MB",
        ours: (idle - first) / idleClusters,
      },
      { what: "workerd's memory with one idle cluster", unit: "MiB", ours: mib },
      {
        what: "workerd's memory for each further idle cluster",
        unit: "MiB",
        ours: (idleMib - mib) / idleClusters,
      },
      {
        what: `heap of a cluster with ${replicas} Pods`,
        unit: "MB",
        ours: full - idle,
        required: { most: budgetMb },
      },
      {
        what: `workerd's memory for ${replicas} Pods, garbage included`,
        unit: "MiB",
        ours: fullMib - idleMib,
      },
    ];
  },
};
