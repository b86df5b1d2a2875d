/** What every scheduler plugin must do, over the registry: pure, reasons for refusals, scores from 0 to 100. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import { declaredFeatures } from "#apimachinery/declared-features.ts";
import { deepFreeze } from "#apimachinery/freeze.ts";
import type { Cycle, NodeInfo, Plugin, Resources } from "#scheduler/plugin.ts";
import { nodeDeclaredFeatures } from "#scheduler/plugins/node-declared-features.ts";
import { plugins } from "#scheduler/plugins/registry.ts";

const gibibyte = 1024 ** 3;
const key = fc.constantFrom("disk", "team", "zone");
const value = fc.constantFrom("a", "b");
const effect = fc.constantFrom("NoSchedule", "NoExecute", "PreferNoSchedule");
const labels = fc.dictionary(key, value, { maxKeys: 3 });
const image = fc.constantFrom("nginx", "docker.io/library/redis:7", "example.com/app:1");
const restartAll = "RestartAllContainers";
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const expression = fc.record({
  key,
  operator: fc.constantFrom("In", "NotIn", "Exists", "DoesNotExist"),
  values: fc.array(value, { minLength: 1, maxLength: 2 }),
});
const term = fc.record({ matchExpressions: fc.array(expression, { minLength: 1, maxLength: 2 }) });

const pod: fc.Arbitrary<V1Pod> = fc
  .record({
    nodeName: optional(fc.constantFrom("node-0", "node-1", "elsewhere")),
    nodeSelector: optional(labels),
    tolerations: optional(
      fc.array(
        fc.record({
          key: optional(key),
          operator: fc.constantFrom("Exists", "Equal"),
          value: optional(value),
          effect: optional(effect),
        }),
        { maxLength: 2 },
      ),
    ),
    affinity: optional(
      fc.record({
        nodeAffinity: fc.record({
          requiredDuringSchedulingIgnoredDuringExecution: optional(
            fc.record({ nodeSelectorTerms: fc.array(term, { minLength: 1, maxLength: 2 }) }),
          ),
          preferredDuringSchedulingIgnoredDuringExecution: optional(
            fc.array(fc.record({ weight: fc.integer({ min: 1, max: 100 }), preference: term }), {
              maxLength: 3,
            }),
          ),
        }),
      }),
    ),
    containers: fc.array(
      fc.record({
        name: fc.constant("c"),
        image,
        restartPolicyRules: optional(
          fc.array(fc.record({ action: fc.constantFrom("Restart", restartAll) }), { maxLength: 2 }),
        ),
        ports: optional(
          fc.array(
            fc.record({
              containerPort: fc.constant(80),
              hostPort: optional(fc.constantFrom(80, 443)),
            }),
            { maxLength: 2 },
          ),
        ),
        resources: optional(
          fc.record({
            requests: fc.record({
              cpu: fc.constantFrom("0", "100m", "3", "64"),
              memory: fc.constantFrom("0", "1Gi", "100Gi"),
            }),
          }),
        ),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  })
  .map(
    (spec) =>
      ({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "p", namespace: "default" },
        spec: defined(spec),
      }) as unknown as V1Pod,
  );

/** JSON's view of it: what is undefined is not there. */
const defined = <T>(object: T): T => JSON.parse(JSON.stringify(object)) as T;

const resources = (cpuMillis: number, memoryBytes: number, pods = 110): Resources => ({
  cpuMillis,
  memoryBytes,
  ephemeralBytes: 0,
  scalars: new Map([["pods", pods]]),
});

