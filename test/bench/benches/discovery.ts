/** What kubectl fetches before it does anything, with an empty cache: discovery, and OpenAPI for `explain`. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bench, Figure } from "#test/bench/bench.ts";
import { must } from "#test/bench/http.ts";
import { timed } from "#test/bench/median.ts";
import { run, tool } from "#test/support/tools.ts";

/** Passes bytes on and counts those that come back. */
async function counting(url: string): Promise<{
  readonly url: string;
  bytes(): number;
  close(): void;
}> {
  const to = new URL(url);
  let bytes = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(to.port), to.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
    }
    upstream.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    client.pipe(upstream).pipe(client);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: url.replace(to.host, `127.0.0.1:${port}`),
    bytes: () => bytes,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

export const discovery: Bench = {
  name: "discovery",
  title: "kubectl's first use, with an empty cache",
  async run(world) {
    const cluster = await (await world.product()).cluster();
    const folder = mkdtempSync(join(tmpdir(), "kubestep-bench-"));
    const figures: Figure[] = [];
    for (const [what, ...args] of [
      ["kubectl get pods: discovery", "get", "pods"],
      ["kubectl explain pods.spec: discovery and OpenAPI", "explain", "pods.spec"],
    ] as const) {
      const proxy = await counting(cluster.url);
      const { text } = await must(`${proxy.url}/-/?o=kubeconfig`);
      const before = proxy.bytes();
      const kubeconfig = join(folder, "config");
      writeFileSync(kubeconfig, text);
      const cache = mkdtempSync(join(folder, "cache-"));
      let code = 0;
      const ms = await timed(async () => {
        ({ code } = await run(tool("kubectl"), args, {
          env: { KUBECONFIG: kubeconfig, KUBECACHEDIR: cache },
        }));
      });
      figures.push(
        { what, unit: "ms", ours: code === 0 ? ms : `failed (${code})` },
        { what: `${args.join(" ")}: fetched`, unit: "kB", ours: (proxy.bytes() - before) / 1000 },
      );
      proxy.close();
    }
    rmSync(folder, { recursive: true, force: true });
    await cluster.end();
    return figures;
  },
};
