/** Server-side apply of a Pod with 30 containers: the first creates it, later ones change one value. */
import type { Bench } from "#test/bench/bench.ts";
import { ask } from "#test/bench/http.ts";
import { widePod } from "#test/bench/manifests.ts";
import { median, repeated, timed } from "#test/bench/median.ts";

const path = "/api/v1/namespaces/default/pods/wide?fieldManager=bench";
const rounds = 50;

export const serverSideApply: Bench = {
  name: "apply",
  title: "Server-side apply of a Pod with 30 containers",
  async run(world) {
    const cluster = await (await world.product()).cluster({ clock: "paused" });
    const headers = { "content-type": "application/apply-patch+yaml" };
    const apply = async (round: number): Promise<number> => {
      const pod = widePod("wide");
      const metadata = { name: "wide", labels: { app: "wide", round: String(round) } };
      const body = JSON.stringify({ ...pod, metadata });
      return (await ask(cluster.url + path, { method: "PATCH", body, headers })).code;
    };
    const firstMs = performance.now();
    const code = await apply(0);
    const createMs = performance.now() - firstMs;
    if (code >= 300) {
      await cluster.end();
      return [{ what: "apply", unit: "", ours: `not served (${code})` }];
    }
    const times = await repeated(rounds, (round) => timed(() => apply(round + 1)));
    await cluster.end();
    return [
      { what: "the first apply, which creates it", unit: "ms", ours: createMs },
      { what: "a later apply that changes a label", unit: "ms", ours: median(times) },
    ];
  },
};
