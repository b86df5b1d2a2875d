/** LimitRange and ResourceQuota: what they fill in, refuse and count, in upstream's words. */
import { expect, test } from "vitest";
import { type Json, newApi } from "#test/support/api.ts";

const api = await newApi();
const post = async (path: string, body: Json): Promise<Json> => {
  const { code, body: answer } = await api.request("POST", path, body);
  return code < 300 ? answer : { refused: `${code} ${answer.message}` };
};
const merge = { "content-type": "application/merge-patch+json" };
const ns = (name: string, plural: string): string => `/api/v1/namespaces/${name}/${plural}`;
async function namespace(name: string): Promise<void> {
  await post("/api/v1/namespaces", { metadata: { name } });
  await api.advance("1s");
}
const pod = (name: string, resources: Json = {}, spec: Json = {}): Json => ({
  metadata: { name },
  spec: { containers: [{ name: "main", image: "nginx", resources }], ...spec },
});
const used = async (space: string, name: string): Promise<Json> =>
  (await api.get(`${ns(space, "resourcequotas")}/${name}`)).status.used;

await namespace("limits");
await post(ns("limits", "limitranges"), {
  metadata: { name: "usual" },
  spec: {
    limits: [
      {
        type: "Container",
        default: { cpu: "500m", memory: "256Mi" },
        defaultRequest: { cpu: "100m", memory: "128Mi" },
        min: { cpu: "50m" },
        max: { cpu: "1" },
        maxLimitRequestRatio: { cpu: "10" },
      },
      { type: "Pod", max: { cpu: "1500m" } },
      { type: "PersistentVolumeClaim", min: { storage: "1Gi" }, max: { storage: "5Gi" } },
    ],
  },
});

test("containers get what they leave out, and the Pod says so", async () => {
  const made = await post(ns("limits", "pods"), {
    ...pod("plain", { limits: { cpu: "200m" } }),
    spec: {
      initContainers: [{ name: "first", image: "busybox" }],
      containers: [{ name: "main", image: "nginx", resources: { limits: { cpu: "200m" } } }],
    },
  });
  expect(made.spec.containers[0].resources).toEqual({
    limits: { cpu: "200m", memory: "256Mi" },
    requests: { cpu: "200m", memory: "128Mi" },
  });
  expect(made.metadata.annotations["kubernetes.io/limit-ranger"]).toBe(
    "LimitRanger plugin set: memory request for container main; memory limit for container main; cpu, memory request for init container first; cpu, memory limit for init container first",
  );
});

test.each<[string, Json, string]>([
  [
    "less than the least",
    { requests: { cpu: "10m" }, limits: { cpu: "100m" } },
    "minimum cpu usage per Container is 50m, but request is 10m",
  ],
  [
    "more than the most",
    { requests: { cpu: "1" }, limits: { cpu: "1200m" } },
    "maximum cpu usage per Container is 1, but limit is 1200m",
  ],
  [
    "a limit far above its request",
    { requests: { cpu: "50m" }, limits: { cpu: "900m" } },
    "cpu max limit to request ratio per Container is 10, but provided ratio is 18.000000",
  ],
])("a container may not have %s", async (_, resources, why) => {
  expect(await post(ns("limits", "pods"), pod("p", resources))).toEqual({
    refused: `403 pods "p" is forbidden: ${why}`,
  });
});

test("nor may its Pod, and all violations are told", async () => {
  const one = { image: "nginx", resources: { requests: { cpu: "20m" }, limits: { cpu: "1" } } };
  const spec = {
    containers: [
      { name: "a", ...one },
      { name: "b", ...one },
    ],
  };
  expect(await post(ns("limits", "pods"), { metadata: { name: "p" }, spec })).toEqual({
    refused:
      '403 pods "p" is forbidden: [minimum cpu usage per Container is 50m, but request is 20m, cpu max limit to request ratio per Container is 10, but provided ratio is 50.000000, maximum cpu usage per Pod is 1500m, but limit is 2]',
  });
});

