/** What OpenAPI says of custom resources: v3 all of it, v2 what its readers can take, in both forms. */
import { beforeAll, expect, test } from "vitest";
import { structuralV2 } from "#apiserver/openapi/structural-v2.ts";
import { type Api, type Json, newApi } from "#test/support/api.ts";

const crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const protobuf = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
const schema = {
  type: "object",
  required: ["spec"],
  properties: {
    spec: {
      type: "object",
      description: "What is wanted.",
      required: ["size", "note"],
      properties: {
        size: { type: "integer", anyOf: [{ minimum: 1 }] },
        note: { type: "string", nullable: true },
        raw: {
          type: "object",
          "x-kubernetes-embedded-resource": true,
          "x-kubernetes-preserve-unknown-fields": true,
        },
      },
    },
  },
};
const crd = (plural: string, kind: string, openAPIV3Schema: Json): Json => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.example.com` },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural, kind },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema },
        ...(plural === "boxes" ? { selectableFields: [{ jsonPath: ".spec.size" }] } : {}),
      },
    ],
  },
});

let api: Api;
let builtIn: Json;
let encoded: string;
const bytesOfV2 = async (): Promise<string> => {
  const answer = await api.fetch("GET", "/openapi/v2", undefined, { accept: protobuf });
  return Buffer.from(await answer.arrayBuffer()).toString("latin1");
};
beforeAll(async () => {
  api = await newApi();
  builtIn = await api.get("/openapi/v2");
  encoded = await bytesOfV2();
  const any = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  for (const one of [crd("boxes", "Box", schema), crd("bags", "Bag", any)])
    await api.request("POST", crds, one);
  await api.advance("1s");
});

test("v3 tells which fields select, and what an embedded resource has", async () => {
  const document = await api.get("/openapi/v3/apis/example.com/v1");
  const { "com.example.v1.Box": box } = document.components.schemas;
  expect(box["x-kubernetes-selectable-fields"]).toEqual([{ fieldPath: "spec.size" }]);
  const { raw, size } = box.properties.spec.properties;
  expect(Object.keys(raw.properties)).toEqual(["apiVersion", "kind", "metadata"]);
  expect(raw.required).toEqual(["kind", "apiVersion"]);
  expect(size.anyOf).toEqual([{ minimum: 1 }]);
});

test("v2 has them beside all that is built in", async () => {
  const { paths, definitions, ...rest } = await api.get("/openapi/v2");
  expect(rest).toEqual({ swagger: builtIn.swagger, info: builtIn.info });
  const added = (all: Json, before: Json): readonly string[] =>
    Object.keys(all)
      .filter((name) => !(name in before))
      .toSorted();
  expect(added(definitions, builtIn.definitions)).toEqual([
    "com.example.v1.Bag",
    "com.example.v1.BagList",
    "com.example.v1.Box",
    "com.example.v1.BoxList",
  ]);
  expect(Object.keys(paths).length - Object.keys(builtIn.paths).length).toBe(6);
  const { "com.example.v1.Box": box, "com.example.v1.Bag": bag } = definitions;
  expect(bag).toEqual({
    type: "object",
    "x-kubernetes-group-version-kind": [{ group: "example.com", kind: "Bag", version: "v1" }],
  });
  expect(box.properties.metadata.$ref).toBe(
    "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
  );
  expect(box.properties.spec).toEqual({
    type: "object",
    description: "What is wanted.",
    required: ["size"],
    properties: {
      size: { type: "integer" },
      note: {},
      raw: {
        required: ["kind", "apiVersion"],
        "x-kubernetes-embedded-resource": true,
        "x-kubernetes-preserve-unknown-fields": true,
      },
    },
  });
});

test("v2 as protobuf has them behind all that is built in", async () => {
  const now = await bytesOfV2();
  expect(now.startsWith(encoded)).toBe(true);
  expect(now.slice(encoded.length)).toContain("com.example.v1.BoxList");
});

test.each<readonly [string, Json, Json]>([
  ["a list whose items may be anything", { type: "array" }, {}],
  [
    "values that may be null are not required",
    { type: "object", required: ["a"], additionalProperties: { type: "string", nullable: true } },
    { type: "object", additionalProperties: {} },
  ],
  [
    "what is below a list and a map",
    {
      type: "object",
      properties: { list: { type: "array", items: { type: "string", oneOf: [{}] } } },
      additionalProperties: true,
    },
    {
      type: "object",
      properties: { list: { type: "array", items: { type: "string" } } },
      additionalProperties: true,
    },
  ],
])("for v2: %s", (_, given, told) => {
  expect(structuralV2(given)).toEqual(told);
});
