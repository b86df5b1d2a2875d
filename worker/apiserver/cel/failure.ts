/**
 * What is wrong with an expression, in cel-go's words: `ERROR: <input>:1:5: undefined field 'a'`, the line,
 * and a mark below it.
 * Upstream: cel-go common/errors.go, checker/errors.go, parser/errors.go; interpreter errors.
 * Differs: the first error alone is told, because the type checker stops there.
 */
import { EvaluationError, ParseError, TypeError as CelTypeError } from "@marcbachmann/cel-js";
import { textFieldOf } from "./object-syntax.ts";
import { asOptional, hasOptionalElements } from "./optional-elements.ts";
import { writtenName } from "./replaced.ts";
import { isInfix } from "./syntax.ts";
import type { CheckedType, Node } from "./syntax.ts";

const expectedTokens =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

/** Types as cel-go prints them. */
export function typeText(type: CheckedType | undefined): string {
  if (type === undefined) return "dyn";
  switch (type.kind) {
    case "dyn":
    case "param":
      return "dyn";
    case "list":
      return `list(${typeText(type.valueType)})`;
    case "map":
      return `map(${typeText(type.keyType)}, ${typeText(type.valueType)})`;
    case "optional":
      return `optional_type(${typeText(type.valueType)})`;
    default:
      return type.name.replace(/^google\.protobuf\.(Duration|Timestamp)$/, (_, name: string) =>
        name.toLowerCase(),
      );
  }
}

const typesText = (nodes: readonly Node[]): string =>
  `(${nodes.map((node) => typeText(node.checkedType)).join(", ")})`;

interface Problem {
  readonly message: string;
  readonly offset: number;
}
const noOverload = (name: string, applied: string): string =>
  `found no matching overload for '${name}' applied to '${applied}'`;
const undeclared = (name: string): string => `undeclared reference to '${name}' (in container '')`;

function operatorProblem(node: Node): Problem {
  if (!isInfix(node.op))
    return { message: noOverload(node.op, typesText([node.args as Node])), offset: node.start };
  const [left, right] = node.args as [Node, Node];
  const found = node.input.indexOf(node.op, left.end);
  const name = node.op === "in" ? "@in" : `_${node.op}_`;
  return {
    message: noOverload(name, typesText([left, right])),
    offset: found < 0 ? node.start : found,
  };
}

function callProblem(node: Node, knows: (name: string) => boolean): Problem {
  const args = node.args as readonly unknown[];
  const name = writtenName(args[0] as string);
  const receiver = node.op === "rcall" ? (args[1] as Node) : undefined;
  const given = (node.op === "rcall" ? args[2] : args[1]) as readonly Node[];
  const [first] = given;
  if (name === asOptional && first !== undefined) {
    const type = typeText(first.checkedType);
    const message = `expected type 'optional_type(${type})' but found '${type}'`;
    return { message, offset: offsetOf(first) };
  }
  const field = textFieldOf(name);
  if (field !== undefined && first !== undefined) {
    const message = `expected type of field '${field}' is 'string' but provided type is '${typeText(first.checkedType)}'`;
    return { message, offset: node.start };
  }
  const open = node.input.indexOf("(", node.input.indexOf(name, receiver?.end ?? node.start));
  const applied =
    receiver === undefined
      ? typesText(given)
      : `${typeText(receiver.checkedType)}.${typesText(given)}`;
  return {
    message: knows(args[0] as string) ? noOverload(name, applied) : undeclared(name),
    offset: open < 0 ? node.start : open,
  };
}

/** A selection stands at its dot. */
const dotOf = (node: Node): number => node.input.lastIndexOf(".", node.pos);
/** Where cel-go says that a node is: operators at their sign, calls at their parenthesis. */
function offsetOf(node: Node): number {
  if (node.op === "." || node.op === ".?") return dotOf(node);
  if (isInfix(node.op)) return operatorProblem(node).offset;
  return node.op === "call" || node.op === "rcall"
    ? callProblem(node, () => true).offset
    : node.start;
}

/** `node`: the element. Of a literal with optional elements the optionals around them were written by nobody. */
function elementText(summary: string, node: Node): string {
  const text = summary.replace(/^.*, /, "");
  const name = node.op === "call" ? (node.args as readonly unknown[])[0] : undefined;
  const isWrapped = name === asOptional || node.input.startsWith("optional.of(", node.start);
  return isWrapped && hasOptionalElements(node.input)
    ? text.replaceAll(/'optional<(.*?)>'/g, "'$1'")
    : text;
}

