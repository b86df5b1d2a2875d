import { describe, expect, test } from "vitest";
import { decodeCustom } from "#apiserver/custom-resources/custom.ts";
import { jsonPath } from "#apiserver/custom-resources/json-path.ts";
import { defaulted, withoutNulls } from "#apiserver/custom-resources/schema/defaulting.ts";
import { coercedMeta, validateEmbedded } from "#apiserver/custom-resources/schema/embedded.ts";
import { validateListTypes } from "#apiserver/custom-resources/schema/list-types.ts";
import { pruned } from "#apiserver/custom-resources/schema/pruning.ts";
import { SchemaRules } from "#apiserver/custom-resources/schema/rules.ts";
import type { Schema } from "#apiserver/custom-resources/schema/schema.ts";
import { validateValue } from "#apiserver/custom-resources/schema/value-validation.ts";
import type { FieldError } from "#apimachinery/field.ts";
import type { Json } from "#test/support/api.ts";

const text: Schema = { type: "string" };
const whole: Schema = { type: "integer" };
const object = (properties: Record<string, Schema>, more: Schema = {}): Schema => ({
  type: "object",
  properties,
  ...more,
});
const list = (items: Schema, more: Schema = {}): Schema => ({ type: "array", items, ...more });
const texts = (errors: readonly FieldError[]): readonly string[] =>
  errors.map(({ field, message }) => (field === "" ? message : `${field}: ${message}`));

describe("pruning", () => {
  test.each<[string, Schema, Json, Json, readonly string[]]>([
    ["what is known stays", object({ a: text }), { a: "x" }, { a: "x" }, []],
    [
      "what is not goes, wherever it stands",
      object({ a: list(object({ b: text })) }),
      { a: [{ b: "x", c: 1 }], d: {} },
      { a: [{ b: "x" }] },
      ["a[0].c", "d"],
    ],
    [
      "a root keeps what every resource has",
      object({}),
      { apiVersion: "v", kind: "k", metadata: { name: "n" }, x: 1 },
      { apiVersion: "v", kind: "k", metadata: { name: "n" } },
      ["x"],
    ],
    [
      "unknown fields are preserved, known ones below are pruned",
      object({ a: object({ b: object({}) }, { "x-kubernetes-preserve-unknown-fields": true }) }),
      { a: { b: { c: 1 }, d: { e: 1 } } },
      { a: { b: {}, d: { e: 1 } } },
      ["a.b.c"],
    ],
    [
      "lists of what is preserved keep their items whole",
      object({
        a: list(object({ b: object({}) }), { "x-kubernetes-preserve-unknown-fields": true }),
      }),
      { a: [{ b: { c: 1 }, d: 1 }] },
      { a: [{ b: {}, d: 1 }] },
      ["a[0].b.c"],
    ],
    [
      "maps prune their values",
      object({ a: { type: "object", additionalProperties: object({ b: text }) } }),
      { a: { one: { b: "x", c: 1 } } },
      { a: { one: { b: "x" } } },
      ["a.one.c"],
    ],
    [
      "an embedded resource keeps its own",
      object({ a: object({}, { "x-kubernetes-embedded-resource": true }) }),
      { a: { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec: {} } },
      { a: { apiVersion: "v1", kind: "Pod", metadata: { name: "p" } } },
      ["a.spec"],
    ],
    [
      "names of JavaScript's own are fields like any other",
      object({ constructor: text }),
      { constructor: "x", toString: "y" },
      { constructor: "x" },
      ["toString"],
    ],
  ])("%s", (_, schema, given, expected, unknown) => {
    const found: string[] = [];
    expect(pruned(given, schema, found)).toEqual(expected);
    expect(found).toEqual(unknown);
  });

  test("what is right comes back as it was", () => {
    const given = { a: [{ b: "x" }] };
    expect(pruned(given, object({ a: list(object({ b: text })) }), [])).toBe(given);
  });
});

