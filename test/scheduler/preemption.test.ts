/** Who makes room for whom. Upstream: pkg/scheduler/framework/plugins/defaultpreemption/default_preemption_test.go. */
import { describe, expect, test } from "vitest";
import type { V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import type { V1PodDisruptionBudget } from "#apimachinery/api/policy-v1.ts";
import { timeText } from "#apimachinery/time.ts";
import { NodeCache } from "#scheduler/cache.ts";
import { decide } from "#scheduler/cycle.ts";
import { Nominations } from "#scheduler/nominations.ts";
import { plugins } from "#scheduler/plugins/registry.ts";
import { preemption } from "#scheduler/preemption/preempt.ts";
import { type Json, newApi } from "#test/support/api.ts";

const noon = Date.UTC(2026, 0, 1, 12);
const ago = (minutes: number): string => timeText(noon - minutes * 60_000);

const nodeOf = (name: string, cpu = "1000m"): V1Node => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name },
  status: { allocatable: { cpu, memory: "1Gi", pods: "10" } },
});
interface Described {
  readonly name: string;
  readonly on?: string;
  readonly cpu?: string;
  readonly priority?: number;
  readonly started?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly waitsFor?: string;
  readonly policy?: string;
  readonly leaving?: boolean;
  readonly taken?: boolean;
}
/** `on` a node, asking for so much, of that priority; `leaving` because of a preemption when `taken`. */
const podOf = ({
  name,
  on,
  cpu = "300m",
  priority = 0,
  started,
  labels,
  waitsFor,
  policy,
  leaving = false,
  taken = true,
}: Described): V1Pod =>
  ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "default",
      uid: name,
      ...(labels === undefined ? {} : { labels }),
      ...(leaving ? { deletionTimestamp: ago(0) } : {}),
    },
    spec: {
      nodeName: on,
      priority,
      ...(policy === undefined ? {} : { preemptionPolicy: policy }),
      containers: [{ name: "c", image: "c", resources: { requests: { cpu } } }],
    },
    status: {
      ...(started === undefined ? {} : { startTime: started }),
      ...(waitsFor === undefined ? {} : { nominatedNodeName: waitsFor }),
      ...(leaving && taken
        ? {
            conditions: [
              { type: "DisruptionTarget", status: "True", reason: "PreemptionByScheduler" },
            ],
          }
        : {}),
    },
  }) as V1Pod;
const budget = (disruptionsAllowed: number, more: object = {}): V1PodDisruptionBudget =>
  ({
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "budget", namespace: "default" },
    spec: { selector: { matchLabels: { kept: "yes" } } },
    status: { disruptionsAllowed, ...more },
  }) as V1PodDisruptionBudget;
const kept = { kept: "yes" };

interface Row {
  readonly nodes: readonly V1Node[];
  readonly pods: readonly Described[];
  readonly pod: Described;
  readonly budgets?: readonly V1PodDisruptionBudget[];
  /** Node and victims, or the message. */
  readonly expected: readonly [node: string, victims: readonly string[]] | string;
}
const two = [nodeOf("a"), nodeOf("b")];
const one = [nodeOf("a")];
const high = (cpu = "700m"): Described => ({ name: "high", cpu, priority: 100 });

