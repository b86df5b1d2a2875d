/**
 * `has(e.f)`: is the field there? The interpreter's own macro takes names alone on the way to the field; the language
 * takes any expression: `has(self.matches[0].path)`.
 * Upstream: cel-go parser/macro.go makeHas.
 */
import { Optional } from "@marcbachmann/cel-js";
import type { CheckedType, Checker, Context, Evaluator, Node } from "./syntax.ts";

interface Has {
  readonly operand: Node;
  readonly selection: Node;
}

/** Puts this macro in the place of the interpreter's, in a call that is parsed but not checked yet. */
export function replaceHas(call: Node): void {
  const [, [selection]] = call.args as readonly [string, readonly Node[]];
  if (selection === undefined) return;
  (call.meta as { macro?: unknown }).macro = {
    selection,
    operand: (selection.args as readonly Node[])[0],
    typeCheck,
    evaluate,
  };
}

function typeCheck(checker: Checker, { operand, selection }: Has, context: Context): CheckedType {
  if (selection.op !== ".")
    throw checker.createError(
      "invalid_macro_argument",
      "invalid argument to has() macro",
      selection,
    );
  const type = checker.check(operand, context);
  if (type.kind !== "optional") checker.checkAccessOnType(selection, context, type);
  return checker.getType("bool");
}

function evaluate(evaluator: Evaluator, { operand, selection }: Has, context: Context): boolean {
  const found = evaluator.run(operand, context);
  const object = found instanceof Optional ? (found.hasValue() ? found.value() : null) : found;
  const [, field] = selection.args as readonly [Node, string];
  return evaluator.debugType(object).fieldLazy(object, field, selection, evaluator) !== undefined;
}
