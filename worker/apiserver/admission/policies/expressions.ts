/**
 * Expressions of policies and webhooks: compiled once, evaluated with upstream's words for what goes wrong.
 * Upstream: apiserver/pkg/admission/plugin/cel/{compile,condition,composition}.go, plugin/webhook/matchconditions/matcher.go.
 */
import { aggregated } from "#apimachinery/aggregate.ts";
import type { V1MatchCondition, V1Variable } from "#apimachinery/api/admissionregistration-v1.ts";
import { compile, type Program } from "#apiserver/cel/compile.ts";
import { type Budget, runtimeBudget } from "#apiserver/cel/cost.ts";
import type { CelEnvironment } from "#apiserver/cel/environment.ts";
import { type ObjectType, objectType } from "#apiserver/cel/object-type.ts";
import { conditionEnvironment, requestResourceName } from "./variables.ts";

export type Outcome = { readonly value: unknown } | { readonly error: string };
export type Values = Readonly<Record<string, unknown>>;

/** What all match conditions of one hook may cost. Upstream: RuntimeCELCostBudgetMatchConditions. */
const conditionsBudget = runtimeBudget / 4;

export const plain = (expression: string): string =>
  expression.replaceAll(/\bauthorizer\s*\.\s*requestResource\b/g, requestResourceName);

function typeProblem({ type }: Program, returns: readonly string[]): string | undefined {
  const isAllowed = returns.some((one) => type === one || type.startsWith(`${one}(`));
  if (isAllowed || returns.length === 0) return undefined;
  return returns.length === 1
    ? `must evaluate to ${returns[0]} but got ${type}`
    : `must evaluate to one of [${returns.join(" ")}] but got ${type}`;
}

export function evaluate(
  expression: string,
  environment: CelEnvironment,
  returns: readonly string[],
  { values, budget }: { readonly values: Values; readonly budget: Budget },
): Outcome {
  const program = compile(plain(expression), environment);
  const problem =
    "error" in program ? `compilation failed: ${program.error}` : typeProblem(program, returns);
  if (problem !== undefined || "error" in program)
    return { error: `compilation error: ${problem}` };
  const result = program.evaluate(values, budget);
  if (!("error" in result)) return result;
  if (result.over === "budget") return { error: result.error };
  return { error: `expression '${expression}' resulted in error: ${result.error}` };
}

/** Do all conditions hold? One that does not decides, whatever went wrong with others. */
export function conditionsHold(
  conditions: readonly V1MatchCondition[],
  environment: CelEnvironment,
  values: Values,
): boolean | { readonly error: string } {
  const budget = { remaining: conditionsBudget };
  const errors: string[] = [];
  for (const { expression } of conditions) {
    const outcome = evaluate(expression, environment, ["bool"], { values, budget });
    if ("error" in outcome) errors.push(outcome.error);
    else if (outcome.value === false) return false;
  }
  return errors.length === 0 ? true : { error: aggregated(errors) };
}

/** An environment in which `variables.<name>` are known, and what makes their values: each is worked out once, when asked for. */
export interface Composition {
  readonly environment: CelEnvironment;
  with(values: Values, budget: Budget): Values;
}

const simple = new Set(["bool", "int", "uint", "double", "string", "bytes"]);
/** Only what is certain about a variable's type is told to those who use it. */
const declared = (program: ReturnType<typeof compile>): string =>
  "error" in program || !simple.has(program.type) ? "dyn" : program.type;

interface Lazy {
  valueOf(name: string): unknown;
}

const compositions = new WeakMap<object, Composition>();
/** Of a policy, made once. */
export function compositionOf(policy: {
  readonly spec?: { readonly variables?: readonly V1Variable[] | undefined } | undefined;
}): Composition {
  const known = compositions.get(policy);
  if (known !== undefined) return known;
  const made = composed(policy.spec?.variables ?? []);
  compositions.set(policy, made);
  return made;
}

/** `conditions`: what is known beside the variables. */
export function composed(
  variables: readonly V1Variable[],
  conditions: CelEnvironment = conditionEnvironment(),
): Composition {
  if (variables.length === 0) return { environment: conditions, with: (values) => values };
  let environment = conditions;
  let type = objectType("variables", {});
  const fields: Record<string, { type: string; read: (owner: never) => unknown }> = {};
  const steps: {
    readonly name: string;
    readonly expression: string;
    readonly environment: CelEnvironment;
    /** The variables before it. */
    readonly type: ObjectType;
  }[] = [];
  // A variable may use those before it.
  for (const { name, expression } of variables) {
    steps.push({ name, expression, environment, type });
    fields[name] = {
      type: declared(compile(plain(expression), environment)),
      read: (owner: Lazy) => owner.valueOf(name),
    };
    type = objectType("variables", { ...fields } as never);
    environment = conditions.extend({ types: [type], variables: { variables: type.name } });
  }
  const last = type;
  const bind = (values: Values, budget: Budget): Values => {
    const known = new Map<string, Outcome>();
    const valueOf = (name: string): unknown => {
      const step = steps.find((one) => one.name === name);
      if (step === undefined) return undefined;
      const outcome =
        known.get(name) ??
        evaluate(step.expression, step.environment, [], {
          values: { ...values, variables: new step.type.construct({ valueOf }) },
          budget,
        });
      known.set(name, outcome);
      if ("error" in outcome)
        throw new Error(
          `composited variable ${JSON.stringify(name)} fails to evaluate: ${outcome.error}`,
        );
      return outcome.value;
    };
    return { ...values, variables: new last.construct({ valueOf }) };
  };
  return { environment, with: bind };
}
