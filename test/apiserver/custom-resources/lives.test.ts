import { beforeAll, expect, test } from "vitest";
import { type Api, type Json, newApi } from "#test/support/api.ts";

let api: Api;
const crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const merge = { "content-type": "application/merge-patch+json" };

const version = (name: string, storage: boolean, more: Json = {}): Json => ({
  name,
  served: true,
  storage,
  schema: {
    openAPIV3Schema: {
      type: "object",
      properties: {
        spec: { type: "object", properties: { size: { type: "integer" }, ...more } },
      },
    },
  },
});
const crd = (plural: string, kind: string, spec: Json = {}): Json => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.example.com` },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural, kind },
    versions: [version("v1", true)],
    ...spec,
  },
});
const settle = (): Promise<void> => api.advance("1s");
const made = async (path: string, body: Json): Promise<Json> => {
  const answer = await api.request("POST", path, body);
  expect(answer.code, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
};

beforeAll(async () => {
  api = await newApi();
  await api.request("POST", crds, crd("boxes", "Box"));
  await settle();
});

const boxes = (namespace: string): string => `/apis/example.com/v1/namespaces/${namespace}/boxes`;
const box = (name: string, metadata: Json = {}): Json => ({
  apiVersion: "example.com/v1",
  kind: "Box",
  metadata: { name, ...metadata },
  spec: { size: 1 },
});

test("what an object owns goes with it, and the other way round", async () => {
  const owner = await made(boxes("default"), box("owner"));
  const ownerReferences = [
    { apiVersion: "example.com/v1", kind: "Box", name: "owner", uid: owner.metadata.uid },
  ];
  await made("/api/v1/namespaces/default/configmaps", {
    metadata: { name: "owned", ownerReferences },
  });
  await made(boxes("default"), box("owned", { ownerReferences }));
  await settle();
  expect((await api.request("GET", `${boxes("default")}/owned`)).code).toBe(200);
  await api.request("DELETE", `${boxes("default")}/owner`);
  await settle();
  expect((await api.request("GET", `${boxes("default")}/owned`)).code).toBe(404);
  expect((await api.request("GET", "/api/v1/namespaces/default/configmaps/owned")).code).toBe(404);
});

test("a namespace takes its objects along, and waits for their finalizers", async () => {
  await made("/api/v1/namespaces", { metadata: { name: "short" } });
  await made(boxes("short"), box("free"));
  await made(boxes("short"), box("held", { finalizers: ["example.com/hold"] }));
  await api.request("DELETE", "/api/v1/namespaces/short");
  await settle();
  const { status } = await api.get("/api/v1/namespaces/short");
  expect(status.conditions.map(({ message }: Json) => message)).toEqual(
    expect.arrayContaining([
      "Some resources are remaining: boxes.example.com has 1 resource instances",
      "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
    ]),
  );
  await api.request("PATCH", `${boxes("short")}/held`, { metadata: { finalizers: null } }, merge);
  await api.advance("10s");
  expect((await api.request("GET", "/api/v1/namespaces/short")).code).toBe(404);
});

test("a name that is taken is not accepted until it is free", async () => {
  const names = { plural: "crates", kind: "Crate", shortNames: ["bx"] };
  await made(crds, crd("crates", "Crate", { names }));
  const second = { plural: "barrels", kind: "Crate", shortNames: ["bx"] };
  await settle();
  await made(crds, crd("barrels", "Crate", { names: second }));
  await settle();
  const { status } = await api.get(`${crds}/barrels.example.com`);
  expect(status.conditions).toMatchObject([
    { type: "NamesAccepted", status: "False", reason: "ListKindConflict" },
    { type: "Established", status: "False", reason: "NotAccepted" },
  ]);
  expect((await api.request("GET", "/apis/example.com/v1/barrels")).code).toBe(404);
  await api.request("DELETE", `${crds}/crates.example.com`);
  await settle();
  expect((await api.request("GET", "/apis/example.com/v1/barrels")).code).toBe(200);
});

test("versions are faces of the same objects", async () => {
  const versions = [
    version("v1beta1", false),
    version("v1", true, { color: { type: "string", default: "red" } }),
  ];
  await made(crds, crd("jars", "Jar", { versions }));
  await settle();
  const group = await api.get("/apis/example.com");
  expect(group.preferredVersion.version).toBe("v1");
  const jars = (name: string): string => `/apis/example.com/${name}/namespaces/default/jars`;
  const jar = { kind: "Jar", metadata: { name: "a" }, spec: { size: 2 } };
  const old = await made(jars("v1beta1"), { ...jar, apiVersion: "example.com/v1beta1" });
  expect([old.apiVersion, old.spec]).toEqual(["example.com/v1beta1", { size: 2 }]);
  const { items } = await api.get(jars("v1"));
  expect(items).toMatchObject([{ spec: { size: 2, color: "red" } }]);
  // The stored version moves; what lies there is shown in it.
  const { body } = await api.request("GET", `${crds}/jars.example.com`);
  const moved = versions.map((one) => ({ ...one, storage: !one.storage }));
  await api.request("PUT", `${crds}/jars.example.com`, {
    ...body,
    spec: { ...body.spec, versions: moved },
  });
  await settle();
  expect((await api.get(`${crds}/jars.example.com`)).status.storedVersions).toEqual([
    "v1",
    "v1beta1",
  ]);
  expect((await api.get(`${jars("v1beta1")}/a`)).apiVersion).toBe("example.com/v1beta1");
  const patched = await api.request("PATCH", `${jars("v1")}/a`, { spec: { size: 3 } }, merge);
  expect(patched.body).toMatchObject({ apiVersion: "example.com/v1", spec: { size: 3 } });
  // A policy sees its parameters in the version that it names.
  const policies = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
  await made(policies, {
    metadata: { name: "by-jar" },
    spec: {
      paramKind: { apiVersion: "example.com/v1", kind: "Jar" },
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: [""],
            apiVersions: ["v1"],
            operations: ["CREATE"],
            resources: ["secrets"],
          },
        ],
      },
      validations: [{ expression: "false", messageExpression: "string(params.apiVersion)" }],
    },
  });
  await made(policies.replace("policies", "policybindings"), {
    metadata: { name: "by-jar" },
    spec: {
      policyName: "by-jar",
      validationActions: ["Deny"],
      paramRef: { name: "a", namespace: "default", parameterNotFoundAction: "Deny" },
    },
  });
  await settle();
  const secret = { metadata: { name: "denied" } };
  const denied = await api.request("POST", "/api/v1/namespaces/default/secrets", secret);
  expect(denied.body.message).toMatch(/denied request: example.com\/v1$/);
  await api.request("DELETE", `${policies}/by-jar`);
});

test("each version has its own rules, and sees the old object as itself", async () => {
  const sized = (name: string, storage: boolean, more: Json, rule: string): Json => ({
    name,
    served: true,
    storage,
    subresources: storage ? {} : { status: {} },
    schema: {
      openAPIV3Schema: {
        type: "object",
        properties: {
          spec: {
            type: "object",
            properties: { size: { type: "integer", ...more } },
            "x-kubernetes-validations": [{ rule }],
          },
          status: { type: "object", properties: { used: { type: "integer" } } },
        },
      },
    },
  });
  const versions = [
    sized("v1beta1", false, { maximum: 5 }, "self.size >= oldSelf.size"),
    sized("v1", true, { maximum: 9 }, "self.size != oldSelf.size + 1"),
  ];
  await made(crds, crd("cans", "Can", { versions }));
  await settle();
  const cans = (name: string): string => `/apis/example.com/${name}/namespaces/default/cans`;
  const can = (name: string, size: number): Json => ({
    apiVersion: `example.com/${name}`,
    kind: "Can",
    metadata: { name: "a" },
    spec: { size },
    status: { used: 1 },
  });
  const refused = await api.request("POST", cans("v1beta1"), can("v1beta1", 7));
  expect([refused.code, refused.body.message]).toEqual([
    422,
    'Can.example.com "a" is invalid: spec.size: Invalid value: 7: spec.size in body should be less than or equal to 5',
  ]);
  // Only where the status has a path of its own may nobody create it.
  expect((await made(cans("v1beta1"), can("v1beta1", 2))).status).toBeUndefined();
  await api.request("DELETE", `${cans("v1")}/a`);
  expect((await made(cans("v1"), can("v1", 7))).status).toEqual({ used: 1 });
  const patched = async (name: string, size: number): Promise<Json> => {
    const { code, body } = await api.request("PATCH", `${cans(name)}/a`, { spec: { size } }, merge);
    return [code, body.spec?.size ?? body.message];
  };
  expect(await patched("v1", 8)).toEqual([
    422,
    'Can.example.com "a" is invalid: spec: Invalid value: failed rule: self.size != oldSelf.size + 1',
  ]);
  expect(await patched("v1beta1", 1)).toEqual([
    422,
    'Can.example.com "a" is invalid: spec: Invalid value: failed rule: self.size >= oldSelf.size',
  ]);
  expect(await patched("v1", 4)).toEqual([200, 4]);
  expect(await patched("v1beta1", 5)).toEqual([200, 5]);
});

test("what was right once may stay, with a warning where a rule says so", async () => {
  const of = (max: number, rule: string): Json => ({
    versions: [
      {
        ...version("v1", true, {
          size: { type: "integer", maximum: max },
          note: { type: "string" },
        }),
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                properties: {
                  size: { type: "integer", maximum: max },
                  parts: {
                    type: "object",
                    properties: { n: { type: "integer" } },
                    "x-kubernetes-validations": [{ rule }],
                  },
                  note: { type: "string" },
                },
              },
              status: {
                type: "object",
                properties: { used: { type: "integer", maximum: max } },
              },
            },
          },
        },
      },
    ],
  });
  await made(crds, crd("tins", "Tin", of(9, "self.n > 0")));
  await settle();
  const tins = "/apis/example.com/v1/namespaces/default/tins";
  await made(tins, {
    apiVersion: "example.com/v1",
    kind: "Tin",
    metadata: { name: "a" },
    spec: { size: 7, parts: { n: 1 } },
  });
  await api.request("PATCH", `${crds}/tins.example.com`, { spec: of(5, "self.n > 1") }, merge);
  await settle();
  const patch = (body: Json, sub = ""): Promise<Json> =>
    api.request("PATCH", `${tins}/a${sub}`, body, merge);
  const noted = await patch({ spec: { note: "x" } });
  expect([noted.code, noted.headers.get("warning")]).toEqual([
    200,
    '299 - "spec.parts: Invalid value: failed rule: self.n > 1"',
  ]);
  const larger = await patch({ spec: { size: 8 } });
  expect([larger.code, larger.body.message]).toEqual([
    422,
    'Tin.example.com "a" is invalid: spec.size: Invalid value: 8: spec.size in body should be less than or equal to 5',
  ]);
  // The status is judged by itself, and its schema does not know where it stands.
  const used = await patch({ status: { used: 6 } }, "/status");
  expect([used.code, used.body.message]).toEqual([
    422,
    'Tin.example.com "a" is invalid: status.used: Invalid value: 6: used in body should be less than or equal to 5',
  ]);
});

test("a watch tells what happens, and ends when the definition is another one", async () => {
  const { resourceVersion } = (await api.get(boxes("default"))).metadata;
  const path = `${boxes("default")}?watch=1&resourceVersion=${resourceVersion}`;
  const answer = await api.fetch("GET", path);
  const lines = new Response(answer.body).text();
  await made(boxes("default"), box("seen"));
  await api.request("DELETE", `${boxes("default")}/seen`);
  const { body } = await api.request("GET", `${crds}/boxes.example.com`);
  const versions = [version("v1", true, { more: { type: "string" } })];
  await api.request("PUT", `${crds}/boxes.example.com`, {
    ...body,
    spec: { ...body.spec, versions },
  });
  const events = (await lines)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events.map(({ type, object }) => [type, object.metadata.name])).toEqual([
    ["ADDED", "seen"],
    ["DELETED", "seen"],
  ]);
});

test("a quota counts them, and what goes becomes free", async () => {
  const quotas = "/api/v1/namespaces/default/resourcequotas";
  const name = "count/boxes.example.com";
  const used = async (): Promise<Json> => (await api.get(`${quotas}/boxes`)).status.used;
  await made(quotas, { metadata: { name: "boxes" }, spec: { hard: { [name]: "1" } } });
  await settle();
  const before = (await api.get(boxes("default"))).items.length;
  expect(await used()).toEqual({ [name]: String(before) });
  for (const { metadata } of (await api.get(boxes("default"))).items)
    await api.request("DELETE", `${boxes("default")}/${metadata.name}`);
  await settle();
  expect(await used()).toEqual({ [name]: "0" });
  await made(boxes("default"), box("counted"));
  const { code, body } = await api.request("POST", boxes("default"), box("too-many"));
  expect([code, body.message]).toEqual([
    403,
    `boxes.example.com "too-many" is forbidden: exceeded quota: boxes, requested: ${name}=1, used: ${name}=1, limited: ${name}=1`,
  ]);
  await api.request("DELETE", `${boxes("default")}/counted`);
  await settle();
  expect(await used()).toEqual({ [name]: "0" });
  await api.request("DELETE", `${quotas}/boxes`);
});

const apply = { "content-type": "application/apply-patch+yaml" };

test("who owned the parts of what has become one value owns the whole", async () => {
  const listed = (type: string): Json => ({
    versions: [
      version("v1", true, {
        parts: {
          type: "array",
          "x-kubernetes-list-type": type,
          ...(type === "map" ? { "x-kubernetes-list-map-keys": ["name"] } : {}),
          items: {
            type: "object",
            required: ["name"],
            properties: { name: { type: "string" }, size: { type: "integer" } },
          },
        },
      }),
    ],
  });
  await made(crds, crd("kits", "Kit", listed("map")));
  await settle();
  const path = "/apis/example.com/v1/namespaces/default/kits/one?fieldManager=";
  const kit = (...parts: Json[]): Json => ({
    apiVersion: "example.com/v1",
    kind: "Kit",
    metadata: { name: "one" },
    spec: { parts },
  });
  await api.request("PATCH", `${path}first`, kit({ name: "a", size: 1 }), apply);
  const shared = await api.request("PATCH", `${path}second`, kit({ name: "b" }), apply);
  expect(shared.body.spec.parts).toHaveLength(2);
  const changed = await api.request(
    "PATCH",
    `${crds}/kits.example.com`,
    { spec: listed("atomic") },
    merge,
  );
  expect(changed.code, JSON.stringify(changed.body)).toBe(200);
  await settle();
  const taken = kit({ name: "c" });
  const refused = await api.request("PATCH", `${path}second`, taken, apply);
  expect([refused.code, refused.body.message]).toEqual([
    409,
    'Apply failed with 1 conflict: conflict with "first": .spec.parts',
  ]);
  const { body } = await api.request("PATCH", `${path}second&force=true`, taken, apply);
  expect(body.spec.parts).toEqual([{ name: "c" }]);
  expect(
    body.metadata.managedFields.map(({ manager, fieldsV1 }: Json) => [manager, fieldsV1]),
  ).toEqual([["second", { "f:spec": { "f:parts": {} } }]]);
});

test("an object is read by the schema there is now", async () => {
  await made(
    crds,
    crd("bags", "Bag", { versions: [version("v1", true, { colour: { type: "string" } })] }),
  );
  await settle();
  const bags = "/apis/example.com/v1/namespaces/default/bags";
  await made(bags, {
    apiVersion: "example.com/v1",
    kind: "Bag",
    metadata: { name: "one" },
    spec: { size: 1, colour: "red" },
  });
  await api.request(
    "PATCH",
    `${crds}/bags.example.com`,
    { spec: { versions: [version("v1", true, { weight: { type: "integer", default: 3 } })] } },
    merge,
  );
  await settle();
  expect((await api.get(`${bags}/one`)).spec).toEqual({ size: 1, weight: 3 });
  expect((await api.get(bags)).items[0].spec).toEqual({ size: 1, weight: 3 });
});

test("a deprecated version says so", async () => {
  const versions = [
    { ...version("v1", true), deprecated: true },
    version("v2beta1", false),
    { ...version("v2", false), deprecated: true },
    version("v1alpha1", false),
  ];
  await made(crds, crd("mugs", "Mug", { versions: versions.slice(0, 2) }));
  await made(crds, crd("caps", "Cap", { versions: [...versions, version("v3", false)] }));
  await settle();
  const warning = async (path: string): Promise<string | null> =>
    (await api.request("GET", `/apis/example.com/${path}`)).headers.get("warning");
  expect(await warning("v1/mugs")).toBe('299 - "example.com/v1 Mug is deprecated"');
  expect(await warning("v1/caps")).toBe(
    '299 - "example.com/v1 Cap is deprecated; use example.com/v3 Cap"',
  );
  expect(await warning("v2beta1/caps")).toBeNull();
  expect(await warning("v1/namespaces/default/mugs/absent")).toBe(
    '299 - "example.com/v1 Mug is deprecated"',
  );
});

test("openapi and discovery tell of it", async () => {
  const list = await api.get("/apis", {
    accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
  });
  const group = list.items.find(({ metadata }: Json) => metadata.name === "example.com");
  const first = group.versions.find((one: Json) => one.version === "v1");
  expect(first.resources[0]).toMatchObject({
    resource: "boxes",
    responseKind: { kind: "Box" },
    scope: "Namespaced",
    singularResource: "box",
  });
  const document = await api.get("/openapi/v3/apis/example.com/v1");
  expect(document.components.schemas["com.example.v1.Box"]).toMatchObject({
    "x-kubernetes-group-version-kind": [{ group: "example.com", kind: "Box", version: "v1" }],
    properties: { spec: { properties: { size: { type: "integer" } } } },
  });
  expect(Object.keys(document.paths)).toContain(
    "/apis/example.com/v1/namespaces/{namespace}/boxes/{name}",
  );
});