describe("defaulting", () => {
  const schema = object({
    a: { type: "integer", default: 1 },
    b: object({ c: { type: "string", default: "x" } }, { default: {} }),
    d: list(object({ e: { type: "boolean", default: true } })),
    f: { type: "string", nullable: true, default: "y" },
    g: text,
    h: { type: "object", additionalProperties: object({ i: { type: "integer", default: 2 } }) },
  });
  test.each<[string, Json, Json]>([
    ["an empty one", {}, { a: 1, b: { c: "x" }, f: "y" }],
    [
      "items and values",
      { d: [{}], h: { k: {} } },
      { a: 1, b: { c: "x" }, d: [{ e: true }], f: "y", h: { k: { i: 2 } } },
    ],
    [
      "nulls give way where they may not be",
      { a: null, f: null, g: null },
      { a: 1, b: { c: "x" }, f: null },
    ],
    ["what is said stays", { a: 5, b: { c: "z" }, f: "" }, { a: 5, b: { c: "z" }, f: "" }],
  ])("%s", (_, given, expected) => {
    expect(defaulted(given, schema)).toEqual(expected);
  });
  test("what is complete comes back as it was", () => {
    const given = { a: 5, b: { c: "z" }, f: "" };
    expect(defaulted(given, schema)).toBe(given);
  });
});

