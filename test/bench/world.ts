/**
 * What benchmarks share: each part is started when the first of them needs it, and all of it ends with the run.
 */
import { once as event } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bare, startBare } from "./bare/bare.ts";
import { type Peer, startPeer } from "./peer/peer.ts";
import { type Product, startProduct } from "./product.ts";

export interface World {
  /** kubestep, on disk as `npm start` keeps it. */
  product(): Promise<Product>;
  /** The route without an API server. */
  bare(): Promise<Bare>;
  peer(): Promise<Peer>;
  /** A folder of this run, for those who start servers of their own. */
  folder(name: string): string;
  freePort(): Promise<number>;
  end(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await event(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** `inspected`: the product's workerd can be profiled. */
export async function newWorld(inspected: boolean): Promise<World> {
  const inspectorPort = inspected ? await freePort() : undefined;
  const folder = mkdtempSync(join(tmpdir(), "kubestep-bench-"));
  const closing: (() => Promise<void>)[] = [];
  const once = <T extends { close(): Promise<void> }>(start: () => Promise<T>) => {
    let started: Promise<T> | undefined;
    return (): Promise<T> =>
      (started ??= start().then((one) => {
        closing.push(() => one.close());
        return one;
      }));
  };
  return {
    product: once(() => startProduct({ persistTo: join(folder, "product"), inspectorPort })),
    bare: once(() => startBare(join(folder, "bare"))),
    peer: once(() => startPeer(folder)),
    folder: (name) => join(folder, name),
    freePort,
    async end() {
      for (const close of closing) await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
