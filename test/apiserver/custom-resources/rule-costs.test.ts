/** What rules may cost at most: the figures are upstream's (schema/cel/compilation_test.go TestCostEstimation). */
import { expect, test } from "vitest";
import { SchemaRules } from "#apiserver/custom-resources/schema/rules.ts";
import { sizeOf } from "#apiserver/custom-resources/schema/sizes.ts";
import { validateDefinition } from "#apiserver/custom-resources/definition/validation.ts";
import type { Json } from "#test/support/api.ts";

/** A type, or a format of strings. */
const plain = (type: string): Json =>
  type === "int-or-string"
    ? { "x-kubernetes-int-or-string": true }
    : ["duration", "date", "date-time"].includes(type)
      ? { type: "string", format: type }
      : { type };
const string = (maxLength?: number): Json => ({ type: "string", maxLength });
const array = (items: Json, maxItems?: number): Json => ({ type: "array", items, maxItems });
const map = (additionalProperties: Json, maxProperties?: number): Json => ({
  type: "object",
  additionalProperties,
  maxProperties,
});
const object = (properties: Json, required: readonly string[] = []): Json => ({
  type: "object",
  properties,
  required,
});
const pair = object({ required: string(), optional: string() }, ["required"]);
type Of = (most?: number) => Json;
const arrayOf =
  (type: string): Of =>
  (most) =>
    array(plain(type), most);
const mapOf =
  (type: string): Of =>
  (most) =>
    map(plain(type), most);
const text: Of = (most) => string(most);
const bytes: Of = (most) => ({ type: "string", format: "byte", maxLength: most });

const estimate = (schema: Json, rule: string): number => {
  const whole = { ...schema, "x-kubernetes-validations": [{ rule }] };
  const holder = object({ it: whole });
  const [compiled] = new SchemaRules(holder).of(whole);
  expect(compiled?.error).toBeUndefined();
  return compiled?.program?.estimate(sizeOf(whole, false)!) ?? Number.NaN;
};

const over = (least: number): object => ({
  asymmetricMatch: (cost: number) => cost > least,
  toString: () => `more than ${least}`,
});

