/** Resources of a Pod that runs are changed. Upstream: test/e2e/common/node/pod_resize.go. */
import { beforeEach, describe, expect, test } from "vitest";
import type { V1Event, V1Pod, V1PodCondition } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { newWired, type WiredCluster } from "#test/support/wired.ts";

let cluster: WiredCluster;
beforeEach(async () => {
  cluster = await newWired({ workers: 1 });
});

const pod = (name: string, container: object, requests: object): KubeObject =>
  ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: {
      containers: [{ name: "c", image: "nginx:1.27", resources: { requests }, ...container }],
    },
  }) as KubeObject;
const found = (name: string): V1Pod =>
  cluster.objects<V1Pod>("v1/Pod").find(({ metadata }) => metadata.name === name) as V1Pod;
const resized = (name: string, requests: object, limits?: object): void => {
  const resources = { requests, ...(limits === undefined ? {} : { limits }) };
  cluster.patch(
    found(name),
    { spec: { containers: [{ ...containerOf(name), resources }] } },
    "resize",
  );
};
const containerOf = (name: string): object => found(name).spec?.containers[0] as object;
const container = (name: string): object => {
  const { allocatedResources, resources, restartCount } =
    found(name).status?.containerStatuses?.[0] ?? {};
  return { allocatedResources, resources, restartCount };
};
const conditions = (name: string): readonly Partial<V1PodCondition>[] =>
  (found(name).status?.conditions ?? [])
    .filter(({ type }) => type.startsWith("PodResize"))
    .map(({ type, status, reason, message, observedGeneration }) => ({
      type,
      status,
      ...(reason === undefined ? {} : { reason }),
      ...(message === undefined ? {} : { message }),
      observedGeneration,
    }));
const events = (name: string): readonly string[] =>
  cluster
    .objects<V1Event>("v1/Event")
    .filter(
      ({ involvedObject, reason }) => involvedObject.name === name && reason?.startsWith("Resize"),
    )
    .map(({ type, reason, message }) => `${type} ${reason} ${message}`);
/** Steps until something holds. */
async function until(holds: () => boolean): Promise<void> {
  for (let n = 0; n < 200 && !holds(); n += 1) await cluster.step();
  expect(holds()).toBe(true);
}

describe("what the node has", () => {
  beforeEach(async () => {
    cluster.create(pod("p", {}, { cpu: "100m", memory: "64Mi" }));
    await cluster.advance(30_000);
  });

  test("is given, then used; the conditions tell how far it is", async () => {
    resized("p", { cpu: "200m", memory: "64Mi" });
    await until(() => conditions("p").length > 0);
    expect(conditions("p")).toEqual([
      { type: "PodResizeInProgress", status: "True", observedGeneration: 2 },
    ]);
    expect(container("p")).toEqual({
      allocatedResources: { cpu: "200m", memory: "64Mi" },
      resources: { requests: { cpu: "100m", memory: "64Mi" } },
      restartCount: 0,
    });
    await cluster.advance(5_000);
    expect(conditions("p")).toEqual([]);
    expect(container("p")).toEqual({
      allocatedResources: { cpu: "200m", memory: "64Mi" },
      resources: { requests: { cpu: "200m", memory: "64Mi" } },
      restartCount: 0,
    });
    expect(found("p").status?.observedGeneration).toBe(2);
    const summary =
      '{"containers":[{"name":"c","resources":{"requests":{"cpu":"200m","memory":"64Mi"}}}],"generation":2}';
    expect(events("p")).toEqual([
      `Normal ResizeStarted Pod resize started: ${summary}`,
      `Normal ResizeCompleted Pod resize completed: ${summary}`,
    ]);
    const { revision } = cluster;
    await cluster.advance(600_000);
    expect(cluster.revision).toBe(revision);
  });

  test("and after an eviction at any step it comes to the same", async () => {
    resized("p", { cpu: "200m", memory: "64Mi" });
    for (let n = 0; n < 12; n += 1) {
      await cluster.step();
      cluster = await cluster.evicted();
    }
    await cluster.advance(5_000);
    expect(conditions("p")).toEqual([]);
    expect(events("p")).toHaveLength(2);
  });
});

test("a policy may ask for a restart", async () => {
  const resizePolicy = [{ resourceName: "memory", restartPolicy: "RestartContainer" }];
  cluster.create(pod("p", { resizePolicy }, { cpu: "100m", memory: "64Mi" }));
  await cluster.advance(30_000);
  resized("p", { cpu: "200m", memory: "64Mi" });
  await cluster.advance(10_000);
  expect(container("p")).toMatchObject({ restartCount: 0 });
  resized("p", { cpu: "200m", memory: "128Mi" });
  await cluster.advance(30_000);
  expect(container("p")).toEqual({
    allocatedResources: { cpu: "200m", memory: "128Mi" },
    resources: { requests: { cpu: "200m", memory: "128Mi" } },
    restartCount: 1,
  });
  expect(conditions("p")).toEqual([]);
  const killed = cluster.objects<V1Event>("v1/Event").filter(({ reason }) => reason === "Killing");
  expect(killed.map(({ message }) => message)).toEqual(["Container c resize requires restart"]);
});

test("what the node has not is deferred until another Pod leaves room, or asked for no more", async () => {
  cluster.create(pod("other", {}, { cpu: "1" }));
  cluster.create(pod("p", {}, { cpu: "1" }));
  await cluster.advance(30_000);
  resized("p", { cpu: "3500m" });
  await cluster.advance(10_000);
  const [used] = /used: \d+/.exec(conditions("p")[0]?.message ?? "") ?? [];
  expect(conditions("p")).toEqual([
    {
      type: "PodResizePending",
      status: "True",
      reason: "Deferred",
      message: `Node didn't have enough resource: cpu, requested: 3500, ${used}, capacity: 4000`,
      observedGeneration: 2,
    },
  ]);
  expect(container("p")).toMatchObject({
    allocatedResources: { cpu: "1" },
    resources: { requests: { cpu: "1" } },
  });
  expect(events("p")[0]).toMatch(
    /^Warning ResizeDeferred Pod resize Deferred: \{.*"generation":2,"error":"Node didn't/,
  );
  resized("p", { cpu: "1" });
  await cluster.advance(10_000);
  expect(conditions("p")).toEqual([]);
  resized("p", { cpu: "3500m" });
  await cluster.advance(10_000);
  expect(conditions("p")).toMatchObject([{ type: "PodResizePending", observedGeneration: 4 }]);
  cluster.delete(found("other"));
  await cluster.advance(60_000);
  expect(conditions("p")).toEqual([]);
  expect(container("p")).toMatchObject({ resources: { requests: { cpu: "3500m" } } });
});