const nodeInfos: fc.Arbitrary<readonly NodeInfo[]> = fc
  .array(
    fc.record({
      labels,
      unschedulable: fc.boolean(),
      taints: fc.array(fc.record({ key, value, effect }), { maxLength: 2 }),
      usedCpu: fc.integer({ min: 0, max: 4_000 }),
      usedMemory: fc.integer({ min: 0, max: 8 }),
      podCount: fc.constantFrom(0, 5, 110),
      pods: fc.array(pod, { maxLength: 2 }),
      images: fc.array(image, { maxLength: 2 }),
      declaredFeatures: optional(fc.constant(declaredFeatures)),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((all) =>
    all.map((one, i) => {
      const node = {
        apiVersion: "v1",
        kind: "Node",
        metadata: { name: `node-${i}`, labels: one.labels },
        spec: { unschedulable: one.unschedulable, taints: one.taints },
        status: { declaredFeatures: one.declaredFeatures },
      };
      return deepFreeze({
        node: defined(node) as unknown as V1Node,
        pods: one.pods,
        requested: resources(one.usedCpu, one.usedMemory * gibibyte),
        nonZeroRequested: resources(one.usedCpu + 100, one.usedMemory * gibibyte),
        allocatable: resources(4_000, 8 * gibibyte),
        podCount: one.podCount,
        images: new Map(one.images.map((name) => [name, 500_000_000])),
      });
    }),
  );

const cycles: fc.Arbitrary<Cycle> = fc
  .record({ pod, nodes: nodeInfos })
  .map(({ pod: asked, nodes }) => ({
    pod: deepFreeze(asked),
    nodes,
    nodesWithImage: (name) => nodes.filter(({ images }) => images.has(name)).length,
  }));

/** All that a plugin says of a cycle, as data. */
function said(plugin: Plugin, cycle: Cycle): { verdicts: unknown[]; scores: readonly number[] } {
  const before = plugin.preFilter?.(cycle) ?? { state: undefined };
  if ("refuse" in before) return { verdicts: [before.refuse], scores: [] };
  const verdicts =
    plugin.filter === undefined
      ? []
      : cycle.nodes.map((node) => plugin.filter!(cycle, node, before.state));
  const scoring = plugin.preScore?.(cycle, cycle.nodes) ?? { state: undefined };
  if (plugin.score === undefined || scoring === "skip") return { verdicts, scores: [] };
  const raw = cycle.nodes.map((node) => plugin.score!(cycle, node, scoring.state));
  return { verdicts, scores: plugin.normalize?.(raw, cycle, cycle.nodes, scoring.state) ?? raw };
}

describe.each(plugins.map((plugin) => [plugin.name, plugin] as const))("%s", (_, plugin) => {
  test("filters or scores, and scores with a weight", () => {
    expect(plugin.filter ?? plugin.score).toBeDefined();
    expect(plugin.score !== undefined).toBe((plugin.weight ?? 0) > 0);
  });

  // Its input is frozen: a plugin that writes to it throws.
  test("says the same of the same, gives reasons, scores from 0 to 100", () => {
    fc.assert(
      fc.property(cycles, (cycle) => {
        const { verdicts, scores } = said(plugin, cycle);
        expect(said(plugin, cycle)).toEqual({ verdicts, scores });
        for (const verdict of verdicts as {
          ok: boolean;
          reasons?: readonly string[];
          resolvable?: boolean;
        }[]) {
          if (verdict.ok) continue;
          expect(verdict.reasons!.length).toBeGreaterThan(0);
          for (const reason of verdict.reasons!)
            expect(reason).toMatch(/^(node\(s\) |Insufficient |Too many pods)/);
          expect(typeof verdict.resolvable).toBe("boolean");
        }
        for (const score of scores) {
          expect(Number.isInteger(score)).toBe(true);
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(100);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("what it refuses may become possible: it waits for something", () => {
    expect(plugin.requeueOn.length > 0).toBe(plugin.filter !== undefined);
  });
});

test("no two have one name", () => {
  expect(new Set(plugins.map(({ name }) => name)).size).toBe(plugins.length);
});

test("a Pod that restarts all its containers needs a node that can", () => {
  fc.assert(
    fc.property(cycles, (cycle) => {
      const rules = cycle.pod.spec!.containers.flatMap((one) => one.restartPolicyRules ?? []);
      const isNeeded = rules.some(({ action }) => action === restartAll);
      const { verdicts } = said(nodeDeclaredFeatures as Plugin, cycle);
      const reasons = ["node(s) didn't match Pod's required features"];
      expect(verdicts).toEqual(
        cycle.nodes.map(({ node: { status } }) =>
          isNeeded && status?.declaredFeatures === undefined
            ? { ok: false, reasons, resolvable: false }
            : { ok: true },
        ),
      );
    }),
  );
});
