/** Paths that are no resources: discovery, health, metrics, version, OpenAPI. */
import { describe, expect, test } from "vitest";
import { newApi } from "#test/support/api.ts";

const api = await newApi();
const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

describe("discovery", () => {
  test("the groups come in the order in which clients shall prefer them", async () => {
    const { groups } = await api.get("/apis");
    expect(groups.map(({ name }: { name: string }) => name)).toEqual([
      "apiregistration.k8s.io",
      "apps",
      "events.k8s.io",
      "authentication.k8s.io",
      "authorization.k8s.io",
      "autoscaling",
      "batch",
      "certificates.k8s.io",
      "networking.k8s.io",
      "policy",
      "rbac.authorization.k8s.io",
      "storage.k8s.io",
      "admissionregistration.k8s.io",
      "apiextensions.k8s.io",
      "scheduling.k8s.io",
      "coordination.k8s.io",
      "node.k8s.io",
      "discovery.k8s.io",
      "resource.k8s.io",
      "flowcontrol.apiserver.k8s.io",
      "metrics.k8s.io",
    ]);
    expect((await api.get("/apis/autoscaling")).preferredVersion.version).toBe("v2");
  });

  test("the old form tells hashes of what is stored", async () => {
    const { resources, ...head } = await api.get("/api/v1");
    expect(head).toEqual({ kind: "APIResourceList", groupVersion: "v1" });
    const of = (wanted: string): unknown =>
      resources.find(({ name }: { name: string }) => name === wanted);
    expect(of("pods")).toEqual({
      name: "pods",
      singularName: "pod",
      namespaced: true,
      kind: "Pod",
      verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
      shortNames: ["po"],
      categories: ["all"],
      storageVersionHash: "xPOwRZ+Yhw8=",
    });
    expect(of("pods/eviction")).toEqual({
      name: "pods/eviction",
      singularName: "",
      namespaced: true,
      group: "policy",
      version: "v1",
      kind: "Eviction",
      verbs: ["create"],
    });
    expect(of("bindings")).not.toHaveProperty("storageVersionHash");
  });

  test("of an object that is kept in an older version, that one's hash", async () => {
    const hashOf = async (path: string, wanted: string): Promise<string> => {
      const { resources } = await api.get(path);
      return resources.find(({ name }: { name: string }) => name === wanted).storageVersionHash;
    };
    expect(await hashOf("/apis/apiextensions.k8s.io/v1", "customresourcedefinitions")).toBe(
      "jfWCUB31mvA=",
    );
    expect(await hashOf("/apis/admissionregistration.k8s.io/v1", "mutatingadmissionpolicies")).toBe(
      "LYmCf+UMVdg=",
    );
  });

  test.each([
    ["pods/exec", ["create", "get"]],
    ["pods/proxy", ["create", "delete", "get", "patch", "update"]],
    ["pods/log", ["get"]],
  ])("connections are verbs of the methods that make them: %s", async (name, verbs) => {
    const { resources } = await api.get("/api/v1");
    expect(resources).toContainEqual(expect.objectContaining({ name, verbs }));
  });

  test.each(["/api", "/apis"])("%s comes whole for who asks so, and not twice", async (path) => {
    const accept = `application/json;q=0.9,${aggregated}`;
    const first = await api.request("GET", path, undefined, { accept });
    expect(first.headers.get("content-type")).toBe(aggregated);
    expect(first.body).toMatchObject({
      kind: "APIGroupDiscoveryList",
      apiVersion: "apidiscovery.k8s.io/v2",
    });
    const etag = first.headers.get("etag") ?? "";
    const again = await api.request("GET", path, undefined, { accept, "if-none-match": etag });
    expect([again.code, again.headers.get("etag")]).toEqual([304, etag]);
  });

  test("a group's own kinds have no group in it", async () => {
    const { items } = await api.get("/apis", { accept: aggregated });
    const apps = items.find(
      ({ metadata }: { metadata: { name: string } }) => metadata.name === "apps",
    );
    expect(apps.versions[0].freshness).toBe("Current");
    expect(apps.versions[0].resources[2]).toMatchObject({
      resource: "deployments",
      responseKind: { group: "", version: "", kind: "Deployment" },
      scope: "Namespaced",
      singularResource: "deployment",
      shortNames: ["deploy"],
      subresources: [
        {
          subresource: "scale",
          responseKind: { group: "autoscaling", version: "v1", kind: "Scale" },
        },
        { subresource: "status", responseKind: { group: "", version: "", kind: "Deployment" } },
      ],
    });
  });

  test("the root lists what there is; what there is not is NotFound", async () => {
    const { paths } = await api.get("/");
    expect(paths).toEqual(
      expect.arrayContaining(["/api/v1", "/apis/apps/v1", "/readyz/etcd-readiness", "/version"]),
    );
    expect(paths).toEqual(paths.toSorted());
    expect((await api.request("GET", "/apis/fruit.example")).code).toBe(404);
  });
});

