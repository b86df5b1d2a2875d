/** A cluster from the request to all its system Pods Ready, and the three replicas that a first lesson makes. */
import type { Bench } from "#test/bench/bench.ts";
import { deployment, workersFor } from "#test/bench/manifests.ts";
import { median, repeated, timed } from "#test/bench/median.ts";

const rounds = 7;
const replicas = 3;

export const boot: Bench = {
  name: "boot",
  title: "A new cluster, and its first three Pods",
  async run(world) {
    const product = await world.product();
    const peer = await world.peer();
    const pairs = await repeated(rounds, async () => {
      const bootMs = await timed(async () => (await product.cluster()).end());
      const ours = await product.rollout(replicas);
      await ours.cluster.end();
      const manifest = deployment(replicas);
      const theirs = await peer.ask({ what: "rollout", nodes: workersFor(replicas), manifest });
      return { bootMs, ours, theirs };
    });
    const booted = median(pairs.map(({ bootMs }) => bootMs));
    const peerBooted = median(pairs.map(({ theirs }) => theirs.bootMs));
    const ready = median(pairs.map(({ ours }) => ours.readyMs));
    const peerReady = median(pairs.map(({ theirs }) => theirs.readyMs));
    return [
      {
        what: "cluster created, its system Pods Ready",
        unit: "ms",
        ours: booted,
        beside: { name: "peer", value: peerBooted },
        ratio: peerBooted / booted,
      },
      {
        what: "3 replicas, apply → all Ready",
        unit: "ms",
        ours: ready,
        beside: { name: "peer", value: peerReady },
        ratio: peerReady / ready,
      },
    ];
  },
};