const rows: Readonly<Record<string, Row>> = {
  "only as many as must": {
    nodes: one,
    pods: [
      { name: "x", on: "a", priority: 1 },
      { name: "y", on: "a", priority: 2 },
      { name: "z", on: "a", priority: 3 },
    ],
    pod: high("400m"),
    expected: ["a", ["x"]],
  },
  "of equals the one that started last goes": {
    nodes: one,
    pods: [
      { name: "old", on: "a", started: ago(30) },
      { name: "new", on: "a", started: ago(10) },
      { name: "older", on: "a", started: ago(40) },
    ],
    pod: high("400m"),
    expected: ["a", ["new"]],
  },
  "none of its own priority": {
    nodes: one,
    pods: [{ name: "x", on: "a", cpu: "900m", priority: 100 }],
    pod: high(),
    expected: "0/1 nodes are available: 1 No preemption victims found for incoming pod.",
  },
  "what would not help is told by its reason": {
    nodes: [nodeOf("a"), nodeOf("b", "200m")],
    pods: [
      { name: "x", on: "a", cpu: "500m", priority: 100 },
      { name: "y", on: "a", cpu: "400m" },
    ],
    pod: high(),
    expected:
      "0/2 nodes are available: 1 Insufficient cpu, 1 Preemption is not helpful for scheduling.",
  },
  "the node whose highest victim is lowest": {
    nodes: two,
    pods: [
      { name: "x", on: "a", cpu: "900m", priority: 5 },
      { name: "y", on: "b", cpu: "400m", priority: 4 },
      { name: "z", on: "b", cpu: "400m", priority: 4 },
    ],
    pod: high("900m"),
    expected: ["b", ["y", "z"]],
  },
  "then the smallest sum, where a negative priority counts, too": {
    nodes: two,
    pods: [
      { name: "x", on: "a", cpu: "400m", priority: -5 },
      { name: "y", on: "a", cpu: "400m", priority: -5 },
      { name: "z", on: "b", cpu: "900m", priority: -5 },
    ],
    pod: high("900m"),
    expected: ["b", ["z"]],
  },
  "then the one whose victims started last": {
    nodes: two,
    pods: [
      { name: "x", on: "a", cpu: "900m", started: ago(20) },
      { name: "y", on: "b", cpu: "900m", started: ago(10) },
    ],
    pod: high(),
    expected: ["b", ["y"]],
  },
  "a budget keeps its Pods where others can go": {
    nodes: one,
    pods: [
      { name: "low", on: "a", cpu: "400m", labels: kept },
      { name: "middle", on: "a", cpu: "400m", priority: 50 },
    ],
    budgets: [budget(0)],
    pod: high("500m"),
    expected: ["a", ["middle"]],
  },
  "a node without a violation comes first": {
    nodes: two,
    pods: [
      { name: "x", on: "a", cpu: "900m", labels: kept },
      { name: "y", on: "b", cpu: "900m", priority: 50 },
    ],
    budgets: [budget(0)],
    pod: high(),
    expected: ["b", ["y"]],
  },
  "a budget that allows it, or that knows of it, is none": {
    nodes: two,
    pods: [
      { name: "x", on: "a", cpu: "900m", labels: kept },
      { name: "y", on: "b", cpu: "900m", priority: 50 },
    ],
    budgets: [budget(0, { disruptedPods: { x: ago(1) } }), budget(1)],
    pod: high(),
    expected: ["a", ["x"]],
  },
  "a Pod that must not": {
    nodes: one,
    pods: [{ name: "x", on: "a", cpu: "900m" }],
    pod: { ...high(), policy: "Never" },
    expected: "not eligible due to preemptionPolicy=Never.",
  },
  "a Pod whose victims still leave waits": {
    nodes: two,
    pods: [
      { name: "x", on: "a", cpu: "900m", leaving: true },
      { name: "y", on: "b", cpu: "900m" },
    ],
    pod: { ...high(), waitsFor: "a" },
    expected: "not eligible due to a terminating pod on the nominated node.",
  },
  "a Pod that leaves by itself is no reason to wait": {
    nodes: two,
    pods: [
      { name: "x", on: "a", cpu: "900m", priority: 9, leaving: true, taken: false },
      { name: "y", on: "b", cpu: "900m" },
    ],
    pod: { ...high(), waitsFor: "a" },
    expected: ["b", ["y"]],
  },
};

test.each(Object.entries(rows))("%s", (_, { nodes, pods, pod, budgets = [], expected }) => {
  const cache = new NodeCache();
  for (const node of nodes) cache.setNode(node);
  for (const other of pods) cache.setPod(`default/${other.name}`, podOf(other));
  const preemptor = podOf(pod);
  const decision = decide({
    pod: preemptor,
    nodes: cache.nodes,
    plugins,
    start: 0,
    nodesWithImage: () => 0,
    nominated: () => [],
    draw: () => 0,
  });
  expect(decision.chosen).toBeUndefined();
  const found = preemption({
    pod: preemptor,
    decision,
    nodes: cache.nodes,
    nowMs: noon,
    budgets: () => budgets,
    draw: () => 0,
  });
  const victims = found.candidate?.victims.map(({ metadata }) => metadata.name);
  expect(found.candidate === undefined ? found.message : [found.candidate.node, victims]).toEqual(
    expected,
  );
});

describe("a Pod that waits for a node", () => {
  const cache = new NodeCache();
  for (const node of two) cache.setNode(node);
  const nominations = new Nominations();
  const waiting = podOf({ ...high(), waitsFor: "b" });
  nominations.set("default/high", waiting);
  const placeOf = (pod: V1Pod): string | undefined =>
    decide({
      pod,
      nodes: cache.nodes,
      plugins,
      start: 0,
      nodesWithImage: () => 0,
      nominated: (node) => nominations.before(node, pod),
      draw: () => 0.999,
    }).chosen;

  test("gets it, although another one is as good", () => {
    expect(placeOf(waiting)).toBe("b");
  });

  test("holds it against those of lower priority, but not against higher ones", () => {
    expect(placeOf(podOf({ name: "low", cpu: "500m" }))).toBe("a");
    expect(placeOf(podOf({ name: "top", cpu: "500m", priority: 1000 }))).toBe("b");
    expect(nominations.below("b", 1000)).toEqual([waiting]);
    expect(nominations.below("b", 100)).toEqual([]);
  });

  test("does so no more when it is bound, or gone", () => {
    nominations.set("default/high", {
      ...waiting,
      spec: { ...waiting.spec, nodeName: "b" } as never,
    });
    expect(nominations.below("b", 1000)).toEqual([]);
    nominations.set("default/high", waiting);
    nominations.set("default/high", undefined);
    expect(nominations.below("b", 1000)).toEqual([]);
  });
});

