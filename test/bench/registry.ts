/** All benchmarks, in the order in which they run. */
import type { Bench } from "./bench.ts";
import { boot } from "./benches/boot.ts";
import { discovery } from "./benches/discovery.ts";
import { lists } from "./benches/lists.ts";
import { memory } from "./benches/memory.ts";
import { pods } from "./benches/pods.ts";
import { reads } from "./benches/reads.ts";
import { serverSideApply } from "./benches/server-side-apply.ts";
import { store } from "./benches/store.ts";
import { watches } from "./benches/watches.ts";
import { writes } from "./benches/writes.ts";

export const benches: readonly Bench[] = [
  boot,
  // Before the large clusters: what they leave to the collector is in the product's process alone.
  writes,
  reads,
  pods,
  lists,
  watches,
  serverSideApply,
  discovery,
  store,
  memory,
];