test.each<[string, Of, string, number | object, number, number]>([
  ["numbers", arrayOf("number"), "self.all(x, true)", 4718591, 10, 32],
  ["strings", arrayOf("string"), "self.all(x, true)", 3145727, 20, 62],
  ["booleans", arrayOf("boolean"), "self.all(x, true)", 1887437, 5, 17],
  ["arrays", (most) => array(array(plain("number")), most), "self.all(x, true)", 3145727, 100, 302],
  ["objects", (most) => array(pair, most), "self.all(x, true)", 555128, 50, 152],
  ["map of numbers", mapOf("number"), "self.all(x, true)", 1348169, 10, 32],
  ["map of numbers", mapOf("number"), "has(self.x)", 1, 100, 1],
  ["map of strings", mapOf("string"), "self.all(x, true)", 1179647, 3, 11],
  ["map of booleans", mapOf("boolean"), "self.all(x, true)", 943718, 100, 302],
  ["string", text, "self.contains('test')", 314574, 10, 5],
  ["string", text, "self.startsWith('test')", 2, 15, 2],
  ["string", text, "self.endsWith('test')", 2, 30, 2],
  ["string", text, 'size(self + "hello") > size("hello")', 314578, 4, 7],
  ["numbers", arrayOf("number"), "self[1] == 0.0", 2, 5000, 2],
  ["strings", arrayOf("string"), "self[1] == self[1]", 314577, 8, 314577],
  ["numbers", arrayOf("number"), "self.all(x, self.all(y, true))", over(1e7), 10, 352],
  [
    "numbers",
    arrayOf("number"),
    "self.all(x, self.all(y, self.all(z, true)))",
    over(1e7),
    10,
    3552,
  ],
  ["string", text, 'self.matches("x")', 314574, 50, 22],
  ["string", text, '"".matches("(((((((((())))))))))[0-9]")', 7, 10, 7],
  ["string", text, 'self.matches("")', 1, 100, 1],
  [
    "map of strings",
    (most) => map(string(most), most),
    "self.all(x, x.contains(self[x]))",
    2752507,
    10,
    72,
  ],
  ["map of numbers", mapOf("number"), 'self["x"] == 0.0', 2, 0, 2],
  ["string", text, 'self == "x"', 2, 0, 1],
  ["bytes", bytes, 'self == b"x"', 2, 0, 1],
  ["numbers", arrayOf("number"), "self.all(x, x == 0.0)", 6291454, 3 * 1024 * 2048, 25165826],
  [
    "nested",
    (most) => array(map({ ...pair, maxProperties: most }, most), most),
    'self.all(x, x["y"].required == "z")',
    7340027,
    10,
    72,
  ],
  [
    "nested",
    (most) => array(map(pair, most)),
    'self.all(x, x["y"].required == "z")',
    7340027,
    10,
    7340027,
  ],
  ["either", arrayOf("int-or-string"), "self.all(x, true)", 4718591, 10, 32],
  ["either", arrayOf("int-or-string"), "self[0] == 5", 3, 10, 3],
  ["booleans", arrayOf("boolean"), "self[0] == false", 2, 25, 2],
  ["arrays", (most) => array(array(plain("number")), most), "self[0][0] == -1.0", 3, 51, 3],
  [
    "maps",
    (most) => array(map(plain("number")), most),
    "self.all(x, x.y == 25.2)",
    6291452,
    12,
    74,
  ],
  ["maps", (most) => array(map(plain("number")), most), "self[0].x > 2.0", 4, 3000, 4],
  ["durations", arrayOf("duration"), "self.all(x, true)", 2359295, 5, 17],
  ["durations", arrayOf("duration"), "self[0].getHours() == 2", 4, 525, 4],
  ["dates", arrayOf("date"), "self.all(x, true)", 725936, 15, 47],
  ["dates", arrayOf("date"), "self[2].getDayOfMonth() == 13", 4, 42, 4],
  ["times", arrayOf("date-time"), "self.all(x, true)", 428963, 25, 77],
  ["map of objects", (most) => map(pair, most), "self.all(x, true)", 428963, 20, 62],
  [
    "map of arrays",
    (most) => map(array(plain("number")), most),
    "self.all(x, true)",
    1179647,
    25,
    77,
  ],
  ["map of durations", mapOf("duration"), "self.all(x, true)", 1048577, 5, 17],
  ["map of dates", mapOf("date"), "self.all(x, true)", 524288, 10, 32],
  ["map of times", mapOf("date-time"), "self.all(x, true)", 349526, 25, 77],
  ["string", text, "self.find('[0-9]+') == ''", 629147, 10, 11],
  [
    "strings",
    (most) => array(string(most), most),
    "self.join(' ') == 'aa bb'",
    329853068905,
    10,
    43,
  ],
  ["strings", (most) => array(string(most), most), "self.isSorted() == true", 329854432052, 10, 52],
  [
    "strings",
    (most) => object({ str: string(most), before: string(2), after: string(4) }),
    "self.str.replace(self.before, self.after) == 'does not matter'",
    629154,
    4,
    12,
  ],
  ["string", text, "self.lowerAscii() == 'lower!'", 314575, 10, 6],
  ["map of integers", mapOf("integer"), "oldSelf.size() == self.size()", 5, 10, 5],
  ["map of times", mapOf("date-time"), 'self["a"] == self["b"]', 8, 7, 8],
  ["map of durations", mapOf("duration"), 'self["c"] == self["d"]', 8, 42, 8],
  [
    "choices",
    (most) => ({ ...string(most), enum: ["A", "B", "C", "LongValue"] }),
    "self.contains('A')",
    2,
    1000,
    401,
  ],
  [
    "either",
    (most) => ({ ...plain("int-or-string"), maxLength: most }),
    "isQuantity(self)",
    314574,
    20,
    9,
  ],
])("%s, row %#", (_, of, rule, unlimited, most, limited) => {
  expect([estimate(of(), rule), estimate(of(most), rule)]).toEqual([unlimited, limited]);
});

