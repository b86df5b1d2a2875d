/**
 * An expression and an environment become a program, or the reason why not.
 * Upstream: apiserver/pkg/admission/plugin/cel/compile.go, apiextensions-apiserver/pkg/apiserver/schema/cel/compilation.go.
 */
import { limited, outOfBudgetText, overLimitText, perCallLimit, spend } from "./cost.ts";
import type { Budget } from "./cost.ts";
import type { CelEnvironment } from "./environment.ts";
import {
  compileErrorText,
  evaluationErrorText,
  nodeErrorText,
  type Source,
  typeText,
} from "./failure.ts";
import { regexProblem } from "./libraries/regex.ts";
import { estimatedCost, type Sized } from "./estimate.ts";
import { withoutOptionalElements } from "./optional-elements.ts";
import { replaceHas } from "./presence.ts";
import { replacedName } from "./replaced.ts";
import { childrenOf, walk } from "./syntax.ts";
import { through } from "./tokens.ts";
import type { CheckedType, Node } from "./syntax.ts";

export type Evaluated =
  | { readonly value: unknown }
  | {
      readonly error: string;
      /** The cost was the reason: its own, or that of all together. */ readonly over?:
        | "call"
        | "budget";
    };

export interface Program {
  /** The result's type as cel-go prints it: `bool`, `list(string)`. */
  readonly type: string;
  /** Names of top-level variables that the expression reads. */
  readonly reads: ReadonlySet<string>;
  /** Never throws. What it costs is taken from the budget, when there is one. */
  evaluate(variables: Readonly<Record<string, unknown>>, budget?: Budget): Evaluated;
  /** What it may cost at most. `self`: how large that may be. */
  estimate(self: Sized): number;
}

export interface CompileFailure {
  /** cel-go's text: callers put `compilation failed: ` before it. */
  readonly error: string;
}

/** Compiled once per environment. `source`: what was rewritten to this expression. */
export function compile(
  expression: string,
  environment: CelEnvironment,
  source?: Source,
): CompileFailure | Program {
  return environment.kept(expression, () => compileAnew(expression, environment, source));
}

function compileAnew(
  written: string,
  environment: CelEnvironment,
  given: Source | undefined,
): CompileFailure | Program {
  const plain = withoutOptionalElements(written);
  const expression = plain?.expression ?? written;
  const source = through(given, plain?.source);
  try {
    const parsed = environment.parse(expression);
    const tree = parsed.ast as unknown as Node;
    const literal = literalProblem(tree);
    if (literal !== undefined) return { error: literal };
    rename(tree);
    const { valid, error } = parsed.check();
    if (!valid) return failure(error, expression, environment, source);
    const nodes = countRounds(tree);
    const checked = (tree as { checkedType?: CheckedType }).checkedType;
    return {
      type: typeText(checked),
      reads: readsOf(tree),
      evaluate: (variables, budget) => run(parsed, nodes, variables, budget),
      estimate: (self) => estimatedCost(tree, self),
    };
  } catch (error) {
    return failure(error, expression, environment, source);
  }
}

const failure = (
  error: unknown,
  expression: string,
  environment: CelEnvironment,
  source: Source | undefined,
): CompileFailure => ({
  error: compileErrorText(error, expression, (name) => environment.hasFunction(name), source),
});

function run(
  program: (variables: Record<string, unknown>) => unknown,
  nodes: number,
  variables: Readonly<Record<string, unknown>>,
  budget: Budget | undefined,
): Evaluated {
  const limit = Math.min(perCallLimit, budget?.remaining ?? perCallLimit);
  const { cost, over, value } = limited(limit, (): Evaluated => {
    try {
      spend(nodes);
      return { value: program(variables as Record<string, unknown>) };
    } catch (error) {
      return { error: evaluationErrorText(error) };
    }
  });
  if (budget !== undefined) budget.remaining -= cost;
  if (!over) return value;
  return limit < perCallLimit
    ? { error: outOfBudgetText, over: "budget" }
    : { error: overLimitText, over: "call" };
}

/** Literal patterns are compiled now. Upstream: cel.ValidateRegexLiterals. */
function literalProblem(tree: Node): string | undefined {
  let problem: string | undefined;
  walk(tree, (node) => {
    if (node.op !== "rcall" || problem !== undefined) return;
    const [name, , args] = node.args as [string, Node, readonly Node[]];
    const [pattern] = args;
    if (name !== "matches" || pattern?.op !== "value" || typeof pattern.args !== "string") return;
    const wrong = regexProblem(pattern.args);
    if (wrong !== undefined) problem = nodeErrorText(pattern, `invalid matches argument: ${wrong}`);
  });
  return problem;
}

function rename(tree: Node): void {
  walk(tree, (node) => {
    if (node.op !== "call" && node.op !== "rcall") return;
    const args = node.args as unknown[];
    if (args[0] === "has" && node.op === "call") replaceHas(node);
    args[0] = replacedName(args[0] as string);
  });
}

function readsOf(tree: Node): ReadonlySet<string> {
  const names = new Set<string>();
  walk(tree, ({ op, args }) => {
    if (op === "id") names.add(args as string);
  });
  return names;
}

/** How many nodes; and each round of a comprehension spends those of its body. */
function countRounds(node: Node): number {
  const counts = childrenOf(node).map(countRounds);
  const count = counts.reduce((sum, one) => sum + one, 1);
  const expanded = node.meta.alternate;
  if (expanded?.op === "comprehension") {
    const { step } = expanded.args as { step: Node };
    // What is walked over is made once.
    const ofRound = count - (counts[0] ?? 0);
    step.evaluate = (evaluator, ast, context) => {
      spend(ofRound);
      return step.meta.evaluate(evaluator, ast, context);
    };
  }
  return count;
}
