/** Values whose message is not of their JSON's shape come out as they went in. */
import { expect, test } from "vitest";
import { decodeProtobuf, encodeProtobuf } from "#apimachinery/api/protobuf.ts";

const schema = (properties: object): object => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "foos.example.com" },
  spec: {
    group: "example.com",
    names: { plural: "foos", kind: "Foo" },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", properties } },
      },
    ],
  },
  status: { conditions: null, acceptedNames: { plural: "", kind: "" }, storedVersions: null },
});

test.each<[string, object]>([
  ["one schema for all items", { items: { type: "object" } }],
  ["a schema for each item", { items: [{ type: "string" }, { type: "integer" }] }],
  ["a schema for what is not named", { additionalProperties: { type: "string" } }],
  ["nothing beside what is named", { additionalProperties: false }],
  ["anything beside what is named", { additionalProperties: true }],
  ["what one asks for", { dependencies: { a: ["b"], c: { type: "object" } } }],
  ["bounds", { maximum: 1.5, minimum: -2, multipleOf: 0.25 }],
  ["any JSON", { default: { a: [1, null] }, enum: ["x", 2], example: false }],
])("a schema with %s", (_, given) => {
  const { spec, ...rest } = schema({ field: given }) as Record<string, unknown>;
  const read = decodeProtobuf(encodeProtobuf({ spec, ...rest }));
  expect(read["spec"]).toEqual(spec);
});

test("a map's time that is none", () => {
  const status = { disruptedPods: { a: null, b: "2026-01-02T03:04:05Z" } };
  const budget = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", status };
  const read = decodeProtobuf(encodeProtobuf(budget));
  expect(read["status"]).toMatchObject(status);
});

test("JSON that is longer than a call may have arguments", () => {
  const data = { text: "x".repeat(300_000) };
  const revision = { apiVersion: "apps/v1", kind: "ControllerRevision", data };
  expect(decodeProtobuf(encodeProtobuf(revision))["data"]).toEqual(data);
});
