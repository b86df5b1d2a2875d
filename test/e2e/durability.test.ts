/**
 * SIGKILL at seeded moments of a rollout: no acknowledged write is lost, no revision that a watcher saw
 * is gone or different afterwards, and the rollout finishes.
 * KUBESTEP_KILLS sets how often (30 for a thorough run).
 */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, clusterAt, eventually, newCluster } from "#test/support/cluster.ts";
import { type Killable, startKillable } from "#test/support/killable.ts";

const kills = Number(process.env["KUBESTEP_KILLS"] ?? 10);
const manifest = readFileSync(
  join(import.meta.dirname, "../../content/lessons/files/k8s-deployment.yml"),
  "utf8",
);

interface Meta {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
  };
}
interface WatchEvent {
  readonly type: string;
  readonly object: Meta;
}

/** Collects a watch's events until the connection breaks. */
async function watched(cluster: Cluster, path: string, seen: WatchEvent[]): Promise<void> {
  try {
    const { body } = await fetch(`${cluster.url}${path}?watch=1`);
    let rest = "";
    for await (const chunk of (body as ReadableStream<Uint8Array>).pipeThrough(
      new TextDecoderStream(),
    )) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") seen.push(JSON.parse(line) as WatchEvent);
    }
  } catch {
    // That is the kill.
  }
}

/** A number in [0, 1) that a seed and a purpose give. */
function draw(seed: number, purpose: string): number {
  let hash = seed ^ 0x9e37_79b9;
  for (const char of purpose) hash = Math.imul(hash ^ char.charCodeAt(0), 0x0100_0193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

/** Over all kills: what there was to lose. */
const total = { seen: 0, acknowledged: 0 };
let folder: string;
let server: Killable;
let port: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kubestep-kill-"));
  server = await startKillable(folder);
  port = Number(new URL(server.url).port);
});
afterAll(() => server.kill());

test.each(Array.from({ length: kills }, (_, seed) => seed))(
  "killed in a rollout, seed %i",
  async (seed) => {
    const made = await newCluster({ clock: seed % 3 === 0 ? "fast" : "instant", seed }, server.url);
    const cluster = clusterAt(made.url, readFileSync(made.kubeconfig, "utf8"));
    const seen: WatchEvent[] = [];
    const watching = watched(cluster, "/api/v1/namespaces/default/pods", seen);
    const acknowledged: Meta[] = [];
    const write = async (): Promise<void> => {
      const body = manifest.replace("replicas: 3", "replicas: 20");
      const created = await fetch(`${cluster.url}/apis/apps/v1/namespaces/default/deployments`, {
        method: "POST",
        headers: { "content-type": "application/yaml" },
        body,
      });
      if (created.ok) acknowledged.push((await created.json()) as Meta);
      for (let n = 0; ; n += 1) {
        const map = {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name: `mark-${n}` },
          data: { n: String(n) },
        };
        const answer = await fetch(`${cluster.url}/api/v1/namespaces/default/configmaps`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(map),
        });
        if (answer.ok) acknowledged.push((await answer.json()) as Meta);
      }
    };
    const writing = write().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 20 + 500 * draw(seed, "moment")));
    await server.kill();
    await Promise.all([watching, writing]);
    server = await startKillable(folder, port);
    total.seen += seen.length;
    total.acknowledged += acknowledged.length;

    const maps = await cluster.json<{ readonly items: readonly Meta[] }>(
      "/api/v1/namespaces/default/configmaps",
    );
    const deployments = await cluster.json<{ readonly items: readonly Meta[] }>(
      "/apis/apps/v1/namespaces/default/deployments",
    );
    const kept = new Map(
      [...maps.items, ...deployments.items].map((object) => [object.metadata.uid, object]),
    );
    for (const object of acknowledged)
      expect(kept.get(object.metadata.uid)?.metadata.name, object.metadata.name).toBe(
        object.metadata.name,
      );
    // Every revision that was seen is there, and reads as it did.
    for (const { type, object } of seen) {
      const at = object.metadata.resourceVersion;
      const list = await cluster.json<{ readonly items: readonly Meta[] }>(
        `/api/v1/namespaces/default/pods?resourceVersion=${at}&resourceVersionMatch=Exact`,
      );
      const then = list.items.find(({ metadata }) => metadata.name === object.metadata.name);
      expect(then).toEqual(
        type === "DELETED" ? undefined : { ...object, apiVersion: undefined, kind: undefined },
      );
    }
    if (kept.size > maps.items.length) {
      await eventually("20 Pods Ready", async () => {
        const { items } = await cluster.json<{
          readonly items: readonly { readonly status?: { readonly readyReplicas?: number } }[];
        }>("/apis/apps/v1/namespaces/default/deployments");
        return items[0]?.status?.readyReplicas === 20;
      });
    }
  },
);

test("the kills came in the middle of something", () => {
  expect(total.seen).toBeGreaterThan(kills);
  expect(total.acknowledged).toBeGreaterThan(kills);
});
