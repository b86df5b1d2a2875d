/** Field sets against a Set of texts; FieldsV1 and shapes there and back. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  canonicalElement,
  compareElements,
  keyElement,
  type Path,
  PathElementError,
  printedPath,
} from "#apimachinery/fieldpath/element.ts";
import {
  difference,
  type FieldSet,
  has,
  intersection,
  paths,
  recursiveDifference,
  sameSet,
  setOfPaths,
  union,
} from "#apimachinery/fieldpath/set.ts";
import { fieldsText, filledSet, setFrom, shapeOf } from "#apimachinery/fieldpath/shape.ts";

const element = fc.constantFrom(
  "f:a",
  "f:b",
  "f:\ue000",
  'k:{"name":"a"}',
  'k:{"name":"b c"}',
  'k:{"port":80,"protocol":"TCP"}',
  'k:{"port":443,"protocol":"TCP"}',
  'k:{"ip":"10.0.0.1"}',
  'k:{"ip":"10.0.0.2"}',
  'v:"x"',
  "v:9",
  "v:10",
);
const path = fc.array(element, { minLength: 1, maxLength: 4 });
const set = fc.array(path, { maxLength: 8 }).map((all) => setOfPaths(...all));
const texts = (one: FieldSet): Set<string> => new Set(paths(one).map((each) => each.join("/")));

describe("a set of paths is a set of texts", () => {
  const model = (
    name: string,
    ours: (a: FieldSet, b: FieldSet) => FieldSet,
    theirs: (a: Set<string>, b: Set<string>) => Set<string>,
  ): void => {
    test(name, () => {
      fc.assert(
        fc.property(set, set, (a, b) => {
          expect(texts(ours(a, b))).toEqual(theirs(texts(a), texts(b)));
        }),
      );
    });
  };
  model("union", union, (a, b) => a.union(b));
  model("intersection", intersection, (a, b) => a.intersection(b));
  model("difference", difference, (a, b) => a.difference(b));
  model(
    "recursive difference",
    recursiveDifference,
    (a, b) =>
      new Set([...a].filter((one) => ![...b].some((gone) => `${one}/`.startsWith(`${gone}/`)))),
  );
});

test("what an operation leaves as it was is the same set", () => {
  fc.assert(
    fc.property(set, set, (a, b) => {
      expect(union(a, intersection(a, b))).toBe(a);
      const rest = difference(a, b);
      expect(difference(rest, b)).toBe(rest);
      expect(paths(a).every((one) => has(a, one))).toBe(true);
    }),
  );
});

test("FieldsV1 there and back, whole and by its shape", () => {
  fc.assert(
    fc.property(set, (one) => {
      expect(sameSet(setFrom(JSON.parse(fieldsText(one))), one)).toBe(true);
      const shape = shapeOf(one);
      expect(sameSet(filledSet(setFrom(JSON.parse(shape.text)), shape), one)).toBe(true);
    }),
  );
});

test("addresses are holes: two Pods have one shape", () => {
  const of = (ip: string): Path[] => [["f:status", "f:podIPs", `k:{"ip":"${ip}"}`, "f:ip"]];
  const [a, b] = ["10.0.0.1", "10.0.0.2"].map((ip) => shapeOf(setOfPaths(...of(ip))));
  expect(a?.text).toBe(b?.text);
  expect([a?.holes, b?.holes]).toEqual([["10.0.0.1"], ["10.0.0.2"]]);
});

test.each<[string, string, string]>([
  ["fields before keys", "f:z", 'k:{"a":1}'],
  ["keys before values", 'k:{"z":1}', 'v:"a"'],
  ["numbers by size", 'k:{"port":80}', 'k:{"port":443}'],
  ["a shorter text first", 'k:{"name":"a"}', 'k:{"name":"ab"}'],
  ["a space before letters", 'k:{"name":"a"}', 'k:{"name":"a b"}'],
  ["numbers before texts", "v:1", 'v:"0"'],
])("order: %s", (_, a, b) => {
  expect(Math.sign(compareElements(a, b))).toBe(-1);
  expect(Math.sign(compareElements(b, a))).toBe(1);
});

test.each<[string, string | undefined]>([
  ['k:{"b":1,"a":"x"}', 'k:{"a":"x","b":1}'],
  ["i:3", "i:3"],
  ["x:later", undefined],
])("%s is %s", (text, canonical) => expect(canonicalElement(text)).toBe(canonical));

test.each(["a", "f", "k:{", "v:", "i:x"])("%s is no path element", (text) =>
  expect(() => canonicalElement(text)).toThrow(PathElementError),
);

test("paths are printed as conflicts show them", () =>
  expect(
    printedPath([
      "f:spec",
      "f:ports",
      keyElement([
        ["port", 80],
        ["protocol", "TCP"],
      ]),
      "f:name",
    ]),
  ).toBe('.spec.ports[port=80,protocol="TCP"].name'));
