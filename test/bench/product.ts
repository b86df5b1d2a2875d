/** kubestep as people run it on their machine, and clusters on it. */
import { type Served, serve, type ServeOptions } from "#local/serve.ts";
import { ask, must, watch } from "./http.ts";
import { cpuMs, residentMib, workerdPid } from "./machine.ts";
import { deployment, workersFor } from "./manifests.ts";

export interface Cluster {
  /** No trailing slash. */
  readonly url: string;
  post(path: string, object: object): Promise<void>;
  /** Samples of /metrics by name; labelled ones are left out. */
  metrics(): Promise<ReadonlyMap<string, number>>;
  end(): Promise<void>;
}

/** A Deployment from apply to all Ready. */
export interface Rollout {
  readonly cluster: Cluster;
  readonly replicas: number;
  readonly bootMs: number;
  readonly readyMs: number;
  /** Of workerd's main thread; NaN where it is not known. */
  readonly cpuMs: number;
  /** Resident memory of workerd, garbage included. */
  readonly grewMib: number;
  /** How much a sample of /metrics grew. */
  grew(metric: string): number;
}

export interface Product extends Served {
  /** Of workerd's inspector, when it is open. */
  readonly inspectorPort: number | undefined;
  /** A cluster on the instant clock, its system Pods Ready. */
  cluster(options?: Readonly<Record<string, unknown>>): Promise<Cluster>;
  /** On a cluster of its own, which the caller ends. */
  rollout(replicas: number): Promise<Rollout>;
  cpuMs(): number;
  residentMib(): number;
}

export const deployments = "/apis/apps/v1/namespaces/default/deployments";

export async function startProduct(options: Partial<ServeOptions> = {}): Promise<Product> {
  const served = await serve({ host: "127.0.0.1", port: 0, ...options });
  const pid = workerdPid();
  const cluster: Product["cluster"] = async (wanted = {}) => {
    const body = JSON.stringify({ clock: "instant", seed: 7, ...wanted });
    const { text } = await must(`${served.url}/clusters`, { method: "POST", body });
    return clusterAt((JSON.parse(text) as { readonly server: string }).server);
  };
  return {
    ...served,
    inspectorPort: options.inspectorPort,
    cluster,
    cpuMs: () => cpuMs(pid),
    residentMib: () => residentMib(pid),
    async rollout(replicas) {
      const start = performance.now();
      const made = await cluster({ workers: workersFor(replicas) });
      const bootMs = performance.now() - start;
      const { ready } = await watchReady(made, replicas);
      const before = await made.metrics();
      const mibBefore = residentMib(pid);
      const cpuBefore = cpuMs(pid);
      const applied = performance.now();
      await made.post(deployments, deployment(replicas));
      await ready;
      const readyMs = performance.now() - applied;
      const used = cpuMs(pid) - cpuBefore;
      const after = await made.metrics();
      const grew = (metric: string): number =>
        (after.get(metric) ?? NaN) - (before.get(metric) ?? NaN);
      return {
        cluster: made,
        replicas,
        bootMs,
        readyMs,
        cpuMs: used,
        grewMib: residentMib(pid) - mibBefore,
        grew,
      };
    },
  };
}

/** `ready` resolves when the Deployment says that all are; the watch is open before anything is applied. */
async function watchReady(
  { url }: Cluster,
  replicas: number,
): Promise<{ readonly ready: Promise<void> }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const watching = await watch(`${url}${deployments}?watch=1`, (line) => {
    const { object } = JSON.parse(line) as {
      readonly object: { readonly status?: { readonly readyReplicas?: number } };
    };
    if (object.status?.readyReplicas === replicas) resolve();
  });
  return { ready: promise.finally(() => watching.close()) };
}

function clusterAt(url: string): Cluster {
  return {
    url,
    async post(path, object) {
      await must(url + path, { method: "POST", body: JSON.stringify(object) });
    },
    async metrics() {
      const { text } = await must(`${url}/metrics`);
      const samples = text.split("\n").filter((line) => /^\w+ [\d.e+-]+$/.test(line));
      return new Map(
        samples.map((line) => {
          const [name = "", value = ""] = line.split(" ");
          return [name, Number(value)];
        }),
      );
    },
    async end() {
      await ask(`${url}/-/`, { method: "DELETE" });
    },
  };
}
