/** The peer: bundled for Node as it would be for a browser, and run apart, so that neither slows the other's heap. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { build } from "esbuild";
import type { DeploymentManifest } from "#test/bench/manifests.ts";

export interface Asked {
  readonly what: "boot" | "rollout";
  readonly nodes: number;
  readonly manifest?: DeploymentManifest;
}
export interface Told {
  /** A new cluster, until its own Pods are Ready. */
  readonly bootMs: number;
  /** Apply → all Ready; 0 when nothing was applied. */
  readonly readyMs: number;
  /** Of the process, before and after the rollout. */
  readonly idleMib: number;
  readonly residentMib: number;
}
export interface Peer {
  /** Each time a cluster of its own. */
  ask(asked: Asked): Promise<Told>;
  close(): Promise<void>;
}

export async function startPeer(folder: string): Promise<Peer> {
  const outfile = join(folder, "peer.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "process.ts")],
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2024",
    outfile,
    logLevel: "warning",
    // Its dependencies are CommonJS and ask for Node's modules.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
  // What it logs is not ours to show.
  const child: ChildProcess = fork(outfile, { stdio: ["ignore", "ignore", "ignore", "ipc"] });
  return {
    async ask(asked) {
      child.send(asked);
      const [told] = (await once(child, "message")) as [Told | { readonly error: string }];
      if ("error" in told) throw new Error(`the peer: ${told.error}`);
      return told;
    },
    async close() {
      const gone = once(child, "close");
      child.kill();
      await gone;
    },
  };
}
