/**
 * Optionals beyond the interpreter's: `optMap`, `optFlatMap`, `optional.ofNonZeroValue`, `first`, `last`, and what
 * optional elements of literals are rewritten to.
 * Upstream: cel-go cel/library.go OptionalTypes.
 */
import { Optional } from "@marcbachmann/cel-js";
import { UnsignedInt } from "@marcbachmann/cel-js/evaluator";
import type {
  CheckedType,
  Checker,
  Context,
  Evaluator,
  MacroCall,
  Node,
} from "#apiserver/cel/syntax.ts";
import { optionalOfAny } from "#apiserver/cel/object-syntax.ts";
import { asOptional, presentElements, presentEntries } from "#apiserver/cel/optional-elements.ts";
import type { Library } from "./library.ts";
import { sameValue } from "./lists.ts";

interface Mapping {
  readonly receiver: Node;
  readonly variable: string;
  readonly body: Node;
  context?: Context;
}

/** `optional.optMap(x, f(x))`; flat when f gives an optional itself. */
const mapping =
  (flat: boolean) =>
  ({ args, receiver }: MacroCall): unknown => ({
    receiver,
    variable: args[0]?.args as string,
    body: args[1],
    typeCheck(checker: Checker, macro: Mapping, context: Context): CheckedType {
      const of = checker.check(macro.receiver, context).valueType ?? checker.getType("dyn");
      macro.context = context.forkWithVariable(macro.variable, of);
      const result = checker.check(macro.body, macro.context);
      return flat ? result : checker.registry.getOptionalType(result);
    },
    evaluate(evaluator: Evaluator, macro: Mapping, context: Context): unknown {
      const optional = evaluator.run(macro.receiver, context) as Optional;
      const inner = macro.context?.reuse(context);
      if (!optional.hasValue() || inner === undefined) return Optional.none();
      const result = evaluator.run(macro.body, inner.setIterValue(optional.value(), evaluator));
      return flat ? result : Optional.of(result);
    },
  });

function isZero(value: unknown): boolean {
  if (value === null || value === 0 || value === 0n || value === "" || value === false) return true;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0;
  if (value instanceof Map) return value.size === 0;
  if (value instanceof UnsignedInt) return value.valueOf() === 0n;
  return typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype
    ? Object.keys(value).length === 0
    : false;
}

/** Literals with keys that are all texts are plain objects. */
function presentOf(
  map: ReadonlyMap<unknown, Optional> | Readonly<Record<string, Optional>>,
): unknown {
  const isPlain = !(map instanceof Map);
  const entries = (isPlain ? Object.entries(map) : [...map]) as readonly [unknown, Optional][];
  const present = entries.flatMap(([key, one]) =>
    one.hasValue() ? [[key, one.value()] as const] : [],
  );
  return isPlain ? Object.fromEntries(present) : new Map(present);
}

export const optionals: Library = (environment) => {
  environment
    .registerOperator("optional == null", () => false)
    .registerOperator("optional<A> == optional<A>", (a: Optional, b: Optional) =>
      a.hasValue() && b.hasValue()
        ? sameValue(a.value(), b.value())
        : a.hasValue() === b.hasValue(),
    )
    .registerFunction("optional.optMap(ast, ast): optional<dyn>", mapping(false))
    .registerFunction("optional.optFlatMap(ast, ast): optional<dyn>", mapping(true))
    .registerFunction(
      "OptionalNamespace.ofNonZeroValue(A): optional<A>",
      (_: unknown, value: unknown) => (isZero(value) ? Optional.none() : Optional.of(value)),
    )
    .registerFunction("list<A>.first(): optional<A>", (list: readonly unknown[]) =>
      Optional.of(list[0]),
    )
    .registerFunction("list<A>.last(): optional<A>", (list: readonly unknown[]) =>
      Optional.of(list.at(-1)),
    )
    .registerFunction(
      `${presentElements}(list<optional<A>>): list<A>`,
      (list: readonly Optional[]) => list.flatMap((one) => (one.hasValue() ? [one.value()] : [])),
    )
    .registerFunction(`${presentEntries}(map<A, optional<B>>): map<A, B>`, presentOf)
    .registerFunction(`${asOptional}(optional<A>): optional<A>`, (one: Optional) => one)
    .registerFunction(`${optionalOfAny}(optional<A>): optional<dyn>`, (one: Optional) => one);
};
