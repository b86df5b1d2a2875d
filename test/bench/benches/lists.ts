/** Lists of many Pods: as JSON, which is the stored text joined, and as the Table that kubectl asks for. */
import type { Bench, Figure } from "#test/bench/bench.ts";
import { must } from "#test/bench/http.ts";
import { median, repeated, timed } from "#test/bench/median.ts";

const asTable = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" };
const path = "/api/v1/namespaces/default/pods";

async function listed(
  what: string,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<Figure[]> {
  let bytes = 0;
  const times = await repeated(5, () =>
    timed(async () => {
      ({ bytes } = await must(url + path, { headers }));
    }),
  );
  return [
    { what, unit: "ms", ours: median(times) },
    { what: `${what}: size`, unit: "MB", ours: bytes / 1e6 },
  ];
}

export const lists: Bench = {
  name: "lists",
  title: "Lists of Pods, over HTTP",
  async run(world) {
    const product = await world.product();
    const figures: Figure[] = [];
    for (const replicas of [1_000, 5_000]) {
      const { cluster } = await product.rollout(replicas);
      figures.push(
        ...(await listed(`list of ${replicas} Pods as JSON`, cluster.url, {})),
        ...(await listed(`list of ${replicas} Pods as a Table`, cluster.url, asTable)),
      );
      await cluster.end();
    }
    return figures;
  },
};
