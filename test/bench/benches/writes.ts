/** POST of a 2 kB ConfigMap through all seven gates, against a bare route that stores 2 kB. */
import type { Bench } from "#test/bench/bench.ts";
import { must } from "#test/bench/http.ts";
import { configMap } from "#test/bench/manifests.ts";
import { paired, type Send } from "#test/bench/paired.ts";

/** Of the bare route's rate. */
const least = 0.7;
const path = "/api/v1/namespaces/default/configmaps";

export const writes: Bench = {
  name: "writes",
  title: "API writes of 2 kB, over HTTP",
  async run(world) {
    const cluster = await (await world.product()).cluster();
    const { url } = await world.bare();
    const post = (where: string, name: string): Promise<unknown> =>
      must(where, { method: "POST", body: JSON.stringify(configMap(name)) });
    const sends = (clients: number): { readonly ours: Send; readonly bare: Send } => ({
      ours: (n) => post(cluster.url + path, `c${clients}-${n}`),
      bare: (n) => post(`${url}/`, `c${clients}-${n}`),
    });
    const figures = [
      await paired({ what: "create", clients: 1, rounds: 5, ...sends(1) }),
      await paired({ what: "create", clients: 16, rounds: 9, ...sends(16), least }),
    ];
    await cluster.end();
    return figures;
  },
};
