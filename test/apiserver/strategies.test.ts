/**
 * What strategies allow, kind by kind. Upstream: AllowCreateOnUpdate, PrepareForUpdate and
 * DefaultGarbageCollectionPolicy of pkg/registry/<group>/<kind>/strategy.go.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { resources } from "#apimachinery/api/schema.ts";
import { type Api, type Json, newApi } from "#test/support/api.ts";
import { sampleOf } from "./samples.ts";

let api: Api;
beforeAll(async () => {
  api = await newApi();
});

const merge = { "content-type": "application/merge-patch+json" };
const all = resources
  .filter(({ verbs }) => verbs.includes("create") && verbs.includes("update"))
  .map((fact) => {
    const { group, version, kind, plural, namespaced } = fact;
    const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
    const gvk = `${group === "" ? version : `${group}/${version}`}/${kind}`;
    const collection = namespaced ? `${root}/namespaces/default/${plural}` : `${root}/${plural}`;
    return { ...fact, gvk, collection };
  });

const createdByUpdate = new Set([
  "v1/Endpoints",
  "v1/Event",
  "events.k8s.io/v1/Event",
  "v1/LimitRange",
  "v1/Service",
  "coordination.k8s.io/v1/Lease",
  "node.k8s.io/v1/RuntimeClass",
  "rbac.authorization.k8s.io/v1/ClusterRole",
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding",
  "rbac.authorization.k8s.io/v1/Role",
  "rbac.authorization.k8s.io/v1/RoleBinding",
]);
test.each(all)("$gvk: an update of what is not there", async ({ gvk, collection, namespaced }) => {
  const sample = sampleOf(gvk, namespaced) as Json;
  const path = `${collection}/${sample.metadata.name}?dryRun=All`;
  const { code } = await api.request("PUT", path, sample);
  expect(code).toBe(createdByUpdate.has(gvk) ? 201 : 404);
});

const labelsKept = new Set([
  "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy",
  "apiregistration.k8s.io/v1/APIService",
  "apps/v1/Deployment",
  "flowcontrol.apiserver.k8s.io/v1/FlowSchema",
  "flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration",
  "networking.k8s.io/v1/ServiceCIDR",
  "resource.k8s.io/v1/ResourceClaim",
  "storage.k8s.io/v1/VolumeAttachment",
]);
const annotationsKept = new Set([...labelsKept].filter((gvk) => gvk !== "apps/v1/Deployment"));
describe("a writer of the status", () => {
  test.each(all.filter(({ subresources }) => subresources?.["status"] !== undefined))(
    "of $gvk",
    async ({ gvk, collection, namespaced }) => {
      const sample = sampleOf(gvk, namespaced) as Json;
      const { name } = sample.metadata;
      const { code } = await api.request("POST", collection, sample);
      expect(code).toBe(201);
      const metadata = { labels: { by: "status" }, annotations: { by: "status" } };
      const { body } = await api.request(
        "PATCH",
        `${collection}/${name}/status`,
        { metadata },
        merge,
      );
      expect([body.metadata.labels?.by, body.metadata.annotations?.by]).toEqual([
        labelsKept.has(gvk) ? undefined : "status",
        annotationsKept.has(gvk) ? undefined : "status",
      ]);
      await api.request("DELETE", `${collection}/${name}`);
    },
  );
});

describe("generations", () => {
  const generationOf = async (path: string): Promise<number | undefined> =>
    (await api.get(path)).metadata.generation;
  test.each<[string, string, Json, readonly (number | undefined)[]]>([
    [
      "counts what drivers change, from nothing",
      "storage.k8s.io/v1/CSIDriver",
      { spec: { requiresRepublish: true } },
      [undefined, 1],
    ],
    [
      "an autoscaler has none",
      "autoscaling/v2/HorizontalPodAutoscaler",
      { spec: { maxReplicas: 77 } },
      [undefined, undefined],
    ],
    [
      "a priority class has one for ever",
      "scheduling.k8s.io/v1/PriorityClass",
      { description: "other" },
      [1, 1],
    ],
    [
      "a policy counts",
      "networking.k8s.io/v1/NetworkPolicy",
      { spec: { policyTypes: ["Egress"] } },
      [1, 2],
    ],
  ])("%s", async (_, gvk, patch, expected) => {
    const { collection, namespaced } = all.find((one) => one.gvk === gvk)!;
    const sample = sampleOf(gvk, namespaced) as Json;
    const path = `${collection}/${sample.metadata.name}`;
    expect((await api.request("POST", collection, sample)).code).toBe(201);
    const before = await generationOf(path);
    expect((await api.request("PATCH", path, patch, merge)).code).toBe(200);
    expect([before, await generationOf(path)]).toEqual(expected);
    await api.request("DELETE", path);
  });
});

describe("a deletion that says nothing of dependents", () => {
  const batch = "/apis/batch/v1/namespaces/default/jobs";
  const job = (name: string): Json => ({
    metadata: { name, finalizers: ["example.com/wait"] },
    spec: {
      suspend: true,
      template: { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "busybox" }] } },
    },
  });
  const warning =
    '299 - "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning"';
  test.each<[string, Json, readonly string[], string | null]>([
    ["leaves a Job's Pods, and says so", undefined, ["example.com/wait", "orphan"], warning],
    ["not so in the background", { propagationPolicy: "Background" }, ["example.com/wait"], null],
    [
      "not so in the foreground",
      { propagationPolicy: "Foreground" },
      ["example.com/wait", "foregroundDeletion"],
      null,
    ],
    [
      "asked for, it is no surprise",
      { orphanDependents: true },
      ["example.com/wait", "orphan"],
      null,
    ],
  ])("%s", async (name, options, finalizers, warned) => {
    const path = `${batch}/job-${finalizers.length}-${name.length}`;
    await api.request("POST", batch, job(path.slice(batch.length + 1)));
    const { body, headers } = await api.request("DELETE", path, options);
    expect([body.metadata.finalizers, headers.get("warning")]).toEqual([finalizers, warned]);
  });
});

test("an Event goes at once, whatever is said of its dependents", async () => {
  const events = "/api/v1/namespaces/default/events";
  await api.request("POST", events, sampleOf("v1/Event", true));
  const { name } = (sampleOf("v1/Event", true) as Json).metadata;
  const { body } = await api.request("DELETE", `${events}/${name}`, {
    propagationPolicy: "Foreground",
  });
  expect([body.kind, body.status]).toEqual(["Status", "Success"]);
});
