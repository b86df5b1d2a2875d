/**
 * Lists: `isSorted`, `sum`, `min`, `max`, `indexOf`, `lastIndexOf`, and those of cel-go's extension in version 3.
 * Upstream: apiserver/pkg/cel/library/lists.go, cel-go ext/lists.go.
 */
import { Duration, UnsignedInt } from "@marcbachmann/cel-js/evaluator";
import { equal } from "#apimachinery/equal.ts";
import { spend } from "#apiserver/cel/cost.ts";
import { toJson } from "#apiserver/cel/values.ts";
import type { Checker, Context, Evaluator, MacroCall, Node } from "#apiserver/cel/syntax.ts";
import type { CheckedType } from "#apiserver/cel/syntax.ts";
import { namespace } from "./library.ts";
import type { Library } from "./library.ts";

type List = readonly unknown[];
const duration = "google.protobuf.Duration";
const timestamp = "google.protobuf.Timestamp";
const comparable = ["int", "uint", "double", "bool", duration, timestamp, "string", "bytes"];

/** Of two values of one comparable type. */
function compare(a: unknown, b: unknown): number {
  if (a instanceof Uint8Array && b instanceof Uint8Array)
    return compare([...a].join(), [...b].join());
  const [left, right] = [a, b] as [number, number];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Equality of CEL values, whatever their types. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  // JSON has one number: 1 and 1.0 are equal in CEL too.
  return equal(toJson(a), toJson(b));
}

function best(name: string, wanted: number): (list: List) => unknown {
  return (list) => {
    spend(list.length * 0.1);
    if (list.length === 0) throw new Error(`${name} called on empty list`);
    return list.reduce((found, next) => (compare(next, found) === wanted ? next : found));
  };
}

const sumOf: Readonly<Record<string, (list: List) => unknown>> = {
  int: (list) => (list as readonly bigint[]).reduce((sum, next) => sum + next, 0n),
  uint: (list) =>
    new UnsignedInt(
      (list as readonly UnsignedInt[]).reduce((sum, next) => sum + next.valueOf(), 0n),
    ),
  double: (list) => (list as readonly number[]).reduce((sum, next) => sum + next, 0),
  [duration]: (list) =>
    (list as readonly Duration[]).reduce((sum, next) => sum.addDuration(next), new Duration(0n)),
};

function slice(list: List, from: bigint, to: bigint): List {
  if (from < 0n || to < 0n)
    throw new Error(`cannot slice(${from}, ${to}), negative indexes not supported`);
  if (from > to)
    throw new Error(
      `cannot slice(${from}, ${to}), start index must be less than or equal to end index`,
    );
  if (to > BigInt(list.length))
    throw new Error(`cannot slice(${from}, ${to}), list is length ${list.length}`);
  return list.slice(Number(from), Number(to));
}

function flatten(list: List, depth = 1n): List {
  if (depth < 0n) throw new Error("level must be non-negative");
  const flat = list.flat(Number(depth));
  spend(flat.length * 0.1);
  return flat;
}

function distinct(list: List): List {
  const found: unknown[] = [];
  for (const item of list) {
    spend(found.length);
    if (!found.some((one) => sameValue(one, item))) found.push(item);
  }
  return found;
}

function range(size: bigint): readonly bigint[] {
  if (size < 0n) throw new Error("range() requires a non-negative size");
  spend(Number(size));
  return Array.from({ length: Number(size) }, (_, i) => BigInt(i));
}

function sort(list: List, keys: List = list): List {
  spend(list.length * 2);
  const order = list.map((_, i) => i);
  if (new Set(keys.map((key) => typeof key)).size > 1)
    throw new Error("list elements must have the same type");
  return order.toSorted((a, b) => compare(keys[a], keys[b])).map((i) => list[i]);
}

interface SortBy {
  readonly receiver: Node;
  readonly variable: string;
  readonly key: Node;
  context?: Context;
}
/** `list.sortBy(item, key)` */
const sortBy = ({ args, receiver }: MacroCall): unknown => ({
  receiver,
  variable: args[0]?.args as string,
  key: args[1],
  typeCheck(checker: Checker, macro: SortBy, context: Context): CheckedType {
    const list = checker.check(receiver, context);
    macro.context = context.forkWithVariable(
      macro.variable,
      list.valueType ?? checker.getType("dyn"),
    );
    checker.check(macro.key, macro.context);
    return list;
  },
  evaluate(evaluator: Evaluator, macro: SortBy, context: Context): List {
    const list = evaluator.run(macro.receiver, context) as List;
    const inner = macro.context?.reuse(context);
    const keys = list.map((item) => {
      spend(1);
      return inner && evaluator.run(macro.key, inner.setIterValue(item, evaluator));
    });
    return sort(list, keys);
  },
});

export const listsLibrary: Library = (environment) => {
  for (const type of comparable) {
    environment
      .registerFunction(`list<${type}>.isSorted(): bool`, (list: List) =>
        list.every((item, i) => i === 0 || compare(list[i - 1], item) <= 0),
      )
      .registerFunction(`list<${type}>.min(): ${type}`, best("min", -1))
      .registerFunction(`list<${type}>.max(): ${type}`, best("max", 1))
      .registerFunction(`list<${type}>.sort(): list<${type}>`, (list: List) => sort(list));
  }
  for (const [type, sum] of Object.entries(sumOf))
    environment.registerFunction(`list<${type}>.sum(): ${type}`, sum);
  const lists = namespace(environment, "lists");
  environment
    .registerFunction("list<A>.indexOf(A): int", (list: List, item: unknown) =>
      BigInt(list.findIndex((one) => sameValue(one, item))),
    )
    .registerFunction("list<A>.lastIndexOf(A): int", (list: List, item: unknown) =>
      BigInt(list.findLastIndex((one) => sameValue(one, item))),
    )
    .registerFunction("list<A>.slice(int, int): list<A>", slice)
    .registerFunction("list<A>.reverse(): list<A>", (list: List) => list.toReversed())
    .registerFunction("list<A>.distinct(): list<A>", distinct)
    .registerFunction("list.flatten(): list<dyn>", flatten)
    .registerFunction("list.flatten(int): list<dyn>", flatten)
    .registerFunction(`${lists}.range(int): list<int>`, (_: unknown, size: bigint) => range(size))
    .registerFunction("list.sortBy(ast, ast): list<dyn>", sortBy);
};
