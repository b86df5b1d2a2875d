/** Devices and the world around them: namespaces that are labelled, users who may bind, what the server keeps. */
import { beforeAll, expect, test } from "vitest";
import { type Api, newApi } from "#test/support/api.ts";

let api: Api;
const group = "/apis/resource.k8s.io/v1";
const claims = `${group}/namespaces/default/resourceclaims`;
const claim = (name: string, adminAccess = false): object => ({
  metadata: { name },
  spec: {
    devices: { requests: [{ name: "a", exactly: { deviceClassName: "gpu", adminAccess } }] },
  },
});
const result = { request: "a", driver: "a.example", pool: "n", device: "d" };
const told = { driver: "a.example", pool: "n", device: "d" };
const driver = { "impersonate-user": "driver" };
const merge = { "content-type": "application/merge-patch+json" };

beforeAll(async () => {
  api = await newApi();
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  await api.request("POST", `${rbac}/clusterroles`, {
    metadata: { name: "driver" },
    rules: [
      {
        apiGroups: ["resource.k8s.io"],
        resources: ["resourceclaims", "resourceclaims/status"],
        verbs: ["get", "patch"],
      },
      {
        apiGroups: ["resource.k8s.io"],
        resources: ["resourceclaims/driver"],
        resourceNames: ["b.example"],
        verbs: ["arbitrary-node:patch"],
      },
    ],
  });
  await api.request("POST", `${rbac}/clusterrolebindings`, {
    metadata: { name: "driver" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "driver" },
    subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "driver" }],
  });
});

test("devices that are in use are for labelled namespaces", async () => {
  const refused = await api.request("POST", claims, claim("admin", true));
  expect(refused).toMatchObject({
    code: 422,
    body: {
      message:
        'ResourceClaim.resource.k8s.io "admin" is invalid: spec.devices.requests[0].adminAccess: Forbidden: admin access to devices requires the `resource.kubernetes.io/admin-access: true` label on the containing namespace',
    },
  });
  const template = {
    metadata: { name: "admin" },
    spec: { spec: (claim("admin", true) as { spec: object }).spec },
  };
  const templates = `${group}/namespaces/default/resourceclaimtemplates`;
  expect((await api.request("POST", templates, template)).code).toBe(422);
  const labels = { "resource.kubernetes.io/admin-access": "true" };
  await api.request("PATCH", "/api/v1/namespaces/default", { metadata: { labels } }, merge);
  expect((await api.request("POST", claims, claim("admin", true))).code).toBe(201);
  expect((await api.request("POST", templates, template)).code).toBe(201);
});

test("an allocation is the scheduler's to write, a device its driver's", async () => {
  await api.request("POST", claims, claim("mine"));
  const path = `${claims}/mine/status`;
  const allocation = { devices: { results: [result, { ...result, driver: "b.example" }] } };
  const binding = await api.request(
    "PATCH",
    path,
    { status: { allocation } },
    { ...merge, ...driver },
  );
  expect(binding).toMatchObject({
    code: 422,
    body: {
      message:
        'ResourceClaim.resource.k8s.io "mine" is invalid: status.allocation: Forbidden: changing status.allocation or status.reservedFor requires resource="resourceclaims/binding", verb="patch" permission: resourceclaims.resource.k8s.io is forbidden: User "driver" cannot patch resource "resourceclaims/binding" in API group "resource.k8s.io" at the cluster scope',
    },
  });
  expect((await api.request("PATCH", path, { status: { allocation } }, merge)).code).toBe(200);
  const tell = (devices: readonly object[]) =>
    api.request("PATCH", path, { status: { devices } }, { ...merge, ...driver });
  expect(await tell([told])).toMatchObject({
    code: 422,
    body: {
      message:
        'ResourceClaim.resource.k8s.io "mine" is invalid: status.devices: Forbidden: changing status.devices requires resource="resourceclaims/driver", verb="[arbitrary-node:patch]" permission: resourceclaims.resource.k8s.io "a.example" is forbidden: User "driver" cannot arbitrary-node:patch resource "resourceclaims/driver" in API group "resource.k8s.io" in the namespace "default"',
    },
  });
  expect((await tell([{ ...told, driver: "b.example" }])).code).toBe(200);
});

test("a device that is taken away takes what was told of it", async () => {
  const path = `${claims}/mine/status`;
  const { body } = await api.request("PATCH", path, { status: { allocation: null } }, merge);
  expect(body.status).toEqual({});
});

test("the server keeps of a slice what this version knows", async () => {
  const { body, headers } = await api.request("POST", `${group}/resourceslices`, {
    metadata: { name: "s" },
    spec: {
      driver: "A.example",
      pool: { name: "n", resourceSliceCount: 1, generation: 1 },
      allNodes: true,
      devices: [
        {
          name: "d",
          attributes: { model: { string: "x", strings: ["y"] } },
          taints: [{ key: "a", effect: "NoSchedule" }],
          nodeAllocatableResourceMappings: { cpu: {} },
        },
      ],
    },
  });
  expect(headers.get("warning")).toBe(
    '299 - "spec.driver: driver names should be lowercase; \\"A.example\\" contains uppercase characters"',
  );
  expect(body.spec.devices).toEqual([
    {
      name: "d",
      attributes: { model: { string: "x" } },
      taints: [{ key: "a", effect: "NoSchedule", timeAdded: body.metadata.creationTimestamp }],
    },
  ]);
});
