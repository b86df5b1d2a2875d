/** Who has to leave a node, and when. Upstream: pkg/controller/tainteviction. */
import { expect, test } from "vitest";
import type { V1Event, V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { newWired, type WiredCluster } from "#test/support/wired.ts";

const minute = 60_000;
const away = { key: "away", effect: "NoExecute" };
const pod = (name: string, tolerationSeconds?: number): KubeObject =>
  ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: {
      nodeName: "worker-1",
      containers: [{ name: "c", image: "nginx" }],
      tolerations: [{ ...away, operator: "Exists", tolerationSeconds }],
    },
  }) as unknown as KubeObject;
const node: KubeObject = { apiVersion: "v1", kind: "Node", metadata: { name: "worker-1" } };
const taint = (cluster: WiredCluster, taints: readonly object[]): void => {
  cluster.patch(node, { spec: { taints } });
};
const names = (cluster: WiredCluster): readonly (string | undefined)[] =>
  cluster
    .objects<V1Pod>("v1/Pod")
    .filter(({ metadata }) => metadata.namespace === "default")
    .map(({ metadata }) => metadata.name);

async function tainted(): Promise<WiredCluster> {
  const cluster = await newWired({ workers: 1 });
  cluster.create(pod("stays"));
  cluster.create(pod("waits", 300));
  cluster.create(pod("goes", 0));
  await cluster.advance(minute);
  taint(cluster, [away]);
  await cluster.advance(minute);
  return cluster;
}

test("at once, after a while, never; a wait outlasts the instance that began it", async () => {
  const first = await tainted();
  expect(names(first)).toEqual(["stays", "waits"]);
  const [one] = first
    .objects<V1Node>("v1/Node")
    .filter(({ metadata }) => metadata.name === "worker-1");
  expect(one?.spec?.taints).toMatchObject([{ ...away, timeAdded: expect.any(String) as string }]);
  await first.advance(2 * minute);
  const second = await first.evicted();
  await second.advance(minute);
  expect(names(second)).toEqual(["stays", "waits"]);
  await second.advance(2 * minute);
  expect(names(second)).toEqual(["stays"]);
});

test("whoever waits stays when the taint goes, and it is told", async () => {
  const cluster = await tainted();
  taint(cluster, []);
  await cluster.advance(10 * minute);
  expect(names(cluster)).toEqual(["stays", "waits"]);
  const messages = cluster
    .objects<V1Event>("v1/Event")
    .filter(({ reason }) => reason === "TaintManagerEviction")
    .map(({ message }) => message);
  expect(messages).toEqual([
    "Marking for deletion Pod default/goes",
    "Cancelling deletion of Pod default/waits",
  ]);
});
