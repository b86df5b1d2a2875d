/** kubectl drain of a node whose Pods a budget protects. */
import { beforeAll, expect, test } from "vitest";
import { eventually, newCluster } from "#test/support/cluster.ts";
import { session, type Session } from "#test/support/session.ts";

const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: nginx }] }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web }
spec:
  minAvailable: 2
  selector: { matchLabels: { app: web } }
`;

let k: Session;
const nodes = async (): Promise<readonly string[]> =>
  (await k.ok`get pods -l app=web -o jsonpath={.items[*].spec.nodeName}`).split(" ").toSorted();

beforeAll(async () => {
  k = session(await newCluster({ workers: 2 }));
  await k.with(manifest)`apply -f -`;
  await k.ok`rollout status deployment/web`;
});

test("the budget is kept by a controller", async () => {
  await k.ok`wait --for=jsonpath={.status.currentHealthy}=2 pdb/web`;
  const table = await k.ok`get pdb --no-headers`;
  expect(table.split(/\s+/).slice(0, 4)).toEqual(["web", "2", "N/A", "0"]);
});

test("a drain waits while the budget allows nothing", async () => {
  const before = await nodes();
  const said = await k.refused`drain worker-1 --ignore-daemonsets --timeout=1s`;
  expect(said).toContain("Cannot evict pod as it would violate the pod's disruption budget.");
  expect(await nodes()).toEqual(before);
});

test("and is done as soon as it may be, one Pod after the other ready elsewhere", async () => {
  await k.ok`patch pdb web --type=merge -p {"spec":{"minAvailable":1}}`;
  const said = await k.ok`drain worker-1 --ignore-daemonsets --timeout=60s`;
  expect(said).toMatch(/^node\/worker-1 already cordoned|evicting pod default\/web-/);
  expect(said).toContain("node/worker-1 drained");
  await k.ok`rollout status deployment/web`;
  expect(await nodes()).toEqual(["worker-2", "worker-2"]);
  await eventually(
    "both count again",
    async () => (await k.ok`get pdb web -o jsonpath={.status.currentHealthy}`) === "2",
  );
});

test("whoever may not evict is told so", async () => {
  expect(
    await k.refused`drain worker-2 --ignore-daemonsets --as=jane --as-group=system:authenticated`,
  ).toContain('nodes "worker-2" is forbidden: User "jane" cannot get resource "nodes"');
});