describe("health", () => {
  test.each([
    "/healthz",
    "/livez",
    "/readyz",
    "/livez/etcd",
    "/readyz/poststarthook/rbac/bootstrap-roles",
  ])("%s is ok", async (path) => {
    const { code, body } = await api.request("GET", path);
    expect([code, body]).toEqual([200, "ok"]);
  });
  test("verbosely, without what is excluded", async () => {
    const { body } = await api.request("GET", "/livez?verbose&exclude=etcd&exclude=luck");
    const lines = body.split("\n");
    expect(lines.slice(0, 3)).toEqual(["[+]ping ok", "[+]log ok", "[+]etcd excluded: ok"]);
    expect(lines.slice(-3)).toEqual([
      'warn: some health checks cannot be excluded: no matches for "luck"',
      "livez check passed",
      "",
    ]);
  });
  test("a hook whose work is gone is told, with everything else", async () => {
    await api.request("DELETE", "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/exempt");
    const { code, body } = await api.request("GET", "/readyz");
    expect(code).toBe(500);
    expect(body).toContain(
      "[-]poststarthook/priority-and-fairness-config-producer failed: reason withheld\n",
    );
    expect(body).toMatch(/readyz check failed\n$/);
  });
});

test("metrics count what was asked, what is stored and what the components do", async () => {
  const nodes =
    /^apiserver_request_total\{code="200",component="apiserver",dry_run="",group="",resource="nodes",scope="cluster",subresource="",verb="LIST",version="v1"\} (\d+)$/m;
  await api.get("/api/v1/nodes");
  const before = (await api.request("GET", "/metrics")).body;
  await api.get("/api/v1/nodes");
  const after = (await api.request("GET", "/metrics")).body;
  expect(Number(nodes.exec(after)?.[1]) - Number(nodes.exec(before)?.[1])).toBe(1);
  expect(after).toMatch(/^apiserver_storage_objects\{resource="nodes"\} 3$/m);
  expect(after).toMatch(/^apiserver_resource_objects\{group="",resource="nodes"\} 3$/m);
  expect(after).toMatch(
    /^apiserver_storage_objects\{resource="prioritylevelconfigurations.flowcontrol.apiserver.k8s.io"\} 8$/m,
  );
  expect(after).toMatch(/^workqueue_adds_total\{name="deployment-controller"\} [1-9]\d*$/m);
  const sample = /^[a-z_]+(\{([a-z_]+="[^"\n]*",?)+\})? [0-9.]+$/;
  const lines = after.trimEnd().split("\n");
  expect(lines.filter((line: string) => !line.startsWith("#") && !sample.test(line))).toEqual([]);
});

describe("openapi", () => {
  test("v2 is JSON, or protobuf under a type that is one", async () => {
    const { body } = await api.request("GET", "/openapi/v2");
    expect(body.swagger).toBe("2.0");
    expect(body.definitions["io.k8s.api.core.v1.Pod"].properties.spec.$ref).toBe(
      "#/definitions/io.k8s.api.core.v1.PodSpec",
    );
    // A schema of schemas has properties with a schema's own names.
    const definitions = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1";
    const { properties } = body.definitions[`${definitions}.JSONSchemaProps`];
    expect([properties.type, properties.oneOf.type]).toEqual([{ type: "string" }, "array"]);
    const protobuf = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
    const encoded = await api.request("GET", "/openapi/v2", undefined, { accept: protobuf });
    expect([encoded.code, encoded.headers.get("content-type")]).toEqual([
      200,
      "application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
    ]);
    const wrong = await api.request("GET", "/openapi/v2", undefined, { accept: "text/html" });
    expect(wrong.code).toBe(406);
  });
  test("v3 goes by hashes: the right one is kept, a wrong one leads to it", async () => {
    const { paths } = await api.get("/openapi/v3");
    const url = paths["apis/apps/v1"].serverRelativeURL;
    const { code, headers } = await api.request("GET", url);
    const hash = url.split("hash=")[1];
    expect([code, headers.get("cache-control"), headers.get("etag")]).toEqual([
      200,
      "public, immutable",
      `"${hash}"`,
    ]);
    expect((await api.request("GET", url, undefined, { "if-none-match": `"${hash}"` })).code).toBe(
      304,
    );
    const wrong = await api.fetch("GET", "/openapi/v3/apis/apps/v1?hash=0");
    expect([wrong.status, wrong.headers.get("location")]).toEqual([301, `?hash=${hash}`]);
  });
});
