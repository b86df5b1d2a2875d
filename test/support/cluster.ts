/** A cluster as a test uses it: made through the public door, talked to with fetch or kubectl. */
import { inject } from "vitest";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ran, run, type Started, start, tool } from "./tools.ts";

export interface Cluster {
  /** No trailing slash. */
  readonly url: string;
  readonly kubeconfig: string;
  kubectl(...args: readonly string[]): Promise<Ran>;
  /** kubectl that goes on until it is stopped: `get -w`, `logs -f`. */
  kubectlStarted(...args: readonly string[]): Started;
  /** kubectl with a manifest on stdin. */
  kubectlWith(input: string, ...args: readonly string[]): Promise<Ran>;
  json<T>(path: string, init?: RequestInit): Promise<T>;
  /** Orders the cluster's clock. */
  clock(order: Readonly<Record<string, unknown>>): Promise<{
    readonly reached: boolean;
    readonly steps: number;
    readonly lines: readonly string[];
  }>;
}

const jsonHeaders = { accept: "application/json", "content-type": "application/json" };

export async function newCluster(
  options: Readonly<Record<string, unknown>> = {},
  host: string = inject("host"),
): Promise<Cluster> {
  const answer = await fetch(`${host}/clusters`, {
    method: "POST",
    headers: jsonHeaders,
    body: JSON.stringify({ clock: "instant", seed: 7, ...options }),
  });
  if (!answer.ok) throw new Error(`POST /clusters: ${answer.status} ${await answer.text()}`);
  const made = (await answer.json()) as { readonly server: string; readonly kubeconfig: string };
  return clusterAt(made.server, made.kubeconfig);
}

export function clusterAt(url: string, kubeconfigText: string): Cluster {
  const kubeconfig = join(mkdtempSync(join(tmpdir(), "kubestep-")), "config");
  writeFileSync(kubeconfig, kubeconfigText);
  const env = { KUBECONFIG: kubeconfig, KUBECACHEDIR: join(kubeconfig, "../cache") };
  const kubectlWith = (input: string, ...args: readonly string[]): Promise<Ran> =>
    run(tool("kubectl"), args, { input, env });
  const json = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
    const got = await fetch(`${url}${path}`, { headers: jsonHeaders, ...init });
    return (await got.json()) as T;
  };
  return {
    url,
    kubeconfig,
    kubectl: (...args) => kubectlWith("", ...args),
    kubectlStarted: (...args) => start(tool("kubectl"), args, env),
    kubectlWith,
    json,
    clock: (order) => json("/-/clock", { method: "POST", body: JSON.stringify(order) }),
  };
}

/** Asks until it holds: a condition instead of a sleep. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  withinMs = 60_000,
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = await ask();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
