/** The short way past the scanner finds nothing that the scanner would refuse or report. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainValue, scanJson } from "#apimachinery/json-scan.ts";

describe("plainValue", () => {
  test("is the value of what a program writes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom("", "\n"), (value, end) => {
        const text = JSON.stringify(value) + end;
        expect(plainValue(text)).toEqual(JSON.parse(text));
        expect(scanJson(text)).toEqual({ error: undefined, duplicates: [] });
      }),
    );
  });

  test.each([
    ["a field twice", '{"a":1,"a":1}'],
    ["a field twice, further down", '{"a":[{"b":1,"b":1}]}'],
    ["no JSON", '{"a":'],
    ["nothing", ""],
    ["space that a person left", '{"a": 1}'],
    ["a character that need not be escaped", String.raw`{"a":"\u003c"}`],
    ["too many brackets for the scanner", "[".repeat(1001) + "]".repeat(1001)],
  ])("leaves to the scanner: %s", (_, text) => {
    expect(plainValue(text)).toBeUndefined();
  });
});

test("a field that stands twice is told with its path", () => {
  const text = '{"a":1,"spec":{"list":[{},{"b":1,"b":2}]},"a":2}';
  expect(scanJson(text).duplicates).toEqual(["spec.list[1].b", "a"]);
});

test.each([
  [1000, undefined],
  [1001, "invalid character '[' exceeded max depth"],
])("%d brackets deep", (deep, error) => {
  expect(scanJson("[".repeat(deep) + "]".repeat(deep)).error).toBe(error);
});
