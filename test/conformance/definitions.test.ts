/** Definitions of one's own kinds on the wire, as the conformance list of Kubernetes asks for them. */
import { beforeAll, describe, expect, test } from "vitest";
import { eventually, newCluster } from "#test/support/cluster.ts";
import { type Called, wire, type Wire } from "#test/support/wire.ts";

const crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const text = { type: "string" };
interface Version {
  readonly name?: string;
  readonly served?: boolean;
  readonly storage?: boolean;
  readonly schema?: object;
  readonly selectableFields?: readonly object[];
  readonly subresources?: object;
}

function definition(plural: string, versions: readonly Version[], group = "shop.example"): object {
  const kind = `${plural.charAt(0).toUpperCase()}${plural.slice(1)}`;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}`, labels: { life: "one" } },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural, kind, singular: plural, listKind: `${kind}List` },
      versions: versions.map(({ schema, ...more }, i) => ({
        name: "v1",
        served: true,
        storage: i === 0,
        ...more,
        schema: { openAPIV3Schema: { type: "object", ...schema } },
      })),
    },
  };
}

describe("definitions", () => {
  let w: Wire;
  beforeAll(async () => {
    w = wire(await newCluster({ workers: 0 }));
  });
  const path = (plural: string, version = "v1"): string =>
    `/apis/shop.example/${version}/namespaces/default/${plural}`;
  async function defined(
    plural: string,
    versions: readonly Version[],
    group?: string,
  ): Promise<void> {
    expect(await w.post(crds, definition(plural, versions, group))).toMatchObject({ code: 201 });
    const name = `${plural}.${group ?? "shop.example"}`;
    await eventually(`${name} is established`, async () =>
      JSON.stringify((await w.get(`${crds}/${name}`)).body).includes('"type":"Established"'),
    );
  }
  const object = (plural: string, name: string, more: object = {}, version = "v1"): object => ({
    apiVersion: `shop.example/${version}`,
    kind: `${plural.charAt(0).toUpperCase()}${plural.slice(1)}`,
    metadata: { name },
    ...more,
  });
  const changed = (name: string, patches: readonly object[]): Promise<Called> =>
    w.patch(`${crds}/${name}`, patches, "application/json-patch+json");
  interface OpenApi {
    readonly definitions: Readonly<Record<string, object>>;
    readonly paths: Readonly<Record<string, object>>;
  }
  const openApi = async (): Promise<OpenApi> => (await w.get("/openapi/v2")).body as OpenApi;

  test("made, listed, its status read, patched and replaced, swept", async () => {
    await defined("one", [{}]);
    await defined("two", [{}]);
    expect((await w.get(`${crds}?labelSelector=life=one`)).body).toMatchObject({
      items: [{ metadata: { name: "one.shop.example" } }, {}],
    });
    const status = `${crds}/one.shop.example/status`;
    const { body } = await w.get(status);
    const conditions = [{ type: "Seen", status: "True", reason: "Test", message: "by a test" }];
    expect(await w.patch(status, { status: { conditions } })).toMatchObject({ code: 200 });
    expect(await w.put(status, body)).toMatchObject({ code: 409 });
    const now = (await w.get(status)).body as { status: object };
    expect(now).toMatchObject({
      status: {
        conditions: expect.arrayContaining([expect.objectContaining({ type: "Seen" })]) as object[],
      },
    });
    expect(await w.put(status, now)).toMatchObject({ code: 200 });
    await w.delete(`${crds}?labelSelector=life=one`);
    await eventually("both are gone", async () => (await w.get(path("one"))).code === 404);
    expect(await w.get(path("two"))).toMatchObject({ code: 404 });
  });
  test("defaults hold for requests, and for what was stored before them", async () => {
    const schema = (a: object, b: object): object => ({
      properties: { a: { ...text, ...a }, b: { ...text, ...b } },
    });
    await defined("pies", [{ schema: schema({ default: "A" }, {}) }]);
    expect((await w.post(path("pies"), object("pies", "x"))).body).toMatchObject({ a: "A" });
    await changed("pies.shop.example", [
      {
        op: "replace",
        path: "/spec/versions/0/schema/openAPIV3Schema",
        value: { type: "object", ...schema({ default: "A" }, { default: "B" }) },
      },
    ]);
    await eventually("the new default is there", async () =>
      JSON.stringify((await w.get(`${path("pies")}/x`)).body).includes('"b":"B"'),
    );
  });
  test("every change of an object is told to who watches, by the kind's own group", async () => {
    await defined("tarts", [{}]);
    const watching = w.watch(`${path("tarts")}?watch=1`);
    await w.post(path("tarts"), object("tarts", "a"));
    await w.post(path("tarts"), object("tarts", "b"));
    await w.patch(`${path("tarts")}/a`, { metadata: { labels: { x: "y" } } });
    await w.delete(`${path("tarts")}/a`);
    await eventually("four events", async () => watching.seen.length >= 4);
    watching.stop();
    expect(
      watching.seen.map(({ type, object: { metadata } }) => `${type} ${metadata.name}`),
    ).toEqual(["ADDED a", "ADDED b", "MODIFIED a", "DELETED a"]);
  });
  test("selectable fields choose in lists and watches, in each version", async () => {
    const version = {
      schema: { properties: { host: text, port: text } },
      selectableFields: [{ jsonPath: ".host" }, { jsonPath: ".port" }],
    };
    await defined("taps", [version, { ...version, name: "v2" }]);
    const watching = w.watch(`${path("taps", "v2")}?watch=1&fieldSelector=host=h1`);
    for (const [name, host, port] of [
      ["a", "h1", "1"],
      ["b", "h1", "2"],
      ["c", "h2", "2"],
    ] as const)
      await w.post(path("taps"), object("taps", name, { host, port }));
    const names = async (query: string): Promise<readonly string[]> =>
      (
        (await w.get(`${path("taps")}?fieldSelector=${query}`)).body as {
          items: { metadata: { name: string } }[];
        }
      ).items.map(({ metadata }) => metadata.name);
    expect(await names("host=h1")).toEqual(["a", "b"]);
    expect(await names("host=h1,port=2")).toEqual(["b"]);
    expect(await names("host!=h1")).toEqual(["c"]);
    expect(await w.get(`${path("taps")}?fieldSelector=none=1`)).toMatchObject({ code: 400 });
    await eventually("two arrive", async () => watching.seen.length === 2);
    watching.stop();
  });
  test("discovery, whole and aggregated, has them; hashes and media types are heeded", async () => {
    await defined("found", [{ name: "v1" }, { name: "v1beta1" }]);
    const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    const { body, headers } = await w.get("/apis", `${aggregated},application/json`);
    expect(headers.get("content-type")).toBe(aggregated);
    const { items } = body as {
      items: {
        metadata: { name: string };
        versions: { version: string; resources: { resource: string }[] }[];
      }[];
    };
    const mine = items.find(({ metadata }) => metadata.name === "shop.example");
    expect(mine?.versions.map(({ version }) => version)).toEqual(["v2", "v1", "v1beta1"]);
    expect(mine?.versions.find(({ version }) => version === "v1beta1")?.resources).toMatchObject([
      { resource: "found" },
    ]);
    expect((await w.get("/apis", "application/json")).body).toMatchObject({ kind: "APIGroupList" });
    expect((await w.get("/api", aggregated)).body).toMatchObject({
      kind: "APIGroupDiscoveryList",
      items: [{ versions: [{ version: "v1" }] }],
    });
    expect((await w.get("/apis/shop.example")).body).toMatchObject({
      kind: "APIGroup",
      preferredVersion: { version: "v2" },
    });
    expect((await w.get("/apis/shop.example/v1beta1")).body).toMatchObject({
      resources: [{ name: "found", kind: "Found", namespaced: true }],
    });
  });
  test("OpenAPI: schemas, unknown fields kept at the root and within, kinds, groups and versions side by side", async () => {
    await defined("strict", [
      {
        schema: {
          properties: {
            spec: {
              type: "object",
              required: ["must"],
              properties: { must: { ...text, description: "It must." } },
            },
          },
        },
      },
    ]);
    await defined("open", [{ schema: { "x-kubernetes-preserve-unknown-fields": true } }]);
    await defined("within", [
      {
        schema: {
          properties: { spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      },
    ]);
    await defined("strict", [{}], "other.example");
    await eventually(
      "they are published",
      async () => "example.other.v1.Strict" in (await openApi()).definitions,
    );
    const { definitions } = await openApi();
    expect(definitions["example.shop.v1.Strict"]).toMatchObject({
      properties: {
        spec: { required: ["must"], properties: { must: { description: "It must." } } },
      },
      "x-kubernetes-group-version-kind": [{ group: "shop.example", kind: "Strict", version: "v1" }],
    });
    expect(definitions).toHaveProperty(["example.shop.v1.Open"]);
    expect(definitions).toHaveProperty(["example.shop.v1.Within"]);
    expect(definitions["example.other.v1.Strict"]).toMatchObject({
      "x-kubernetes-group-version-kind": [{ group: "other.example" }],
    });
    expect(
      await w.post(path("open"), object("open", "a", { anything: { goes: 1 } })),
    ).toMatchObject({ body: { anything: { goes: 1 } } });
  });
  test("OpenAPI: a version that is renamed, and one that is served no longer", async () => {
    await defined("moving", [{ name: "v1" }, { name: "v2" }]);
    const known = async (version: string): Promise<boolean> =>
      `example.shop.${version}.Moving` in (await openApi()).definitions;
    await eventually("both are published", async () => (await known("v1")) && (await known("v2")));
    await changed("moving.shop.example", [
      { op: "replace", path: "/spec/versions/1/name", value: "v4" },
    ]);
    await eventually("v4 instead of v2", async () => (await known("v4")) && !(await known("v2")));
    await changed("moving.shop.example", [
      { op: "replace", path: "/spec/versions/1/served", value: false },
    ]);
    await eventually("v4 is gone", async () => !(await known("v4")));
    expect(await known("v1")).toBe(true);
  });
  const sent = async (
    plural: string,
    body: string,
    validation: string,
    how: "create" | "apply",
  ): Promise<{ code: number; message: string; warning: string | null }> => {
    const query = `fieldValidation=${validation}&dryRun=All`;
    const answer =
      how === "create"
        ? await w.post(`${path(plural)}?${query}`, body)
        : await w.patch(
            `${path(plural)}/x?fieldManager=me&${query}`,
            body,
            "application/apply-patch+yaml",
          );
    const { message = "" } = answer.body as { message?: string };
    return { code: answer.code, message, warning: answer.headers.get("warning") };
  };
  test("field validation: unknown and doubled fields of custom objects are refused, warned of or passed over", async () => {
    const spec = {
      type: "object",
      properties: {
        known: text,
        inner: {
          type: "object",
          "x-kubernetes-embedded-resource": true,
          "x-kubernetes-preserve-unknown-fields": true,
        },
      },
    };
    await defined("exact", [{ schema: { properties: { spec } } }]);
    await defined("loose", [{ schema: { "x-kubernetes-preserve-unknown-fields": true } }]);
    const body = (plural: string, inside: string, metadata = ""): string =>
      `{"apiVersion":"shop.example/v1","kind":"${plural.charAt(0).toUpperCase()}${plural.slice(1)}","metadata":{"name":"x"${metadata}},"spec":{${inside}}}`;
    for (const how of ["create", "apply"] as const) {
      expect(await sent("exact", body("exact", '"known":"a"'), "Strict", how)).toMatchObject({
        warning: null,
      });
      const unknown = await sent("exact", body("exact", '"known":"a","odd":1'), "Strict", how);
      expect(unknown).toMatchObject({
        message: expect.stringContaining(
          how === "create" ? 'unknown field "spec.odd"' : ".spec.odd: field not declared in schema",
        ) as string,
      });
      // Nobody declares what a loose kind has.
      expect((await sent("loose", body("loose", '"odd":1'), "Strict", how)).code).toBeLessThan(300);
    }
    const doubled = body("loose", '"a":1,"a":2');
    expect(await sent("loose", doubled, "Strict", "create")).toMatchObject({
      code: 400,
      message: expect.stringContaining('duplicate field "spec.a"') as string,
    });
    expect(await sent("loose", doubled, "Warn", "create")).toMatchObject({
      code: 201,
      warning: expect.stringContaining("duplicate field") as string,
    });
    expect(await sent("loose", doubled, "Ignore", "create")).toMatchObject({
      code: 201,
      warning: null,
    });
    const odd = body(
      "exact",
      '"inner":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","odd":1}}',
      ',"odd":1',
    );
    const { message } = await sent("exact", odd, "Strict", "create");
    expect(message).toContain('unknown field "metadata.odd"');
    expect(message).toContain('unknown field "spec.inner.metadata.odd"');
  });
  test("field validation: of a built-in kind, its metadata too", async () => {
    const deployments = "/apis/apps/v1/namespaces/default/deployments";
    const body =
      '{"metadata":{"name":"d","odd":1},"spec":{"odd":1,"replicas":1,"replicas":2,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"x","odd":1}]}}}}';
    const strict = await w.post(`${deployments}?fieldValidation=Strict`, body);
    const { message } = strict.body as { message: string };
    expect(strict.code).toBe(400);
    for (const one of [
      'unknown field "metadata.odd"',
      'unknown field "spec.odd"',
      'duplicate field "spec.replicas"',
      'unknown field "spec.template.spec.containers[0].odd"',
    ])
      expect(message).toContain(one);
    const warned = await w.post(`${deployments}?fieldValidation=Warn&dryRun=All`, body);
    expect([warned.code, warned.headers.get("warning")?.includes("metadata.odd")]).toEqual([
      201,
      true,
    ]);
  });
});
