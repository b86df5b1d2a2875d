/** GET of a 2 kB ConfigMap, against a bare route that reads a row of 2 kB. */
import type { Bench } from "#test/bench/bench.ts";
import { must } from "#test/bench/http.ts";
import { configMap } from "#test/bench/manifests.ts";
import { paired, type Send } from "#test/bench/paired.ts";

/** Of the bare route's rate. */
const least = 0.8;
const path = "/api/v1/namespaces/default/configmaps";
/** So many objects, read in turns. */
const objects = 100;

export const reads: Bench = {
  name: "reads",
  title: "API reads of 2 kB, over HTTP",
  async run(world) {
    const cluster = await (await world.product()).cluster();
    const { url } = await world.bare();
    for (let n = 0; n < objects; n += 1) {
      const object = configMap(`c${n}`);
      await cluster.post(path, object);
      await must(`${url}/`, { method: "POST", body: JSON.stringify(object) });
    }
    const ours: Send = (n) => must(`${cluster.url}${path}/c${n % objects}`);
    const bare: Send = (n) => must(`${url}/${(n % objects) + 1}`);
    const figures = [
      await paired({ what: "get", clients: 1, rounds: 5, ours, bare }),
      await paired({ what: "get", clients: 16, rounds: 9, ours, bare, least }),
    ];
    await cluster.end();
    return figures;
  },
};