describe("validation", () => {
  const at = (schema: Schema): Schema => object({ a: schema });
  test.each<[string, Schema, unknown, readonly string[]]>([
    ["a string", text, "x", []],
    [
      "another type",
      whole,
      "x",
      ['a: Invalid value: "string": a in body must be of type integer: "string"'],
    ],
    [
      "a number where an integer is meant",
      whole,
      1.5,
      [
        'a: Invalid value: "number": a in body must be of type integer: "number"',
        '<nil>: Invalid value: "": Checked value must be of type integer (default format) in a',
      ],
    ],
    ["an integer where a number is meant", { type: "number" }, 1, []],
    ["null", text, null, ['a: Invalid value: "null": a in body must be of type string: "null"']],
    ["null where it may be", { type: "string", nullable: true }, null, []],
    ["int or string", { "x-kubernetes-int-or-string": true }, "50%", []],
    [
      "neither int nor string",
      { "x-kubernetes-int-or-string": true },
      true,
      ['a: Invalid value: "boolean": a in body must be of type integer,string: "boolean"'],
    ],
    [
      "a choice",
      { type: "string", enum: ["x", "y"] },
      "z",
      ['a: Unsupported value: "z": supported values: "x", "y"'],
    ],
    [
      "too long",
      { type: "string", maxLength: 2 },
      "abc",
      ["a: Too long: may not be more than 2 bytes"],
    ],
    [
      "too short",
      { type: "string", minLength: 2 },
      "a",
      ['a: Invalid value: "a": a in body should be at least 2 chars long'],
    ],
    [
      "a pattern",
      { type: "string", pattern: "^a+$" },
      "b",
      ["a: Invalid value: \"b\": a in body should match '^a+$'"],
    ],
    [
      "too big",
      { type: "integer", maximum: 2 },
      3,
      ["a: Invalid value: 3: a in body should be less than or equal to 2"],
    ],
    [
      "not small enough",
      { type: "integer", maximum: 2, exclusiveMaximum: true },
      2,
      ["a: Invalid value: 2: a in body should be less than 2"],
    ],
    [
      "no multiple",
      { type: "integer", multipleOf: 5 },
      7,
      ["a: Invalid value: 7: a in body should be a multiple of 5"],
    ],
    [
      "too many items",
      list(text, { maxItems: 1 }),
      ["x", "y"],
      ["a: Too many: 2: must have at most 1 item"],
    ],
    [
      "too few items",
      list(text, { minItems: 1 }),
      [],
      ["a: Invalid value: 0: a in body should have at least 1 items"],
    ],
    [
      "items",
      list(whole),
      [1, "x"],
      ['a[1]: Invalid value: "string": a[1] in body must be of type integer: "string"'],
    ],
    [
      "too many properties",
      { type: "object", additionalProperties: text, maxProperties: 1 },
      { b: "", c: "" },
      ["a: Too many: 2: must have at most 1 item"],
    ],
    [
      "values of a map",
      { type: "object", additionalProperties: whole },
      { b: "x" },
      ['a.b: Invalid value: "string": a.b in body must be of type integer: "string"'],
    ],
    ["what is required", object({ b: text }, { required: ["b"] }), {}, ["a.b: Required value"]],
    [
      "a date",
      { type: "string", format: "date-time" },
      "yesterday",
      ['a: Invalid value: "yesterday": a in body must be of type date-time: "yesterday"'],
    ],
    ["an address", { type: "string", format: "ipv4" }, "10.0.0.1", []],
    [
      "no text where a format is meant",
      { type: "string", format: "date" },
      1,
      ['a: Invalid value: "int64": a in body must be of type date: "int64"'],
    ],
    ["a format of another type says nothing", { type: "object", format: "date" }, {}, []],
    [
      "a small integer that is too big",
      { type: "integer", format: "int32", maximum: 5 },
      2 ** 31,
      [
        '<nil>: Invalid value: "": Checked value must be of type integer with format int32 in a',
        "a: Invalid value: 2147483648: a in body should be less than or equal to 5",
      ],
    ],
    ["an ISBN", { type: "string", format: "isbn10" }, "0-321-75104-3", []],
    [
      "a colour of no amount",
      { type: "string", format: "rgbcolor" },
      "rgb(256,0,0)",
      ['a: Invalid value: "rgb(256,0,0)": a in body must be of type rgbcolor: "rgb(256,0,0)"'],
    ],
    [
      "a text that is wrong twice is told once",
      { type: "string", minLength: 3, pattern: "^b" },
      "a",
      ['a: Invalid value: "a": a in body should be at least 3 chars long'],
    ],
    [
      "null is looked at no further",
      { type: "string", nullable: true, not: { maxLength: 9 } },
      null,
      [],
    ],
    [
      "the nearest of several",
      { type: "object", oneOf: [object({ b: whole }), object({ b: text, c: text })] },
      { b: true, c: "x" },
      [
        '<nil>: Invalid value: "": "a" must validate one and only one schema (oneOf). Found none valid',
        'a.b: Invalid value: "boolean": a.b in body must be of type string: "boolean"',
      ],
    ],
    [
      "none of any",
      { type: "integer", anyOf: [{ maximum: 1 }, { minimum: 5 }] },
      3,
      [
        '<nil>: Invalid value: "": "a" must validate at least one schema (anyOf)',
        "a: Invalid value: 3: a in body should be less than or equal to 1",
      ],
    ],
    [
      "two of one",
      { type: "integer", oneOf: [{ minimum: 1 }, { minimum: 2 }] },
      3,
      [
        '<nil>: Invalid value: "": "a" must validate one and only one schema (oneOf). Found 2 valid alternatives',
      ],
    ],
    [
      "one of all",
      { type: "integer", allOf: [{ minimum: 1 }, { minimum: 5 }] },
      3,
      [
        "a: Invalid value: 3: a in body should be greater than or equal to 5",
        '<nil>: Invalid value: "": "a" must validate all the schemas (allOf)',
      ],
    ],
    [
      "what must not be",
      { type: "integer", not: { minimum: 1 } },
      3,
      ['<nil>: Invalid value: "": "a" must not validate the schema (not)'],
    ],
  ])("%s", (_, schema, value, expected) => {
    expect(texts(validateValue({ a: value }, at(schema)))).toEqual(expected);
  });

  test("what was so before may stay, where its place is known", () => {
    const keyed = list(object({ n: text, v: whole }), {
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["n"],
    });
    const schema = object({ a: whole, b: keyed, c: list(whole) });
    const old = { a: "x", b: [{ n: "one", v: "x" }], c: ["x"] };
    const next = {
      a: "x",
      b: [
        { n: "two", v: 1 },
        { n: "one", v: "x" },
      ],
      c: ["x", 1],
    };
    expect(texts(validateValue(next, schema, old))).toEqual([
      'c[0]: Invalid value: "string": c[0] in body must be of type integer: "string"',
    ]);
    expect(validateValue(old, schema, old)).toEqual([]);
    const moved = { ...old, b: [...old.b].toReversed() };
    expect(validateValue(moved, schema, old)).toEqual([]);
  });

  test.each<[string, Schema, Json, Json, 0 | 1]>([
    [
      "a field in a combination",
      object({}, { allOf: [object({ a: whole })] }),
      { a: "x", b: 1 },
      { a: "x" },
      1,
    ],
    [
      "a declared field in a combination",
      object({ a: text, b: whole }, { allOf: [{ properties: { a: { maxLength: 1 } } }] }),
      { a: "xx", b: 1 },
      { a: "xx" },
      0,
    ],
    [
      "what no schema describes",
      { type: "object", minProperties: 3 },
      { a: { b: 1 } },
      { a: { b: 1 } },
      1,
    ],
    [
      "a list that has grown",
      object({ a: list(text, { maxItems: 1 }) }),
      { a: ["x", "y"] },
      { a: ["x"] },
      1,
    ],
    ["an item that was gone", object({ a: list(whole) }), { a: ["x"] }, { a: ["x", "y"] }, 1],
    [
      "a kind, which is the same after any conversion",
      object({ kind: whole }),
      { kind: "x" },
      { kind: "x" },
      0,
    ],
  ])("%s", (_, schema, next, old, wrong) => {
    expect(validateValue(next, schema, old).length > 0).toBe(wrong > 0);
  });
});

