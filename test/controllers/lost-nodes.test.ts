/** Nodes that come and go, and what becomes of their Pods. Upstream: pkg/controller/{podgc,nodelifecycle}. */
import { expect, test } from "vitest";
import { type Json, newApi } from "#test/support/api.ts";

const api = await newApi({ workers: 1 });
await api.advance("20s");
const pods = "/api/v1/namespaces/default/pods";
const containers = [{ name: "c", image: "nginx" }];
const held = ["example.com/keeps"];
const told = async (reason: string): Promise<Json[]> =>
  (await api.get("/api/v1/namespaces/default/events")).items.filter(
    (one: Json) => one.reason === reason,
  );

test("a node's coming and going is told, once each", async () => {
  const metadata = { name: "bare" };
  const { body } = await api.request("POST", "/api/v1/nodes", { metadata });
  await api.advance("5s");
  await api.request("DELETE", "/api/v1/nodes/bare");
  await api.advance("5s");
  const about = { kind: "Node", name: "bare", uid: body.metadata.uid };
  const of = async (reason: string): Promise<Json[]> =>
    (await told(reason)).filter(({ involvedObject }) => involvedObject.name === "bare");
  expect(await of("RegisteredNode")).toMatchObject([
    { involvedObject: about, message: "Node bare event: Registered Node bare in Controller" },
  ]);
  expect(await of("RemovingNode")).toMatchObject([
    {
      involvedObject: about,
      type: "Normal",
      message: "Node bare event: Removing Node bare from Controller",
    },
  ]);
});

test("Pods of a node that is gone fail and go, and say why", async () => {
  const metadata = { name: "lost", finalizers: held };
  await api.request("POST", pods, { metadata, spec: { nodeName: "nowhere", containers } });
  await api.advance("1m");
  const lost = await api.get(`${pods}/lost`);
  expect(lost.metadata.deletionTimestamp).toBeDefined();
  expect(lost.status).toMatchObject({ phase: "Failed", observedGeneration: 1 });
  expect(lost.status.conditions.at(-1)).toMatchObject({
    type: "DisruptionTarget",
    status: "True",
    observedGeneration: 1,
    reason: "DeletionByPodGC",
    message: "PodGC: node no longer exists",
  });
});

test("a Pod that never had a node, and is to go, fails", async () => {
  const nodeSelector = { disk: "none" };
  const metadata = { name: "waits", finalizers: held };
  await api.request("POST", pods, { metadata, spec: { nodeSelector, containers } });
  await api.advance("20s");
  expect((await api.get(`${pods}/waits`)).status.phase).toBe("Pending");
  await api.request("DELETE", `${pods}/waits`);
  await api.advance("30s");
  const { status, metadata: now } = await api.get(`${pods}/waits`);
  expect([status.phase, status.observedGeneration, now.finalizers]).toEqual([
    "Failed",
    now.generation,
    held,
  ]);
});
