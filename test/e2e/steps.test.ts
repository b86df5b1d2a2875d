/** A clock that stands still, one step at a time; and the trace of what happened. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { TraceEvent } from "#apimachinery/trace.ts";
import { type Cluster, eventually, newCluster } from "#test/support/cluster.ts";

const manifest = readFileSync(
  join(import.meta.dirname, "../../content/lessons/files/k8s-deployment.yml"),
  "utf8",
);

describe("a paused cluster", () => {
  let cluster: Cluster;
  const pods = async (): Promise<
    readonly {
      readonly spec: { readonly nodeName?: string };
      readonly status: { readonly phase: string };
    }[]
  > => (await cluster.json<{ readonly items: [] }>("/api/v1/namespaces/default/pods")).items;
  beforeAll(async () => {
    cluster = await newCluster({ clock: "paused", workers: 3, seed: 7 });
  });

  test("a stored Deployment is all there is until the clock moves", async () => {
    await cluster.kubectlWith(manifest, "apply", "-f", "-");
    const { stdout } = await cluster.kubectl("get", "deploy,rs,pods", "-o", "name");
    expect(stdout).toBe("deployment.apps/web\n");
  });

  test("one step: the controller writes the ReplicaSet and says why", async () => {
    const { reached, steps, lines } = await cluster.clock({ step: 1 });
    expect([reached, steps >= 1]).toEqual([true, true]);
    expect(lines.join("\n")).toMatch(/deployment-controller creates replicasets\/default\/web-/);
    const { stdout } = await cluster.kubectl("get", "rs", "-o", "name");
    expect(stdout).toMatch(/replicaset.apps\/web-/);
  });

  test("until=pods=3: three Pods, Pending, without a node", async () => {
    expect((await cluster.clock({ until: "pods=3" })).reached).toBe(true);
    expect((await pods()).map(({ spec, status }) => [spec.nodeName, status.phase])).toEqual(
      Array.from({ length: 3 }, () => [undefined, "Pending"]),
    );
  });

  test("until=bound=3: a node for each, and nothing runs", async () => {
    expect((await cluster.clock({ until: "bound=3" })).reached).toBe(true);
    const now = await pods();
    expect(now.every(({ spec }) => spec.nodeName?.startsWith("worker-"))).toBe(true);
    expect(now.every(({ status }) => status.phase === "Pending")).toBe(true);
  });

  test("until=ready=3 by curl, as text", async () => {
    const answer = await fetch(`${cluster.url}/-/clock`, {
      method: "POST",
      body: new URLSearchParams({ until: "ready=3" }),
      headers: { accept: "*/*" },
    });
    expect(answer.headers.get("content-type")).toContain("text/plain");
    expect(await answer.text()).toMatch(/kubelet worker-\d patches pods\/default\/web-.*\/status/);
    const { stdout } = await cluster.kubectl("get", "pods", "--no-headers");
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => line.split(/\s+/)[1]),
    ).toEqual(["1/1", "1/1", "1/1"]);
  });

  test("a condition that never comes is told so, with 200", async () => {
    const { reached } = await cluster.clock({ until: "ready=9" });
    expect(reached).toBe(false);
  });

  test("skip moves the clock", async () => {
    const now = async (): Promise<number> =>
      (await cluster.json<{ readonly nowMs: number }>("/-/clock")).nowMs;
    const before = await now();
    await cluster.clock({ skip: "6m" });
    expect((await now()) - before).toBe(360_000);
  });

  test.each([
    { step: 0 },
    { step: "x" },
    { until: "moon=3" },
    { skip: "yesterday" },
    { mode: "backwards" },
    { speed: -1 },
    { nonsense: 1 },
  ])("a wrong order is a 422 that names it: %j", async (order) => {
    const answer = await fetch(`${cluster.url}/-/clock`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(order),
    });
    expect(answer.status).toBe(422);
    const [name = ""] = Object.keys(order);
    const status = (await answer.json()) as {
      readonly reason: string;
      readonly details: { readonly causes: readonly { readonly field: string }[] };
    };
    expect(status.reason).toBe("Invalid");
    expect(status.details.causes.map(({ field }) => field)).toContain(name);
  });

  test("the journey of a Pod names every component in order", async () => {
    const { stdout } = await cluster.kubectl("get", "pods", "-o", "name");
    const name = stdout.split("\n")[0]?.replace("pod/", "") ?? "";
    const text = await (
      await fetch(`${cluster.url}/-/journey/pods/default/${name}`, { headers: { accept: "*/*" } })
    ).text();
    const places = [
      "deployments/default/web",
      "deployment-controller",
      "replicaset-controller",
      "kube-scheduler",
      "kubelet worker-",
    ].map((word) => text.indexOf(word));
    expect(places.every((at) => at >= 0)).toBe(true);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    const { events } = await cluster.json<{ readonly events: readonly TraceEvent[] }>(
      `/-/journey/pods/default/${name}`,
    );
    expect(events.map(({ rev }) => rev)).toEqual(
      events.map(({ rev }) => rev).toSorted((a, b) => a - b),
    );
    const calls = events
      .filter(({ type }) => type === "cri")
      .map(({ data }) => (data as { readonly call: string }).call);
    expect(calls).toEqual(
      expect.arrayContaining(["RunPodSandbox", "CreateContainer", "StartContainer"]),
    );
  });

  test("why tells the scheduler's verdict on every node", async () => {
    const { stdout } = await cluster.kubectl("get", "pods", "-o", "name");
    const name = stdout.split("\n")[0]?.replace("pod/", "") ?? "";
    const text = await (
      await fetch(`${cluster.url}/-/why/pods/default/${name}`, { headers: { accept: "*/*" } })
    ).text();
    expect(text).toMatch(/control-plane-1\s+no: TaintToleration/);
    for (const worker of ["worker-1", "worker-2", "worker-3"])
      expect(text).toMatch(new RegExp(`${worker}\\s+ok\\s+\\d+`));
  });

  test("all seven gates of a person's request are in the trace", async () => {
    const { events } = await cluster.json<{ readonly events: readonly TraceEvent[] }>(
      "/-/trace?obj=deployments/default/web",
    );
    const stages = events
      .filter(
        ({ type, actor, verb }) => type === "stage" && actor === "learner" && verb === "create",
      )
      .map(({ data }) => (data as { readonly stage: string }).stage);
    expect(stages).toEqual([
      "authenticate",
      "authorise",
      "decode",
      "mutate",
      "validate",
      "admit",
      "commit",
    ]);
  });

  test("etcd shows its keys to whoever asks its own face", async () => {
    const answer = await fetch(`${cluster.url}/-/etcd/v3/kv/range`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ key: btoa("/registry/deployments/default/web") }),
    });
    const { kvs } = (await answer.json()) as {
      readonly kvs: readonly { readonly key: string; readonly value: string }[];
    };
    expect(kvs.map(({ key }) => atob(key))).toEqual(["/registry/deployments/default/web"]);
    expect(JSON.parse(atob(kvs[0]?.value ?? ""))).toMatchObject({
      kind: "Deployment",
      metadata: { name: "web" },
    });
  });
});

test("the same seed and the same requests make the same trace, whenever", async () => {
  /** A cluster begins at a whole second: the second one must begin at another. */
  const bornMs = new Set<number>();
  const told = async (): Promise<readonly string[]> => {
    await eventually("another second", async () => !bornMs.has(Math.floor(Date.now() / 1000)));
    bornMs.add(Math.floor(Date.now() / 1000));
    const cluster = await newCluster({ clock: "paused", seed: 41 });
    await fetch(`${cluster.url}/apis/apps/v1/namespaces/default/deployments`, {
      method: "POST",
      headers: { "content-type": "application/yaml" },
      body: manifest,
    });
    await cluster.clock({ until: "ready=3" });
    const { events } = await cluster.json<{ readonly events: readonly TraceEvent[] }>("/-/trace");
    return events
      .filter(({ type }) => type === "commit" || type === "schedule" || type === "cri")
      .map(
        ({ id, actor, verb, obj }) =>
          `${id} ${actor} ${verb} ${obj.replace(/\.[0-9a-f]{16}$/, "")}`,
      );
  };
  const [one, other] = [await told(), await told()];
  expect(one).toEqual(other);
  expect(one.length).toBeGreaterThan(100);
});