test.each<[string, Schema, unknown, readonly string[]]>([
  [
    "a set",
    list(text, { "x-kubernetes-list-type": "set" }),
    ["a", "b", "a", "a"],
    ['a[2]: Duplicate value: "a"'],
  ],
  [
    "a keyed list",
    list(object({}), { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["n", "p"] }),
    [{ n: 1, p: 2 }, { n: 1 }, { n: 1, p: 2, v: 3 }],
    ['a[2]: Duplicate value: {"n":1,"p":2}'],
  ],
  ["a plain list", list(text), ["a", "a"], []],
])("%s holds nothing twice", (_, schema, value, expected) => {
  expect(texts(validateListTypes({ a: value }, object({ a: schema })))).toEqual(expected);
});

describe("rules", () => {
  const rule = (text: string, more: Json = {}): Json => ({ rule: text, ...more });
  const check = (schema: Schema, value: unknown, previous?: unknown): readonly string[] =>
    texts(
      new SchemaRules(schema).validate(
        value,
        schema,
        previous,
        previous === undefined ? undefined : () => undefined,
      ),
    );
  const ofA = (schema: Schema, ...rules: readonly Json[]): Schema =>
    object({ a: { ...schema, "x-kubernetes-validations": rules } });

  test.each<[string, Schema, unknown, readonly string[]]>([
    [
      "a scalar",
      ofA(whole, rule("self > 1")),
      { a: 1 },
      ["a: Invalid value: 1: failed rule: self > 1"],
    ],
    [
      "a message",
      ofA(whole, rule("self > 1", { message: " more " })),
      { a: 1 },
      ["a: Invalid value: 1: more"],
    ],
    [
      "a message that is an expression",
      ofA(whole, rule("self > 1", { messageExpression: '"not " + string(self)' })),
      { a: 1 },
      ["a: Invalid value: 1: not 1"],
    ],
    [
      "a message that fails",
      ofA(
        list(whole),
        rule("size(self) > 1", {
          messageExpression: '"first " + string(self[9])',
          message: "more",
        }),
      ),
      { a: [] },
      ["a: Invalid value: more"],
    ],
    [
      "a reason",
      ofA(whole, rule("self > 1", { reason: "FieldValueForbidden", message: "no" })),
      { a: 1 },
      ["a: Forbidden: no"],
    ],
    [
      "a path",
      ofA(
        object({ b: text }),
        rule("has(self.b)", { fieldPath: ".b", reason: "FieldValueRequired" }),
      ),
      { a: {} },
      ["a.b: Required value: failed rule: has(self.b)"],
    ],
    [
      "dates and durations",
      ofA(
        object({
          at: { type: "string", format: "date-time" },
          every: { type: "string", format: "duration" },
        }),
        rule("self.at > timestamp('2026-01-01T00:00:00Z') && self.every < duration('1h')"),
      ),
      { a: { at: "2026-02-01T00:00:00Z", every: "30m" } },
      [],
    ],
    [
      "bytes",
      ofA(object({ b: { type: "string", format: "byte" } }), rule("size(self.b) == 3")),
      { a: { b: "YWJj" } },
      [],
    ],
    [
      "int or string",
      ofA(
        { "x-kubernetes-int-or-string": true },
        rule("type(self) == int ? self > 1 : self.endsWith('%')"),
      ),
      { a: "5%" },
      [],
    ],
    [
      "maps",
      ofA(
        { type: "object", additionalProperties: whole },
        rule("self.all(k, k.startsWith('x') && self[k] > 0)"),
      ),
      { a: { x1: 1, y: 1 } },
      ["a: Invalid value: failed rule: self.all(k, k.startsWith('x') && self[k] > 0)"],
    ],
    [
      "names that must be escaped",
      ofA(
        object({ "x-y": whole, in: whole, a__b: whole }),
        rule("self.x__dash__y + self.__in__ + self.a__underscores__b == 6"),
      ),
      { a: { "x-y": 1, in: 2, a__b: 3 } },
      [],
    ],
    [
      "each item of a list",
      object({ a: list({ ...whole, "x-kubernetes-validations": [{ rule: "self < 3" }] }) }),
      { a: [1, 5] },
      ["a[1]: Invalid value: 5: failed rule: self < 3"],
    ],
    [
      "the resource itself",
      object(
        {},
        {
          "x-kubernetes-validations": [
            { rule: "self.metadata.name.startsWith('a') && self.kind == 'A'" },
          ],
        },
      ),
      { kind: "A", metadata: { name: "abc" } },
      [],
    ],
    [
      "a resource whose metadata is declared",
      object(
        { metadata: object({ name: { type: "string", maxLength: 5 } }) },
        { "x-kubernetes-validations": [{ rule: "self.metadata.name == 'abc'" }] },
      ),
      { metadata: { name: "abc" } },
      [],
    ],
    [
      "a field that is not there",
      ofA(object({ b: text }), rule("self.b == 'x'")),
      { a: {} },
      ["a: Invalid value: \"object\": no such key: b evaluating rule: self.b == 'x'"],
    ],
    [
      "null is not looked at",
      ofA({ type: "string", nullable: true }, rule("self == 'x'")),
      { a: null },
      [],
    ],
    [
      "what costs too much",
      ofA(list(whole), rule("self.all(x, self.all(y, self.all(z, x + y + z >= 0)))")),
      { a: Array.from({ length: 120 }, () => 1) },
      [
        "a: Invalid value: \"array\": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: self.all(x, self.all(y, self.all(z, x + y + z >= 0)))",
      ],
    ],
  ])("%s", (_, schema, value, expected) => {
    expect(check(schema, value)).toEqual(expected);
  });

  const grows = ofA(whole, rule("self >= oldSelf", { message: "may not shrink" }));
  const optional = ofA(
    whole,
    rule("!oldSelf.hasValue() || self >= oldSelf.value()", {
      optionalOldSelf: true,
      message: "may not shrink",
    }),
  );
  test.each<[string, Schema, unknown, unknown, readonly string[]]>([
    ["a change for the worse", grows, { a: 1 }, { a: 2 }, ["a: Invalid value: 1: may not shrink"]],
    ["a change for the better", grows, { a: 3 }, { a: 2 }, []],
    ["no predecessor", grows, { a: 1 }, {}, []],
    ["a new object", grows, { a: 1 }, undefined, []],
    [
      "an optional predecessor",
      optional,
      { a: 1 },
      { a: 2 },
      ["a: Invalid value: 1: may not shrink"],
    ],
    ["an optional predecessor that is not there", optional, { a: 1 }, {}, []],
    ["what was wrong before may stay", ofA(whole, rule("self > 1")), { a: 1, b: 2 }, { a: 1 }, []],
  ])("%s", (_, schema, value, previous, expected) => {
    expect(check(schema, value, previous)).toEqual(expected);
  });
});