test("claims have bounds", async () => {
  const claim = (storage: string): Json => ({
    metadata: { name: "c" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
  });
  expect(await post(ns("limits", "persistentvolumeclaims"), claim("9Gi"))).toEqual({
    refused:
      '403 persistentvolumeclaims "c" is forbidden: maximum storage usage per PersistentVolumeClaim is 5Gi, but request is 9Gi',
  });
});

const quota = (name: string, hard: Json, spec: Json = {}): Json => ({
  metadata: { name },
  spec: { hard, ...spec },
});

test("a quota counts what is there, what comes, and what goes", async () => {
  await namespace("counted");
  await post(ns("counted", "pods"), pod("old", { requests: { cpu: "100m" } }));
  await post(
    ns("counted", "resourcequotas"),
    quota("q", {
      "requests.cpu": "250m",
      pods: "3",
      "count/configmaps": "3",
      "count/deployments.apps": "1",
      "requests.example.com/gpu": "2",
    }),
  );
  await api.advance("1s");
  expect(await used("counted", "q")).toEqual({
    "requests.cpu": "100m",
    pods: "1",
    "count/configmaps": "1",
    "count/deployments.apps": "0",
    "requests.example.com/gpu": "0",
  });
  await post(ns("counted", "pods"), pod("new", { requests: { cpu: "150m" } }));
  // At once, before any controller has had its turn.
  expect((await used("counted", "q"))["requests.cpu"]).toBe("250m");
  expect(await post(ns("counted", "pods"), pod("more", { requests: { cpu: "1m" } }))).toEqual({
    refused:
      '403 pods "more" is forbidden: exceeded quota: q, requested: requests.cpu=1m, used: requests.cpu=250m, limited: requests.cpu=250m',
  });
  expect(await post(ns("counted", "pods"), pod("silent"))).toEqual({
    refused: '403 pods "silent" is forbidden: failed quota: q: must specify requests.cpu for: main',
  });
  await api.request("DELETE", `${ns("counted", "pods")}/old?gracePeriodSeconds=0`);
  await api.advance("5s");
  expect(await used("counted", "q")).toMatchObject({ "requests.cpu": "150m", pods: "1" });
  for (const name of ["a", "b"]) await post(ns("counted", "configmaps"), { metadata: { name } });
  expect(await post(ns("counted", "configmaps"), { metadata: { name: "c" } })).toEqual({
    refused:
      '403 configmaps "c" is forbidden: exceeded quota: q, requested: count/configmaps=1, used: count/configmaps=3, limited: count/configmaps=3',
  });
});

test("a dry run takes nothing", async () => {
  await namespace("dry");
  await post(ns("dry", "resourcequotas"), quota("q", { "count/secrets": "1" }));
  await api.advance("1s");
  await post(`${ns("dry", "secrets")}?dryRun=All`, { metadata: { name: "s" } });
  expect(await used("dry", "q")).toEqual({ "count/secrets": "0" });
});

test("before it was counted for the first time, it limits nothing", async () => {
  await namespace("early");
  await post(ns("early", "resourcequotas"), quota("q", { "count/secrets": "1" }));
  expect(await post(ns("early", "secrets"), { metadata: { name: "s" } })).toMatchObject({
    metadata: { name: "s" },
  });
});

test.each<[string, Json, Json, boolean]>([
  ["BestEffort", { scopes: ["BestEffort"] }, {}, true],
  [
    "BestEffort and not",
    { scopes: ["BestEffort"] },
    { resources: { requests: { cpu: "1m" } } },
    false,
  ],
  [
    "NotBestEffort",
    { scopes: ["NotBestEffort"] },
    { resources: { limits: { memory: "1Mi" } } },
    true,
  ],
  ["Terminating", { scopes: ["Terminating"] }, { spec: { activeDeadlineSeconds: 5 } }, true],
  ["NotTerminating", { scopes: ["NotTerminating"] }, { spec: { activeDeadlineSeconds: 5 } }, false],
  [
    "PriorityClass",
    {
      scopeSelector: {
        matchExpressions: [
          { scopeName: "PriorityClass", operator: "In", values: ["system-node-critical"] },
        ],
      },
    },
    { spec: { priorityClassName: "system-node-critical" } },
    true,
  ],
  [
    "PriorityClass of another name",
    {
      scopeSelector: {
        matchExpressions: [{ scopeName: "PriorityClass", operator: "In", values: ["a"] }],
      },
    },
    { spec: { priorityClassName: "system-node-critical" } },
    false,
  ],
  [
    "CrossNamespacePodAffinity",
    { scopes: ["CrossNamespacePodAffinity"] },
    {
      spec: {
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: "a", labelSelector: {}, namespaceSelector: {} },
            ],
          },
        },
      },
    },
    true,
  ],
])("scope %s", async (title, scope, { resources, spec }, isCounted) => {
  const name = `scope-${title.toLowerCase().replaceAll(" ", "-")}`;
  await namespace(name);
  await post(ns(name, "resourcequotas"), quota("q", { pods: "0" }, scope));
  await api.advance("1s");
  const answer = await post(ns(name, "pods"), pod("p", resources, spec));
  expect(answer.refused !== undefined).toBe(isCounted);
});

