/**
 * Comprehensions with two variables, index and value or key and value: `all(i, v, p)`, `exists`, `existsOne`,
 * `transformList`, `transformMap`, `transformMapEntry`.
 * Upstream: cel-go ext/comprehensions.go.
 */
import type { Environment } from "@marcbachmann/cel-js";
import { spend } from "#apiserver/cel/cost.ts";
import { toJson } from "#apiserver/cel/values.ts";
import type {
  CheckedType,
  Checker,
  Context,
  Evaluator,
  MacroCall,
  Node,
} from "#apiserver/cel/syntax.ts";
import type { Library } from "./library.ts";

type Entry = readonly [key: unknown, value: unknown];
/** Runs a body for one entry. */
type Body = (entry: Entry, which?: number) => unknown;

interface Comprehension {
  readonly receiver: Node;
  readonly bodies: readonly Node[];
  outer?: Context;
  inner?: Context;
}
interface Sort {
  /** The type of the whole, from those of the keys and of the last body. */
  readonly type: (checker: Checker, key: CheckedType, last: CheckedType) => CheckedType;
  readonly fold: (entries: readonly Entry[], body: Body) => unknown;
}

function entriesOf(range: unknown): readonly Entry[] {
  if (Array.isArray(range)) return range.map((item, i) => [BigInt(i), item]);
  if (range instanceof Map) return [...range];
  return Object.entries(range as Record<string, unknown>);
}

function variable(node: Node | undefined, message: string): string {
  if (node?.op !== "id") throw new Error(message);
  return node.args as string;
}

const comprehension =
  ({ type, fold }: Sort) =>
  ({ args, receiver }: MacroCall): unknown => {
    const key = variable(args[0], "argument must be a simple name");
    const value = variable(args[1], "argument must be a simple name");
    return {
      receiver,
      bodies: args.slice(2),
      typeCheck(checker: Checker, macro: Comprehension, context: Context): CheckedType {
        const range = checker.check(macro.receiver, context);
        const dyn = checker.getType("dyn");
        const keyType = range.kind === "list" ? checker.getType("int") : (range.keyType ?? dyn);
        macro.outer = context.forkWithVariable(key, keyType);
        macro.inner = macro.outer.forkWithVariable(value, range.valueType ?? dyn);
        const inner = macro.inner;
        const types = macro.bodies.map((body) => checker.check(body, inner));
        return type(checker, keyType, types.at(-1) ?? dyn);
      },
      evaluate(evaluator: Evaluator, macro: Comprehension, context: Context): unknown {
        const entries = entriesOf(evaluator.run(macro.receiver, context));
        const { outer, inner, bodies } = macro;
        return fold(entries, ([k, v], which = bodies.length - 1) => {
          const body = bodies[which];
          if (outer === undefined || inner === undefined || body === undefined) return undefined;
          spend(4);
          const first = outer.reuse(context).setIterValue(k, evaluator);
          return evaluator.run(body, inner.reuse(first).setIterValue(v, evaluator));
        });
      },
    };
  };

/** `all` and `exists`: an error counts only when no entry decides. */
function quantified(entries: readonly Entry[], body: Body, decisive: boolean): boolean {
  let failure: unknown;
  for (const entry of entries) {
    try {
      if (body(entry) === decisive) return decisive;
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return !decisive;
}

const bool: Sort["type"] = (checker) => checker.getType("bool");
const filtered = (entries: readonly Entry[], body: Body, hasFilter: boolean): readonly Entry[] =>
  hasFilter ? entries.filter((entry) => body(entry, 0) === true) : entries;

const transformList = (hasFilter: boolean): Sort => ({
  type: (checker, _, last) => checker.registry.getListType(last),
  fold: (entries, body) => filtered(entries, body, hasFilter).map((entry) => body(entry)),
});
const transformMap = (hasFilter: boolean): Sort => ({
  type: (checker, key, last) => checker.registry.getMapType(key, last),
  fold: (entries, body) =>
    new Map(filtered(entries, body, hasFilter).map((entry) => [entry[0], body(entry)])),
});
const transformMapEntry = (hasFilter: boolean): Sort => ({
  type: (_, __, last) => last,
  fold: (entries, body) => {
    const made = new Map<unknown, unknown>();
    for (const entry of filtered(entries, body, hasFilter))
      for (const [key, value] of entriesOf(body(entry))) {
        if (made.has(key))
          throw new Error(`insert failed: key ${String(toJson(key))} already exists`);
        made.set(key, value);
      }
    return made;
  },
});

const existsOne: Sort = {
  type: bool,
  fold: (entries, body) => entries.filter((entry) => body(entry) === true).length === 1,
};

function macro(environment: Environment, signature: string, sort: Sort): void {
  environment.registerFunction(signature, comprehension(sort));
}

export const comprehensions: Library = (environment) => {
  const all = (decisive: boolean): Sort => ({
    type: bool,
    fold: (entries, body) => quantified(entries, body, decisive),
  });
  macro(environment, "list.all(ast, ast, ast): bool", all(false));
  macro(environment, "list.exists(ast, ast, ast): bool", all(true));
  macro(environment, "list.existsOne(ast, ast, ast): bool", existsOne);
  macro(environment, "list.exists_one(ast, ast, ast): bool", existsOne);
  macro(environment, "list.transformList(ast, ast, ast): list<dyn>", transformList(false));
  macro(environment, "list.transformList(ast, ast, ast, ast): list<dyn>", transformList(true));
  macro(environment, "list.transformMap(ast, ast, ast): map<dyn, dyn>", transformMap(false));
  macro(environment, "list.transformMap(ast, ast, ast, ast): map<dyn, dyn>", transformMap(true));
  macro(
    environment,
    "list.transformMapEntry(ast, ast, ast): map<dyn, dyn>",
    transformMapEntry(false),
  );
  macro(
    environment,
    "list.transformMapEntry(ast, ast, ast, ast): map<dyn, dyn>",
    transformMapEntry(true),
  );
};