test.each<[string, unknown]>([
  [".spec.a", "x"],
  [".spec['b.c']", 1],
  [".spec.b\\.c", 1],
  [".list[0].n", "one"],
  [".list[-1].n", "two"],
  [".list[*].n", "one"],
  ['.list[?(@.n=="two")].v', 2],
  [".list[?(@.v>1)].n", "two"],
  [".nothing.at.all", undefined],
  ["no path", undefined],
])("path %s", (path, expected) => {
  const value = {
    spec: { a: "x", "b.c": 1 },
    list: [
      { n: "one", v: 1 },
      { n: "two", v: 2 },
    ],
  };
  expect(jsonPath(path)(value)[0]).toEqual(expected);
});

test("metadata is typed, wherever it stands", () => {
  const schema = object({
    template: object(
      { spec: object({}) },
      { "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true },
    ),
  });
  const custom = { schema } as unknown as Parameters<typeof decodeCustom>[0];
  const decoded = decodeCustom(custom, {
    metadata: { name: "a", nonsense: 1 },
    template: { apiVersion: "v1", kind: "Pod", metadata: { labels: { a: "b" }, odd: 1 } },
  });
  expect(decoded.unknown).toEqual(["metadata.nonsense", "template.metadata.odd"]);
  expect(decoded.value).toEqual({
    metadata: { name: "a" },
    template: { apiVersion: "v1", kind: "Pod", metadata: { labels: { a: "b" } } },
  });
  expect(decodeCustom(custom, { metadata: { labels: { a: 1 } } }).error).toContain(
    "cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string",
  );
});

describe("a resource within", () => {
  const schema = object({
    template: {
      type: "object",
      "x-kubernetes-embedded-resource": true,
      "x-kubernetes-preserve-unknown-fields": true,
    },
  });
  const custom = { schema } as unknown as Parameters<typeof decodeCustom>[0];
  test.each<[string, Json, readonly string[]]>([
    ["is whole", { apiVersion: "v1", kind: "Pod", metadata: { name: "a" } }, []],
    [
      "has a version and a kind",
      { metadata: {} },
      ["template.apiVersion: Required value", "template.kind: Required value"],
    ],
    [
      "has good ones",
      { apiVersion: "a/b/c", kind: "" },
      [
        'template.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
        'template.kind: Invalid value: "": must not be empty',
      ],
    ],
    [
      "has good metadata",
      { apiVersion: "v1", kind: "Pod", metadata: { name: "a/b", finalizers: ["x y"] } },
      [
        "template.metadata.name: Invalid value: \"a/b\": may not contain '/'",
        "template.metadata.finalizers: Invalid value: \"x y\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
  ])("%s", (_, template, expected) => {
    expect(texts(validateEmbedded({ template }, schema))).toEqual(expected);
  });
  test.each<[string, Json, string, Json]>([
    ["a kind", { kind: 1 }, "template.kind: Invalid value: 1: must be a string", {}],
    [
      "a label",
      { metadata: { name: "a", labels: { b: 1 } } },
      'template.metadata: Invalid value: {"name":"a","labels":{"b":1}}: json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string',
      { metadata: { name: "a" } },
    ],
  ])(
    "%s of a wrong type is refused, and dropped from what is stored",
    (_, template, error, left) => {
      expect(decodeCustom(custom, { template }).error).toBe(error);
      expect(coercedMeta({ template }, schema)).toEqual({ template: left });
    },
  );
});

test("nulls that may not be go, wherever they stand, but not items", () => {
  const schema = object({
    a: text,
    b: { type: "object", additionalProperties: whole },
    c: list(text),
    d: { type: "string", default: "x" },
    e: { type: "string", nullable: true },
  });
  const given = { a: null, b: { x: null, y: 1 }, c: [null], d: null, e: null };
  expect(withoutNulls(given, schema)).toEqual({ b: { y: 1 }, c: [null], d: null, e: null });
});