test("in a cluster: who goes says why, who comes waits for the place and gets it", async () => {
  const api = await newApi({ workers: 1 });
  await api.advance("20s");
  const pods = "/api/v1/namespaces/default/pods";
  const asking = (name: string, more: Json): Json => ({
    metadata: { name },
    spec: {
      containers: [
        { name: "c", image: "nginx", resources: { requests: { "example.com/gpu": "1" } } },
      ].map((one) => ({
        ...one,
        resources: { ...one.resources, limits: one.resources.requests },
      })),
      ...more,
    },
  });
  const node = "/api/v1/nodes/worker-1/status";
  const merge = { "content-type": "application/merge-patch+json" };
  const capacity = { "example.com/gpu": "1" };
  await api.request("PATCH", node, { status: { capacity, allocatable: capacity } }, merge);
  await api.request("POST", pods, asking("low", { terminationGracePeriodSeconds: 10 }));
  await api.advance("20s");
  expect((await api.get(`${pods}/low`)).status.phase).toBe("Running");
  await api.request("POST", pods, asking("high", { priorityClassName: "system-node-critical" }));
  let low: Json;
  for (let i = 0; i < 20 && low?.metadata.deletionTimestamp === undefined; i += 1) {
    await api.request("POST", "/-/clock", { step: 1 });
    low = await api.get(`${pods}/low`);
  }
  const high = await api.get(`${pods}/high`);
  expect(low.metadata.deletionTimestamp).toBeDefined();
  expect(low.status.conditions).toContainEqual(
    expect.objectContaining({
      type: "DisruptionTarget",
      status: "True",
      reason: "PreemptionByScheduler",
      message: "default-scheduler: preempting to accommodate a higher priority pod",
    }),
  );
  expect([high.status.nominatedNodeName, high.status.conditions[0].message]).toEqual([
    "worker-1",
    "0/2 nodes are available: 1 Insufficient example.com/gpu, 1 node(s) had untolerated taint(s).",
  ]);
  const { items } = await api.get("/apis/events.k8s.io/v1/namespaces/default/events");
  const told = items.find(({ reason }: Json) => reason === "Preempted");
  expect(told).toMatchObject({
    type: "Normal",
    action: "Preempting",
    note: `Preempted by pod ${high.metadata.uid} on node worker-1`,
    regarding: { kind: "Pod", name: "low" },
    related: { kind: "Pod", name: "high" },
  });
  await api.advance("1m");
  const after = await api.get(`${pods}/high`);
  expect([after.status.phase, after.spec.nodeName]).toEqual(["Running", "worker-1"]);
  expect(after.status.nominatedNodeName).toBeUndefined();
  expect((await api.request("GET", `${pods}/low`)).code).toBe(404);
});

test("in a cluster: ReplicaSets of several priorities push each other out", async () => {
  const api = await newApi({ workers: 1 });
  await api.advance("20s");
  const capacity = { "example.com/fakecpu": "10" };
  const merge = { "content-type": "application/merge-patch+json" };
  const status = { capacity, allocatable: capacity };
  await api.request("PATCH", "/api/v1/nodes/worker-1/status", { status }, merge);
  const sets = "/apis/apps/v1/namespaces/default/replicasets";
  /** Name, value, replicas, what each asks for. */
  const rows = [
    ["p1", 1, 5, "1"],
    ["p2", 2, 4, "1"],
    ["p3", 3, 4, "1"],
    ["p4", 4, 1, "5"],
  ] as const;
  for (const [name, value, replicas, amount] of rows) {
    const classes = "/apis/scheduling.k8s.io/v1/priorityclasses";
    await api.request("POST", classes, { metadata: { name }, value });
    const resources = { limits: { "example.com/fakecpu": amount } };
    const template = {
      metadata: { labels: { name } },
      spec: { priorityClassName: name, containers: [{ name: "c", image: "nginx", resources }] },
    };
    const selector = { matchLabels: { name } };
    await api.request("POST", sets, { metadata: { name }, spec: { replicas, selector, template } });
    await api.advance("40s");
  }
  const items: Json[] = (await api.get("/api/v1/namespaces/default/pods")).items;
  const running = rows.map(
    ([name]) =>
      items.filter(
        ({ metadata, status: { phase } }) => metadata.labels.name === name && phase === "Running",
      ).length,
  );
  expect(running).toEqual([0, 1, 4, 1]);
});