const definition = (properties: Json): Json => ({
  metadata: { name: "crontabs.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "crontabs", kind: "CronTab", singular: "crontab", listKind: "CronTabList" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: object({ spec: object(properties) }) },
      },
    ],
  },
  status: { storedVersions: ["v1"] },
});
const at = "spec.validation.openAPIV3Schema";
const advice =
  "(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)";

test.each<[string, Json, readonly string[]]>([
  [
    "a rule within its budget",
    {
      a: {
        ...array(plain("number")),
        "x-kubernetes-validations": [{ rule: "self.all(x, x > 0.0)" }],
      },
    },
    [],
  ],
  [
    "a loop in a loop without limits",
    {
      a: {
        ...array(plain("number")),
        "x-kubernetes-validations": [{ rule: "self.all(x, self.all(y, x != y || x == y))" }],
      },
    },
    [
      `${at}.properties[spec].properties[a].x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x ${advice}`,
      `${at}.properties[spec].properties[a].x-kubernetes-validations[0].rule: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema`,
      `${at}: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x ${advice}`,
    ],
  ],
  [
    "a dear rule as often as there may be items",
    {
      a: array(
        { ...string(100), "x-kubernetes-validations": [{ rule: "self.contains('abcdefghijkl')" }] },
        200_000,
      ),
    },
    [
      `${at}.properties[spec].properties[a].items.x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of 1.6x ${advice}`,
    ],
  ],
  [
    "a dear message",
    {
      a: {
        ...string(),
        "x-kubernetes-validations": [
          {
            rule: "self != ''",
            messageExpression: "self.replace('a', self) == '' ? self.find(self) : 'no'",
          },
        ],
      },
    },
    [
      `${at}.properties[spec].properties[a].x-kubernetes-validations[0].messageExpression: Forbidden: estimated messageExpression cost exceeds budget by factor of more than 100x ${advice}`,
      `${at}.properties[spec].properties[a].x-kubernetes-validations[0].messageExpression: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema`,
      `${at}: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x ${advice}`,
    ],
  ],
])("%s", (_, properties, problems) => {
  expect(
    validateDefinition(definition(properties)).map(({ field, message }) => `${field}: ${message}`),
  ).toEqual(problems);
});

const many = `[${Array.from({ length: 100 }, (_, i) => i).join()}]`;
const loop = `${many}.all(x, ${many}.all(y, true))`;
const running = (items: Json, count: number): readonly string[] => {
  const schema = object({ a: array(items) });
  return new SchemaRules(schema)
    .validate({ a: Array.from({ length: count }, () => 1) }, schema, undefined)
    .map(({ field, message }) => `${field.replace(/\d+/, "n")}: ${message}`);
};
test.each<[string, Json, number, string]>([
  [
    "all rules together",
    { rule: loop },
    1000,
    "validation failed due to running out of cost budget, no further validation rules will be run",
  ],
  [
    "one rule",
    { rule: `${many}.all(z, ${loop})` },
    1,
    `'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: ${many}.all(z, ${loop})`,
  ],
  [
    "one message",
    { rule: "false", messageExpression: `${many}.all(z, ${loop}) ? 'a' : 'b'` },
    2,
    `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${JSON.stringify(`${many}.all(z, ${loop}) ? 'a' : 'b'`)}`,
  ],
])("%s may cost too much when run", (_, rule, count, message) => {
  const found = running({ type: "integer", "x-kubernetes-validations": [rule] }, count);
  expect(found).toEqual([`a[n]: Invalid value: "integer": ${message}`]);
});