test("services count by their kind, claims by their class", async () => {
  await namespace("kinds");
  await post(
    ns("kinds", "resourcequotas"),
    quota("q", {
      "services.nodeports": "1",
      "services.loadbalancers": "0",
      "gold.storageclass.storage.k8s.io/requests.storage": "2Gi",
    }),
  );
  await api.advance("1s");
  const service = (name: string, type: string): Json => ({
    metadata: { name },
    spec: { type, selector: { a: "b" }, ports: [{ port: 80 }] },
  });
  expect((await post(ns("kinds", "services"), service("one", "NodePort"))).refused).toBeUndefined();
  expect((await post(ns("kinds", "services"), service("two", "LoadBalancer"))).refused).toBe(
    '403 services "two" is forbidden: exceeded quota: q, requested: services.loadbalancers=1,services.nodeports=1, used: services.loadbalancers=0,services.nodeports=1, limited: services.loadbalancers=0,services.nodeports=1',
  );
  await post(ns("kinds", "services"), service("three", "ClusterIP"));
  const patched = await api.request(
    "PATCH",
    `${ns("kinds", "services")}/three`,
    { spec: { type: "NodePort" } },
    merge,
  );
  expect([patched.code, patched.body.message]).toEqual([
    403,
    'services "three" is forbidden: exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=1, limited: services.nodeports=1',
  ]);
  const claim = {
    metadata: { name: "c" },
    spec: {
      storageClassName: "gold",
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "3Gi" } },
    },
  };
  expect((await post(ns("kinds", "persistentvolumeclaims"), claim)).refused).toContain(
    "exceeded quota: q, requested: gold.storageclass.storage.k8s.io/requests.storage=3Gi",
  );
});

test("who asks for a whole Pod need not ask for its containers", async () => {
  await namespace("whole");
  await post(ns("whole", "resourcequotas"), quota("q", { "requests.cpu": "1", "limits.cpu": "2" }));
  await api.advance("1s");
  const resources = { requests: { cpu: "500m" }, limits: { cpu: "1" } };
  expect((await post(ns("whole", "pods"), pod("p", {}, { resources }))).refused).toBeUndefined();
  expect(await used("whole", "q")).toEqual({ "requests.cpu": "500m", "limits.cpu": "1" });
});

test("what a Pod leaves out is told before what is used up", async () => {
  await namespace("both");
  await post(ns("both", "resourcequotas"), quota("a", { pods: "0" }));
  await post(ns("both", "resourcequotas"), quota("b", { "requests.memory": "1Gi" }));
  await api.advance("1s");
  expect(await post(ns("both", "pods"), pod("p"))).toEqual({
    refused: '403 pods "p" is forbidden: failed quota: b: must specify requests.memory for: main',
  });
});

