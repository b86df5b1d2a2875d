/** Cells of custom resources. Upstream: customresource/tableconvertor/tableconvertor_test.go Test_cellForJSONValue. */
import { expect, test } from "vitest";
import { customColumns } from "#apiserver/custom-resources/columns.ts";
import type { KubeObject } from "#apimachinery/object.ts";

const nowMs = Date.parse("2026-01-02T00:00:00Z");
test.each<[string, unknown, unknown]>([
  ["integer", 42, 42],
  ["integer", 3.14, 3],
  ["integer", true, null],
  ["integer", "foo", null],
  ["number", 3.14, 3.14],
  ["number", "foo", null],
  ["boolean", 42, null],
  ["boolean", true, true],
  ["string", "foo", "foo"],
  ["string", 42, "42"],
  ["string", true, "true"],
  ["string", ["a", 1], '["a",1]'],
  ["string", null, null],
  ["string", undefined, null],
  ["date", 42, null],
  ["date", "2026-01-01T11:30:00Z", "12h"],
  ["date", "2026-01-02T12:30:00Z", "<invalid>"],
  ["date", "2026-01-01", "<invalid>"],
  ["date", "foo", "<invalid>"],
  ["date", "", "<unknown>"],
])("a column of type %s shows %j as %j", (type, value, expected) => {
  const [, column] = customColumns([{ name: "Shown", type, jsonPath: ".spec.value" }]);
  const object = { spec: { value } } as unknown as KubeObject;
  expect(column?.of(object, nowMs)).toBe(expected);
});
