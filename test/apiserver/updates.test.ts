/** What a write must say about the version it knew, and what a patch may not make of a field. */
import { describe, expect, test } from "vitest";
import { newApi } from "#test/support/api.ts";

const api = await newApi();
const maps = "/api/v1/namespaces/default/configmaps";
const settings = (metadata: object = {}): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings", ...metadata },
});
await api.request("POST", maps, settings());

describe("a PUT without a version", () => {
  test.each([{}, { resourceVersion: "" }, { resourceVersion: "0" }])("%j", async (metadata) => {
    const { code } = await api.request("PUT", `${maps}/settings`, settings(metadata));
    expect(code).toBe(200);
  });
  test.each<[string, string, object]>([
    ["apis/policy/v1/namespaces/default/poddisruptionbudgets", "PodDisruptionBudget", {}],
    ["apis/node.k8s.io/v1/runtimeclasses", "RuntimeClass", { handler: "runc" }],
    ["apis/storage.k8s.io/v1/csidrivers", "CSIDriver", { spec: {} }],
    ["apis/storage.k8s.io/v1/csinodes", "CSINode", { spec: { drivers: [] } }],
    ["apis/coordination.k8s.io/v1/namespaces/default/leases", "Lease", { spec: {} }],
  ])("is refused by %s", async (path, kind, more) => {
    const [, group = "", version = ""] = path.split("/");
    const object = { apiVersion: `${group}/${version}`, kind, metadata: { name: "a" }, ...more };
    expect((await api.request("POST", `/${path}`, object)).code).toBe(201);
    const { code, body } = await api.request("PUT", `/${path}/a`, object);
    expect([code, body.message]).toEqual([
      422,
      `${path.split("/").at(-1)}.${group} "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update`,
    ]);
  });
});

describe("a strategic patch that makes another sort of a field", () => {
  test.each<[object, string]>([
    [
      { metadata: { labels: "none" } },
      '"map[metadata:map[labels:none]]": cannot restore map from string',
    ],
    [{ metadata: 7 }, '"map[metadata:7]": cannot restore struct from: int64'],
    [
      { metadata: { finalizers: { a: "b" } } },
      '"map[metadata:map[finalizers:map[a:b]]]": cannot restore slice from map',
    ],
    [{ data: { a: 1 } }, '"map[data:map[a:1]]": cannot convert int64 to string'],
    [{ immutable: "yes" }, '"map[immutable:yes]": unrecognized type: bool'],
  ])("%j", async (patch, message) => {
    const { code, body } = await api.request("PATCH", `${maps}/settings`, patch, {
      "content-type": "application/strategic-merge-patch+json",
    });
    expect([code, body.message]).toEqual([422, ` "" is invalid: patch: Invalid value: ${message}`]);
  });
  test("a merge patch is told in JSON's words", async () => {
    const { body } = await api.request(
      "PATCH",
      `${maps}/settings`,
      { data: { a: 1 } },
      { "content-type": "application/merge-patch+json" },
    );
    expect(body.message).toContain(
      "json: cannot unmarshal number into Go struct field ConfigMap.data of type string",
    );
  });
});

test("a Pod that is replaced keeps the tolerations that every Pod has", async () => {
  const pods = "/api/v1/namespaces/default/pods";
  const pod = (image: string, more: object = {}): object => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "bare" },
    spec: { automountServiceAccountToken: false, containers: [{ name: "c", image }], ...more },
  });
  await api.request("POST", pods, pod("nginx:1"));
  const { body } = await api.request("PUT", `${pods}/bare`, pod("nginx:2"));
  expect(body.message ?? "").not.toContain("tolerations:");
});
