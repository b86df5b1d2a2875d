/** Deployments from apply to all Ready: pods per second, and what one Pod costs. */
import type { Bench, Figure } from "#test/bench/bench.ts";
import { deployment, workersFor } from "#test/bench/manifests.ts";
import { median, repeated } from "#test/bench/median.ts";
import type { Rollout } from "#test/bench/product.ts";
import type { World } from "#test/bench/world.ts";

/** How often each size is rolled out; the peer's time grows faster than its size. */
const sizes: readonly {
  readonly replicas: number;
  readonly ours: number;
  readonly peer: number;
}[] = [
  { replicas: 100, ours: 5, peer: 3 },
  { replicas: 500, ours: 5, peer: 1 },
  { replicas: 1_000, ours: 3, peer: 0 },
  { replicas: 5_000, ours: 1, peer: 0 },
];
/** By how much the peer must be beaten at its largest size. */
const timesFaster = { replicas: 500, least: 20 };
/** How much dearer a Pod may be among 5,000 than among 500. */
const dearer = { from: 500, to: 5_000, most: 1.3 };

const perSecond = ({ replicas, readyMs }: Rollout): number => (replicas / readyMs) * 1000;

async function ofPeer(world: World, replicas: number): Promise<number> {
  const manifest = deployment(replicas);
  const peer = await world.peer();
  const { readyMs } = await peer.ask({ what: "rollout", nodes: workersFor(replicas), manifest });
  return (replicas / readyMs) * 1000;
}

function speed(replicas: number, ours: readonly Rollout[], peers: readonly number[]): Figure {
  const what = `${replicas} replicas on ${workersFor(replicas)} workers, apply → all Ready`;
  const rate = median(ours.map(perSecond));
  const figure = { what, unit: "pods/s", ours: rate };
  if (peers.length === 0) return figure;
  const value = median(peers);
  return {
    ...figure,
    beside: { name: "peer", value },
    ratio: rate / value,
    ...(replicas === timesFaster.replicas ? { required: { least: timesFaster.least } } : {}),
  };
}

/** What one Pod costs, in the units that are billed. */
function costs(rollouts: readonly Rollout[]): Figure[] {
  const each = (unit: string, what: string, of: (one: Rollout) => number): Figure => ({
    what,
    unit,
    ours: median(rollouts.map(of)),
  });
  const perPod = (metric: string) => (one: Rollout) => one.grew(metric) / one.replicas;
  const [{ replicas = 0 } = {}] = rollouts;
  return [
    each("", `writes per Pod at ${replicas}`, perPod("etcd_debugging_mvcc_current_revision")),
    each("", "rows written per Pod (log and disks)", perPod("kubestep_sqlite_rows_written_total")),
    each("", "SQL statements per Pod", perPod("kubestep_sqlite_statements_total")),
    each("", "alarms set in the whole rollout", (one) => one.grew("kubestep_alarms_set_total")),
    each("kB", "database per Pod", (one) => perPod("etcd_mvcc_db_total_size_in_bytes")(one) / 1000),
    each(
      "µs",
      "wall per write",
      (one) => (one.readyMs * 1000) / one.grew("etcd_debugging_mvcc_current_revision"),
    ),
    each("µs", "CPU of the main thread per Pod", (one) => (one.cpuMs * 1000) / one.replicas),
  ];
}

export const pods: Bench = {
  name: "pods",
  title: "Deployments, apply → all Ready (readiness probe, instant clock)",
  async run(world) {
    const figures: Figure[] = [];
    const wallMs = new Map<number, number>();
    const product = await world.product();
    for (const { replicas, ours, peer } of sizes) {
      const peers: number[] = [];
      const rollouts = await repeated(ours, async (round) => {
        const rollout = await product.rollout(replicas);
        await rollout.cluster.end();
        if (round < peer) peers.push(await ofPeer(world, replicas));
        return rollout;
      });
      figures.push(speed(replicas, rollouts, peers));
      wallMs.set(replicas, median(rollouts.map(({ readyMs }) => readyMs / replicas)));
      if (replicas >= dearer.from) figures.push(...costs(rollouts));
    }
    const ratio = (wallMs.get(dearer.to) ?? NaN) / (wallMs.get(dearer.from) ?? NaN);
    figures.push({
      what: `a Pod's wall time among ${dearer.to} against among ${dearer.from}`,
      unit: "",
      ours: ratio,
      required: { most: dearer.most },
    });
    return figures;
  },
};
