/** Several errors as one text. */
import { expect, test } from "vitest";
import { aggregated } from "#apimachinery/aggregate.ts";

test.each<[string, readonly string[], string]>([
  ["no error says nothing", [], ""],
  ["one stands alone", ["a"], "a"],
  ["more stand in brackets, in their order", ["b", "a"], "[b, a]"],
  ["what is said twice is told once", ["a", "b", "a"], "[a, b]"],
  ["and then may stand alone", ["a", "a"], "a"],
])("%s", (_, texts, expected) => expect(aggregated(texts)).toBe(expected));
