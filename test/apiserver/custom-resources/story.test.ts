import { beforeAll, expect, test } from "vitest";
import { type Api, type Json, newApi, type Reply } from "#test/support/api.ts";

let api: Api;
let created: Reply;
const crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const crontabs = "/apis/stable.example.com/v1/namespaces/default/crontabs";

const crontab = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "crontabs.stable.example.com" },
  spec: {
    group: "stable.example.com",
    scope: "Namespaced",
    names: { plural: "crontabs", kind: "CronTab", shortNames: ["ct"], categories: ["all"] },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                required: ["cronSpec"],
                "x-kubernetes-validations": [
                  {
                    rule: "self.replicas <= self.maxReplicas",
                    messageExpression: "'at most %d'.format([self.maxReplicas])",
                    fieldPath: ".replicas",
                  },
                  { rule: "self.cronSpec == oldSelf.cronSpec", message: "cronSpec is immutable" },
                ],
                properties: {
                  cronSpec: { type: "string", pattern: "^[^ ]+( [^ ]+){4}$" },
                  image: { type: "string", default: "nginx" },
                  replicas: { type: "integer", minimum: 0, default: 1 },
                  maxReplicas: { type: "integer", default: 10 },
                  port: { "x-kubernetes-int-or-string": true },
                  any: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
                  hosts: {
                    type: "array",
                    "x-kubernetes-list-type": "set",
                    items: { type: "string" },
                  },
                },
              },
              status: {
                type: "object",
                properties: { replicas: { type: "integer" }, selector: { type: "string" } },
              },
            },
          },
        },
        subresources: {
          status: {},
          scale: {
            specReplicasPath: ".spec.replicas",
            statusReplicasPath: ".status.replicas",
            labelSelectorPath: ".status.selector",
          },
        },
        selectableFields: [{ jsonPath: ".spec.image" }],
        additionalPrinterColumns: [
          { name: "Spec", type: "string", jsonPath: ".spec.cronSpec" },
          { name: "Replicas", type: "integer", jsonPath: ".spec.replicas", priority: 1 },
          { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
        ],
      },
    ],
  },
};

const object = (name: string, spec: Json): Json => ({
  apiVersion: "stable.example.com/v1",
  kind: "CronTab",
  metadata: { name },
  spec: { cronSpec: "* * * * */5", ...spec },
});

/** Lets the controllers finish what they have to do now. */
const settle = (): Promise<void> => api.advance("1s");

beforeAll(async () => {
  api = await newApi();
  created = await api.request("POST", crds, crontab);
  await settle();
});

test("a definition becomes an API", async () => {
  expect(created.code, JSON.stringify(created.body)).toBe(201);
  expect(created.body.status).toEqual({
    acceptedNames: { kind: "", plural: "" },
    conditions: [],
    storedVersions: ["v1"],
  });
  const { status, spec } = await api.get(`${crds}/crontabs.stable.example.com`);
  expect(spec.names).toMatchObject({ singular: "crontab", listKind: "CronTabList" });
  expect(status.acceptedNames).toEqual(spec.names);
  expect(status.conditions).toMatchObject([
    { type: "NamesAccepted", status: "True", reason: "NoConflicts", message: "no conflicts found" },
    { type: "Established", status: "True", reason: "InitialNamesAccepted" },
  ]);
  const list = await api.get("/apis/stable.example.com/v1");
  expect(list.resources.map((one: Json) => one.name)).toEqual([
    "crontabs",
    "crontabs/status",
    "crontabs/scale",
  ]);
  expect(await api.get(crontabs)).toMatchObject({ kind: "CronTabList", items: [] });
});

test("objects are pruned, completed and counted", async () => {
  const { code, body, headers } = await api.request("POST", crontabs, {
    ...object("first", { nonsense: 1, any: { kept: true }, port: "http" }),
    status: { replicas: 7 },
  });
  expect(code, JSON.stringify(body)).toBe(201);
  expect(headers.get("warning")).toContain('unknown field \\"spec.nonsense\\"');
  expect(body.spec).toEqual({
    cronSpec: "* * * * */5",
    any: { kept: true },
    port: "http",
    image: "nginx",
    replicas: 1,
    maxReplicas: 10,
  });
  expect(body.metadata.generation).toBe(1);
  expect(body.status).toBeUndefined();
  const merge = { "content-type": "application/merge-patch+json" };
  const patched = await api.request("PATCH", `${crontabs}/first`, { spec: { replicas: 3 } }, merge);
  expect(patched.body.metadata.generation).toBe(2);
  const said = { status: { replicas: 3, selector: "app=x" } };
  const status = await api.request("PATCH", `${crontabs}/first/status`, said, merge);
  expect(status.body).toMatchObject({ metadata: { generation: 2 }, status: said.status });
  expect(await api.get(`${crontabs}/first/scale`)).toMatchObject({
    kind: "Scale",
    spec: { replicas: 3 },
    status: { replicas: 3, selector: "app=x" },
  });
  const scaled = await api.request(
    "PATCH",
    `${crontabs}/first/scale`,
    { spec: { replicas: 5 } },
    merge,
  );
  expect(scaled.code).toBe(200);
  expect((await api.get(`${crontabs}/first`)).spec.replicas).toBe(5);
});

