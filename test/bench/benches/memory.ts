/** Memory: V8's heap after a collection, and what the process holds, for idle clusters and for 5,000 Pods. */
import type { Bench } from "#test/bench/bench.ts";
import { openInspector } from "#test/bench/inspector.ts";
import { repeated } from "#test/bench/median.ts";
import { type Product, startProduct } from "#test/bench/product.ts";

const idleClusters = 10;
const replicas = 5_000;
/** The budget of a cluster, since objects of one class may share an isolate's 128 MB. */
const budgetMb = 64;

interface Grown {
  readonly first: number;
  readonly eachIdle: number;
  readonly full: number;
}

/** Of one cluster, of each further one, of one with many Pods. */
async function grown(product: Product, read: () => number | Promise<number>): Promise<Grown> {
  // The first cluster pays for the code; it stays, so that the difference is the others'.
  await product.cluster();
  const first = await read();
  await repeated(idleClusters, () => product.cluster());
  const idle = await read();
  await product.rollout(replicas);
  return { first, eachIdle: (idle - first) / idleClusters, full: (await read()) - idle };
}

export const memory: Bench = {
  name: "memory",
  title: "Memory (heap after a collection)",
  async run(world) {
    const inspectorPort = await world.freePort();
    const inspected = await startProduct({ persistTo: world.folder("heap"), inspectorPort });
    const inspector = await openInspector(inspectorPort);
    const heap = await grown(inspected, async () => (await inspector.heapBytes()) / 1e6);
    inspector.close();
    await inspected.close();
    // To look at the heap grows the process: another one tells what it holds.
    const product = await startProduct({ persistTo: world.folder("resident") });
    const held = await grown(product, () => product.residentMib());
    await product.close();
    return [
      { what: "heap with one idle cluster", unit: "MB", ours: heap.first },
      { what: "heap of each further idle cluster", unit: "MB", ours: heap.eachIdle },
      {
        what: `heap of a cluster with ${replicas} Pods`,
        unit: "MB",
        ours: heap.full,
        required: { most: budgetMb },
      },
      { what: "workerd's memory with one idle cluster", unit: "MiB", ours: held.first },
      {
        what: "workerd's memory for each further idle cluster",
        unit: "MiB",
        ours: held.eachIdle,
      },
      {
        what: `workerd's memory for ${replicas} Pods, garbage included`,
        unit: "MiB",
        ours: held.full,
      },
    ];
  },
};