function typeProblem(
  error: { readonly code: string; readonly summary: string },
  node: Node,
  knows: (name: string) => boolean,
): Problem {
  switch (error.code) {
    case "unknown_variable":
      return { message: undeclared(String(node.args)), offset: node.start };
    case "no_such_key":
      return {
        message: `undefined field '${String((node.args as readonly unknown[])[1])}'`,
        offset: dotOf(node),
      };
    case "no_such_overload":
      return operatorProblem(node);
    case "no_matching_overload":
      return callProblem(node, knows);
    case "cannot_index_type": {
      const [left, right] = node.args as [Node, Node];
      return node.op === "."
        ? {
            message: `type '${typeText(left.checkedType)}' does not support field selection`,
            offset: dotOf(node),
          }
        : { message: noOverload("_[_]", typesText([left, right])), offset: left.end };
    }
    case "incompatible_ternary_branches":
      return {
        message: noOverload("_?_:_", typesText(node.args as readonly Node[])),
        offset: node.input.indexOf("?", node.start),
      };
    case "invalid_condition_type":
    case "invalid_logical_operand": {
      const bad = node.op === "&&" || node.op === "||" ? (node.args as Node[]) : [node];
      const wrong = bad.find(({ checkedType }) => typeText(checkedType) !== "bool") ?? node;
      return {
        message: `expected type 'bool' but found '${typeText(wrong.checkedType)}'`,
        offset: offsetOf(wrong),
      };
    }
    case "heterogeneous_list_element":
    case "heterogeneous_map_key":
    case "heterogeneous_map_value":
      return { message: elementText(error.summary, node), offset: offsetOf(node) };
    default:
      return { message: error.summary, offset: node.pos };
  }
}

function syntaxProblem(
  code: string,
  summary: string,
  expression: string,
  offset: number,
  end: number,
): Problem {
  if (offset >= expression.trimEnd().length && code !== "limit_exceeded")
    return {
      message: `Syntax error: mismatched input '<EOF>' expecting ${expectedTokens}`,
      offset: expression.length,
    };
  if (code === "unexpected_character" || code === "unexpected_token" || code === "expected_token") {
    const token = expression.slice(offset, Math.max(end, offset + 1));
    return {
      message:
        code === "unexpected_token"
          ? `Syntax error: extraneous input '${token}' expecting ${expectedTokens}`
          : `Syntax error: mismatched input '${token}' expecting <EOF>`,
      offset,
    };
  }
  return { message: `Syntax error: ${summary}`, offset };
}

/** The text that a person wrote, where it was rewritten before it was parsed. */
export interface Source {
  readonly text: string;
  /** Where in it an offset of the rewritten text is. */
  at(offset: number): number;
}

function marked(expression: string, { message, offset }: Problem): string {
  const before = expression.slice(0, Math.max(offset, 0));
  const line = before.split("\n").length;
  const column = before.length - (before.lastIndexOf("\n") + 1);
  const text = expression.split("\n")[line - 1] ?? "";
  return `ERROR: <input>:${line}:${column + 1}: ${message}\n | ${text}\n | ${".".repeat(column)}^`;
}

/** Of a parse or type error; `knows` tells whether a function of that name exists at all. */
export function compileErrorText(
  error: unknown,
  expression: string,
  knows: (name: string) => boolean,
  source?: Source,
): string {
  const told = (problem: Problem): string =>
    source === undefined
      ? marked(expression, problem)
      : marked(source.text, { ...problem, offset: source.at(problem.offset) });
  if (error instanceof ParseError)
    return told(
      syntaxProblem(
        error.code,
        error.summary,
        expression,
        error.range?.start ?? 0,
        error.range?.end ?? 0,
      ),
    );
  if (error instanceof CelTypeError && error.node !== undefined)
    return told(typeProblem(error, error.node as unknown as Node, knows));
  return told({
    message: error instanceof Error ? error.message : String(error),
    offset: 0,
  });
}

/** A compile-time finding of this room's own, at a node. */
export const nodeErrorText = (node: Node, message: string): string =>
  marked(node.input, { message, offset: node.start });

/** Of an evaluation: cel-go's short words. */
export function evaluationErrorText(error: unknown): string {
  if (!(error instanceof EvaluationError))
    return error instanceof Error ? error.message : String(error);
  switch (error.code) {
    case "no_such_key":
    case "index_out_of_bounds":
      return error.summary
        .replace(/^No such key: index out of bounds, index (-?\d+).*/, "index out of bounds: $1")
        .replace(/^No such key/, "no such key");
    case "no_such_overload":
    case "no_matching_overload":
    case "invalid_logical_operand":
      return "no such overload";
    case "modulo_by_zero":
      return "modulus by zero";
    case "numeric_overflow":
      return "integer overflow";
    case "optional_value_missing":
      return "optional.none() dereference";
    default:
      return error.summary;
  }
}
