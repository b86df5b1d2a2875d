/** Watches: one write told to many, and many watches at once. */
import type { Bench, Figure } from "#test/bench/bench.ts";
import { must, watch, type Watching } from "#test/bench/http.ts";
import { configMap } from "#test/bench/manifests.ts";
import { timed } from "#test/bench/median.ts";
import type { Product } from "#test/bench/product.ts";

const path = "/api/v1/namespaces/default/configmaps";

/** So many watchers, each counted event by event. */
async function fanOut(product: Product, watchers: number, writes: number): Promise<Figure[]> {
  const cluster = await product.cluster();
  const all = Promise.withResolvers<void>();
  let heard = 0;
  const count = (line: string): void => {
    if (!line.includes('"name":"c')) return;
    heard += 1;
    if (heard === watchers * writes) all.resolve();
  };
  const mibBefore = product.residentMib();
  let open: Watching[] = [];
  const openMs = await timed(async () => {
    open = await Promise.all(
      Array.from({ length: watchers }, () => watch(`${cluster.url}${path}?watch=1`, count)),
    );
  });
  const mib = product.residentMib() - mibBefore;
  const ms = await timed(async () => {
    await Promise.all(
      Array.from({ length: writes }, (_, n) =>
        must(cluster.url + path, { method: "POST", body: JSON.stringify(configMap(`c${n}`)) }),
      ),
    );
    await all.promise;
  });
  for (const one of open) one.close();
  await cluster.end();
  const who = `${watchers} watchers`;
  return [
    { what: `${who}: all open`, unit: "ms", ours: openMs },
    { what: `${who}: memory of one`, unit: "kB", ours: (mib * 1024) / watchers },
    {
      what: `${who}, ${writes} ${writes === 1 ? "write" : "writes at once"}: until all have heard`,
      unit: "ms",
      ours: ms,
    },
    { what: `${who}: events`, unit: "/s", ours: ((watchers * writes) / ms) * 1000 },
  ];
}

export const watches: Bench = {
  name: "watches",
  title: "Watches of 2 kB objects, over HTTP",
  async run(world) {
    const product = await world.product();
    return [...(await fanOut(product, 100, 200)), ...(await fanOut(product, 1_000, 1))];
  },
};