test("a Pod that gets a deadline comes under another quota", async () => {
  await namespace("deadline");
  await post(ns("deadline", "resourcequotas"), quota("long", { pods: "2" }, notTerminating));
  await post(ns("deadline", "resourcequotas"), quota("short", { pods: "1" }, terminating));
  await api.advance("1s");
  for (const name of ["a", "b"]) await post(ns("deadline", "pods"), pod(name));
  const limit = async (name: string): Promise<Json> => {
    const body = { spec: { activeDeadlineSeconds: 9999 } };
    return (await api.request("PATCH", `${ns("deadline", "pods")}/${name}`, body, merge)).body;
  };
  expect((await limit("a")).spec.activeDeadlineSeconds).toBe(9999);
  expect(await used("deadline", "short")).toEqual({ pods: "1" });
  expect((await limit("b")).message).toBe(
    'pods "b" is forbidden: exceeded quota: short, requested: pods=1, used: pods=1, limited: pods=1',
  );
  await api.advance("1s");
  expect(await used("deadline", "long")).toEqual({ pods: "1" });
});
const terminating = { scopes: ["Terminating"] };
const notTerminating = { scopes: ["NotTerminating"] };

const resizes = { "content-type": "application/strategic-merge-patch+json" };
const resize = async (space: string, name: string, resources: Json): Promise<Json> => {
  const body = { spec: { containers: [{ name: "main", resources }] } };
  return (await api.request("PATCH", `${ns(space, "pods")}/${name}/resize`, body, resizes)).body;
};

test("what a resize leaves out is filled in, and nothing else of the Pod", async () => {
  await namespace("resized");
  await post(ns("resized", "pods"), pod("p", { requests: { cpu: "100m" } }));
  await post(ns("resized", "limitranges"), {
    metadata: { name: "usual" },
    spec: { limits: [{ type: "Container", defaultRequest: { memory: "64Mi" } }] },
  });
  const { metadata, spec } = await resize("resized", "p", { requests: { cpu: "200m" } });
  expect(spec.containers[0].resources).toEqual({ requests: { cpu: "200m", memory: "64Mi" } });
  expect(metadata.annotations).toBeUndefined();
});

test("a Pod that is being resized counts for what it has, until it has less", async () => {
  await namespace("smaller");
  await post(
    ns("smaller", "resourcequotas"),
    quota("q", { "requests.cpu": "1", "limits.cpu": "2" }),
  );
  await api.advance("1s");
  const large = { requests: { cpu: "500m" }, limits: { cpu: "1" } };
  const small = { requests: { cpu: "200m" }, limits: { cpu: "400m" } };
  const tell = async (has: Json, more: Json = {}): Promise<void> => {
    const one = { name: "main", image: "nginx", imageID: "", ready: true, restartCount: 0 };
    const told = { ...one, resources: has, allocatedResources: has.requests };
    const status = { containerStatuses: [told], ...more };
    await api.request("PATCH", `${ns("smaller", "pods")}/p/status`, { status }, merge);
    await api.advance("1s");
  };
  await post(ns("smaller", "pods"), pod("p", large, { schedulerName: "nobody" }));
  await tell(large);
  await resize("smaller", "p", small);
  await api.advance("1s");
  expect(await used("smaller", "q")).toEqual({ "requests.cpu": "500m", "limits.cpu": "1" });
  await tell(small);
  expect(await used("smaller", "q")).toEqual({ "requests.cpu": "200m", "limits.cpu": "400m" });
  await resize("smaller", "p", large);
  expect(await used("smaller", "q")).toEqual({ "requests.cpu": "500m", "limits.cpu": "1" });
  await tell(small, {
    conditions: [{ type: "PodResizePending", status: "True", reason: "Infeasible" }],
  });
  expect(await used("smaller", "q")).toEqual({ "requests.cpu": "200m", "limits.cpu": "400m" });
});
