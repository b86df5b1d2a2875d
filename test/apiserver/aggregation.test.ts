import { beforeAll, expect, test } from "vitest";
import { type Api, type Json, newApi } from "#test/support/api.ts";

let api: Api;
const services = "/apis/apiregistration.k8s.io/v1/apiservices";
const table = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" };

beforeAll(async () => {
  api = await newApi();
});

test("every group version is an APIService, local and available", async () => {
  const { rows, columnDefinitions } = await api.get(services, table);
  expect(columnDefinitions.map(({ name }: Json) => name)).toEqual([
    "Name",
    "Service",
    "Available",
    "Age",
  ]);
  const cells = rows.map(({ cells: [name, service, available] }: Json) => [
    name,
    service,
    available,
  ]);
  expect(cells).toEqual(
    expect.arrayContaining([
      ["v1.", "Local", "True"],
      ["v1.apps", "Local", "True"],
      ["v1beta1.metrics.k8s.io", "Local", "True"],
    ]),
  );
  const { groups } = await api.get("/apis");
  // The core has one and is no group; the aggregator's group is there without one.
  expect(cells).toHaveLength(groups.flatMap(({ versions }: Json) => versions).length);
  expect((await api.request("GET", `${services}/v1.apiregistration.k8s.io`)).code).toBe(404);
  expect(await api.get(`${services}/v1.apps`)).toMatchObject({
    metadata: { labels: { "kube-aggregator.kubernetes.io/automanaged": "onstart" } },
    spec: { group: "apps", version: "v1", groupPriorityMinimum: 17_800, versionPriority: 15 },
    status: { conditions: [{ type: "Available", status: "True", reason: "Local" }] },
  });
});

test("those of definitions come and go", async () => {
  const crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const schema = { openAPIV3Schema: { type: "object" } };
  await api.request("POST", crds, {
    metadata: { name: "foos.example.com" },
    spec: {
      group: "example.com",
      scope: "Cluster",
      names: { plural: "foos", kind: "Foo" },
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  });
  await api.advance("1s");
  expect(await api.get(`${services}/v1.example.com`)).toMatchObject({
    spec: { groupPriorityMinimum: 1000, versionPriority: 100 },
  });
  await api.request("DELETE", `${crds}/foos.example.com`);
  await api.advance("1s");
  expect((await api.request("GET", `${services}/v1.example.com`)).code).toBe(404);
});

const remote = (service: Json): Json => ({
  apiVersion: "apiregistration.k8s.io/v1",
  kind: "APIService",
  metadata: { name: "v1.far.example.com" },
  spec: {
    group: "far.example.com",
    version: "v1",
    groupPriorityMinimum: 100,
    versionPriority: 100,
    service,
  },
});

test("a group version behind a Service that is not there is unavailable", async () => {
  const made = await api.request("POST", services, remote({ name: "far", namespace: "default" }));
  expect([made.code, made.body.spec.service.port]).toEqual([201, 443]);
  await api.advance("1s");
  const shown = await api.get(services, table);
  const row = shown.rows.find(({ cells }: Json) => cells[0] === "v1.far.example.com");
  expect(row.cells.slice(1, 3)).toEqual(["default/far", "False (ServiceNotFound)"]);
  for (const path of ["/apis/far.example.com/v1", "/apis/far.example.com/v1/things"]) {
    const { code, body } = await api.request("GET", path);
    expect([code, body.reason]).toEqual([503, "ServiceUnavailable"]);
  }
  await api.request("POST", "/api/v1/namespaces/default/services", {
    metadata: { name: "far" },
    spec: { selector: { app: "far" }, ports: [{ port: 443 }] },
  });
  await api.advance("2s");
  const { status } = await api.get(`${services}/v1.far.example.com`);
  expect(status.conditions[0]).toMatchObject({ status: "False", reason: "MissingEndpoints" });
});

test.each<[string, Json, string]>([
  [
    "another name",
    { ...remote({ name: "a", namespace: "b" }), metadata: { name: "v2.x" } },
    'metadata.name: Invalid value: "v2.x": must be `spec.version+"."+spec.group`: "v1.far.example.com"',
  ],
  ["no namespace of the Service", remote({ name: "a" }), "spec.service.namespace: Required value"],
])("refuses %s", async (_, body, message) => {
  const answer = await api.request("POST", services, body);
  expect(answer.code).toBe(422);
  expect(answer.body.message).toContain(message);
});

test("nodes and Pods have metrics", async () => {
  await api.request("POST", "/api/v1/namespaces/default/pods", {
    metadata: { name: "web", labels: { app: "web" } },
    spec: {
      containers: [
        { name: "web", image: "nginx", resources: { requests: { cpu: "200m", memory: "100Mi" } } },
      ],
    },
  });
  const path = "/apis/metrics.k8s.io/v1beta1";
  const none = await api.request("GET", `${path}/namespaces/default/pods/web`);
  expect([none.code, none.body.message]).toEqual([
    404,
    'podmetrics.metrics.k8s.io "default/web" not found',
  ]);
  await api.advance("60s");
  const pod = await api.get(`${path}/namespaces/default/pods/web`);
  expect(pod).toMatchObject({
    kind: "PodMetrics",
    metadata: { name: "web", namespace: "default", labels: { app: "web" } },
    window: "15s",
    containers: [{ name: "web" }],
  });
  const [{ usage }] = pod.containers;
  const [millis, mebis] = [Number.parseInt(usage.cpu) / 1e6, Number.parseInt(usage.memory) / 1024];
  expect(millis).toSatisfy((value: number) => value > 5 && value < 60);
  expect(mebis).toSatisfy((value: number) => value > 40 && value < 80);
  const chosen = await api.get(`${path}/pods?labelSelector=app=web`);
  expect(chosen.items.map(({ metadata }: Json) => metadata.name)).toEqual(["web"]);
  const { items } = await api.get(`${path}/nodes`);
  expect(items.map(({ metadata }: Json) => metadata.name)).toEqual([
    "control-plane-1",
    "worker-1",
    "worker-2",
  ]);
  // The same moment, the same numbers.
  expect(await api.get(`${path}/namespaces/default/pods/web`)).toEqual(pod);
});
