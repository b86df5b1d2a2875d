import { expect, test } from "vitest";
import { compile } from "#apiserver/cel/compile.ts";
import { newBudget, perCallLimit, runtimeBudget } from "#apiserver/cel/cost.ts";
import { baseEnvironment } from "#apiserver/cel/environment.ts";
import { objectType } from "#apiserver/cel/object-type.ts";

const inner = objectType("Object.spec", {
  replicas: {
    type: "int",
    read: ({ replicas }) => (replicas === undefined ? undefined : BigInt(replicas as number)),
  },
  name: { type: "string", read: ({ name }) => name },
  tags: { type: "list<string>", read: ({ tags }) => tags },
});
const outer = objectType("Object", {
  spec: { type: "Object.spec", read: ({ spec }) => spec && new inner.construct(spec) },
});
const environment = baseEnvironment().extend({
  types: [inner, outer],
  variables: { self: "Object", oldSelf: "Object" },
});
const one = new outer.construct({ spec: { replicas: 3, name: "a", tags: ["x"] } });
const other = new outer.construct({ spec: { replicas: 2 } });

function result(expression: string): unknown {
  const program = compile(expression, environment);
  if ("error" in program) return program.error;
  return program.evaluate({ self: one, oldSelf: other });
}

test.each<[string, unknown]>([
  ["self.spec.replicas >= oldSelf.spec.replicas", { value: true }],
  ["has(self.spec.name) && !has(oldSelf.spec.name)", { value: true }],
  [
    "has(self.spec.tags) && [self][0].spec.tags.exists(t, has([oldSelf][0].spec.name) || t == 'x')",
    { value: true },
  ],
  ["self == oldSelf || self.spec != self.spec || self.spec == null", { value: false }],
  ["self.spec.tags.all(t, t.startsWith('x'))", { value: true }],
  ["oldSelf.spec.name == 'a'", { error: "no such key: name" }],
  ["self.spec.?name.orValue('b')", { value: "a" }],
  ["[?self.spec.?name, ?oldSelf.spec.?name, 'z']", { value: ["a", "z"] }],
  ["[?optional.none()]", { value: [] }],
  ["{?'a': self.spec.?name, ?'b': oldSelf.spec.?name, 'c': 'z'}", { value: { a: "a", c: "z" } }],
  ["{true ? 'a' : 'b': 1, ?'c': optional.of(2)} == {'a': 1, 'c': 2}", { value: true }],
  ["[?self.spec.?tags[?0], // first\n  '?, [?'][?1].orValue('') == '?, [?'", { value: true }],
  ["[[?optional.of(1)], [2]].map(x, x[?0].orValue(0)) == [1, 2]", { value: true }],
])("%s", (expression, expected) => {
  expect(result(expression)).toEqual(expected);
});

const at = (column: number, message: string, expression: string): string =>
  `ERROR: <input>:1:${column}: ${message}\n | ${expression}\n | ${".".repeat(column - 1)}^`;

test.each<[string, number, string]>([
  ["self.spec.replica > 1", 10, "undefined field 'replica'"],
  ["has(self.spec.replica)", 14, "undefined field 'replica'"],
  ["has(self)", 5, "invalid argument to has() macro"],
  ["me.spec.replicas > 1", 1, "undeclared reference to 'me' (in container '')"],
  [
    "self.spec.replicas > 'a'",
    20,
    "found no matching overload for '_>_' applied to '(int, string)'",
  ],
  [
    "self.spec.name.startsWith(1)",
    26,
    "found no matching overload for 'startsWith' applied to 'string.(int)'",
  ],
  ["['a', ?self.spec.name]", 17, "expected type 'optional_type(string)' but found 'string'"],
  ["[1, 'a', ?optional.of(3)]", 5, "expected type 'int' but found 'string'"],
  ["{?'a': nothing}", 8, "undeclared reference to 'nothing' (in container '')"],
  ["nonsense(self.spec)", 9, "undeclared reference to 'nonsense' (in container '')"],
  [
    "self.spec.name.matches('(')",
    24,
    "invalid matches argument: error parsing regexp: missing closing ): `(`",
  ],
  [
    "self.spec.name.matches(2)",
    23,
    "found no matching overload for 'matches' applied to 'string.(int)'",
  ],
  ["self.spec.name.first == 1", 15, "type 'string' does not support field selection"],
  ["true ? 1 : 'a'", 6, "found no matching overload for '_?_:_' applied to '(bool, int, string)'"],
  ["self.spec.name && true", 10, "expected type 'bool' but found 'string'"],
  ["self.spec.tags == ['a', 1]", 25, "expected type 'string' but found 'int'"],
  [
    "self.spec.replicas >",
    21,
    "Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}",
  ],
  ["self.spec self", 11, "Syntax error: mismatched input 'self' expecting <EOF>"],
])("%s does not compile", (expression, column, message) => {
  expect(result(expression)).toBe(at(column, message, expression));
});

test("a program tells its type and what it reads, and is kept", () => {
  const program = compile("self.spec.tags.map(t, t + oldSelf.spec.name)", environment);
  expect(program).toMatchObject({ type: "list(string)", reads: new Set(["self", "t", "oldSelf"]) });
  expect(compile("self.spec.tags.map(t, t + oldSelf.spec.name)", environment)).toBe(program);
});

test("expressions share a budget, and each has a limit of its own", () => {
  const budget = newBudget();
  const loop = compile("lists.range(300).all(x, lists.range(300).all(y, x + y >= 0))", environment);
  const small = compile("1 < 2", environment);
  if ("error" in loop || "error" in small) throw new Error("does not compile");
  expect(small.evaluate({}, budget)).toEqual({ value: true });
  expect(budget.remaining).toBe(runtimeBudget - 3);
  let failed = 0;
  for (let i = 0; i < 50; i += 1) if ("error" in loop.evaluate({}, budget)) failed += 1;
  expect(failed).toBeGreaterThan(0);
  expect(budget.remaining).toBeLessThan(perCallLimit);
});
