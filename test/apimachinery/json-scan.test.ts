/** The short way past the scanner finds nothing that the scanner would refuse or report. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fieldsBefore, plainValue, scanJson } from "#apimachinery/json-scan.ts";

describe("plainValue", () => {
  test("is the value of what a program writes, or left to the scanner", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, "\t"), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect([undefined, JSON.parse(text)]).toContainEqual(plainValue(text));
        expect(scanJson(text)).toEqual({ error: undefined, duplicates: [] });
      }),
    );
  });
  test("is never the value of a text in which a field stands twice", () => {
    const name = fc.constantFrom("a", "b", "__proto__", 'q":', " :");
    const member = fc.tuple(name, fc.jsonValue({ maxDepth: 1 }), fc.constantFrom("", " ", "\n"));
    fc.assert(
      fc.property(fc.array(member), (members) => {
        const fields = members.map(
          ([key, value, gap]) => `${JSON.stringify(key)}${gap}:${JSON.stringify(value)}`,
        );
        const text = `{${fields.join(",")}}`;
        const isTwice = scanJson(text).duplicates.length > 0;
        if (isTwice) expect(plainValue(text)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
  test.each([
    ["as Go writes", '{"a":"\\u003c","b":[{"c":1}]}\n'],
    ["as Python writes", '{"a": "x", "b": [1, 2]}'],
    ["as people write", '{\n  "a": {\n    "b": null\n  }\n}\n'],
  ])("takes a text %s", (_, text) => {
    expect(plainValue(text)).toEqual(JSON.parse(text));
  });

  test.each([
    ["a field twice", '{"a":1,"a":1}'],
    ["a field twice, further down", '{"a":[{"b":1,"b":1}]}'],
    ["no JSON", '{"a":'],
    ["nothing", ""],
    ["space before a colon", '{"a" :1}'],
    ["a colon behind a quote in a text", String.raw`{"a":"\":"}`],
    ["too many brackets for the scanner", "[".repeat(1001) + "]".repeat(1001)],
  ])("leaves to the scanner: %s", (_, text) => {
    expect(plainValue(text)).toBeUndefined();
  });
});

test("a field that stands twice is told with its path", () => {
  const text = '{"a":1,"spec":{"list":[{},{"b":1,"b":2}]},"a":2}';
  expect(scanJson(text).duplicates).toEqual([
    { path: "spec.list[1].b", behind: 4 },
    { path: "a", behind: 4 },
  ]);
});

test("fields are counted in the order of the text", () => {
  const value = { a: 1, spec: { list: [{}, { b: 1 }], c: 2 }, d: 3 };
  const paths = ["d", "spec.list[1].b", "spec.c", "nowhere"];
  expect([...fieldsBefore(value, paths)]).toEqual([
    ["spec.list[1].b", 3],
    ["spec.c", 4],
    ["d", 5],
  ]);
});

test.each([
  [1000, undefined],
  [1001, "invalid character '[' exceeded max depth"],
])("%d brackets deep", (deep, error) => {
  expect(scanJson("[".repeat(deep) + "]".repeat(deep)).error).toBe(error);
});