test.each<[string, Json, string]>([
  [
    "a wrong type",
    { replicas: "many" },
    '[spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string", .spec.replicas: Invalid value: 0: .spec.replicas accessor error: many is of the type string, expected int64, <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]',
  ],
  [
    "a pattern",
    { cronSpec: "x" },
    "spec.cronSpec: Invalid value: \"x\": spec.cronSpec in body should match '^[^ ]+( [^ ]+){4}$'",
  ],
  [
    "a minimum",
    { replicas: -1 },
    "[spec.replicas: Invalid value: -1: spec.replicas in body should be greater than or equal to 0, .spec.replicas: Invalid value: -1: should be a non-negative integer]",
  ],
  ["a rule", { replicas: 11 }, "spec.replicas: Invalid value: at most 10"],
  ["a set", { hosts: ["a", "b", "a"] }, 'spec.hosts[2]: Duplicate value: "a"'],
  [
    "what is missing",
    { cronSpec: undefined },
    "[spec.cronSpec: Required value, <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]",
  ],
])("refuses %s", async (_, spec, message) => {
  const { code, body } = await api.request("POST", crontabs, object("bad", spec));
  expect(body.message).toBe(`CronTab.stable.example.com "bad" is invalid: ${message}`);
  expect(code).toBe(422);
});

test("rules about changes hold for updates alone", async () => {
  const made = await api.request("POST", crontabs, object("fixed", {}));
  const next = { ...made.body, spec: { ...made.body.spec, cronSpec: "1 1 1 1 1" } };
  const { code, body } = await api.request("PUT", `${crontabs}/fixed`, next);
  expect([code, body.message]).toEqual([
    422,
    'CronTab.stable.example.com "fixed" is invalid: spec: Invalid value: cronSpec is immutable',
  ]);
});

test("strict writes are refused, strategic patches are not known", async () => {
  const strict = await api.request(
    "POST",
    `${crontabs}?fieldValidation=Strict`,
    object("s", { x: 1 }),
  );
  expect([strict.code, strict.body.message]).toEqual([
    400,
    'CronTab in version "v1" cannot be handled as a CronTab: strict decoding error: unknown field "spec.x"',
  ]);
  const strategic = await api.request(
    "PATCH",
    `${crontabs}/first`,
    {},
    {
      "content-type": "application/strategic-merge-patch+json",
    },
  );
  expect(strategic.code).toBe(415);
});

test("tables have the definition's columns; selectors its fields", async () => {
  await api.request("POST", crontabs, object("other", { image: "redis" }));
  const accept = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" };
  const table = await api.get(`${crontabs}?fieldSelector=spec.image=redis`, accept);
  expect(table.columnDefinitions.map(({ name, priority }: Json) => [name, priority])).toEqual([
    ["Name", 0],
    ["Spec", 0],
    ["Replicas", 1],
    ["Age", 0],
  ]);
  expect(table.rows.map(({ cells }: Json) => cells)).toEqual([
    ["other", "* * * * */5", 1, expect.stringMatching(/^\d+s$/)],
  ]);
  const bad = await api.request("GET", `${crontabs}?fieldSelector=spec.replicas=1`);
  expect(bad.code).toBe(400);
});

test("deleting the definition deletes its objects", async () => {
  const { body } = await api.request("DELETE", `${crds}/crontabs.stable.example.com`);
  expect(body.metadata.finalizers).toEqual(["customresourcecleanup.apiextensions.k8s.io"]);
  expect(body.status.conditions.at(-1)).toMatchObject({
    type: "Terminating",
    status: "True",
    reason: "InstanceDeletionPending",
  });
  const late = await api.request("POST", crontabs, object("late", {}));
  expect([late.code, late.body.message]).toEqual([
    403,
    'crontabs.stable.example.com "late" is forbidden: create not allowed while custom resource definition is terminating',
  ]);
  await settle();
  expect((await api.request("GET", `${crds}/crontabs.stable.example.com`)).code).toBe(404);
  expect((await api.request("GET", crontabs)).code).toBe(404);
  expect((await api.request("GET", "/apis/stable.example.com")).code).toBe(404);
});
