/**
 * x-kubernetes-validations: compiled once per definition, evaluated for every write.
 * Upstream: apiextensions-apiserver/pkg/apiserver/schema/cel/compilation.go, validation.go.
 */
import { Optional } from "@marcbachmann/cel-js";
import type { V1ValidationRule } from "#apimachinery/api/apiextensions-v1.ts";
import {
  duplicate,
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  required,
  root,
} from "#apimachinery/field.ts";
import { compile, type Program } from "#apiserver/cel/compile.ts";
import { type Budget, newBudget, outOfBudgetText, overLimitText } from "#apiserver/cel/cost.ts";
import { baseEnvironment, type CelEnvironment } from "#apiserver/cel/environment.ts";
import { celTypes, type CelType } from "./cel-types.ts";
import { type Before, fieldBefore, isAsBefore, itemBefore } from "./correlation.ts";
import { correlated } from "./list-types.ts";
import { entriesOf, isObject, itemsOf, propertyOf, valuesOf, type Schema } from "./schema.ts";

export interface CompiledRule {
  readonly rule: V1ValidationRule;
  /** Undefined: it does not compile. */
  readonly program: Program | undefined;
  readonly message: Program | undefined;
  readonly usesOldSelf: boolean;
  readonly error: string | undefined;
  readonly messageError: string | undefined;
}
interface RulesAt {
  readonly type: CelType;
  readonly rules: readonly CompiledRule[];
}

/** The rules of a schema, by the node they stand at. */
export class SchemaRules {
  readonly #at = new Map<Schema, RulesAt>();
  /** Nodes below which no rule stands are never walked. */
  readonly #holds = new Set<Schema>();

  constructor(schema: Schema) {
    if (!this.#mark(schema)) return;
    const types = celTypes(schema);
    const environment = baseEnvironment().extend({ types: types.types, variables: {} });
    for (const node of this.#holds) {
      const rules = node["x-kubernetes-validations"] ?? [];
      const type = types.of(node);
      if (rules.length > 0 && type !== undefined)
        this.#at.set(node, { type, rules: compileRules(rules, type, environment) });
    }
  }

  get isEmpty(): boolean {
    return this.#holds.size === 0;
  }
  of(node: Schema): readonly CompiledRule[] {
    return this.#at.get(node)?.rules ?? [];
  }

  /**
   * `previous` undefined: a new object; then rules about changes do not hold. `passed` hears what is wrong with
   * what was the same before: that may stay. Without it nothing may.
   */
  validate(
    value: unknown,
    schema: Schema,
    previous: unknown,
    passed?: (error: FieldError) => void,
  ): readonly FieldError[] {
    if (this.isEmpty) return [];
    const run: Run = { budget: newBudget(), errors: [], passed, isOver: false };
    const before = passed === undefined ? undefined : { value: previous, schema };
    this.#visit(run, { value, previous, kept: { before, value, above: undefined } }, schema, root);
    return run.errors;
  }

  #mark(node: Schema): boolean {
    const below = [
      ...entriesOf(node.properties).map(([, property]) => property),
      ...[itemsOf(node), valuesOf(node)].filter((one) => one !== undefined),
    ].map((child) => this.#mark(child));
    const holds = (node["x-kubernetes-validations"] ?? []).length > 0 || below.includes(true);
    if (holds) this.#holds.add(node);
    return holds;
  }

  #visit(run: Run, visited: Visited, node: Schema, at: FieldPath): void {
    const { value, previous, kept } = visited;
    if (run.isOver || value === null || value === undefined || !this.#holds.has(node)) return;
    const here = this.#at.get(node);
    if (here !== undefined) evaluate(run, here, visited, node, at);
    if (Array.isArray(value)) {
      const items = itemsOf(node);
      if (items === undefined) return;
      const old = correlated(node, previous);
      const find = itemBefore(kept.before);
      for (const [i, item] of value.entries()) {
        const below = { value: item, previous: old(item), kept: keptBelow(kept, item, find(item)) };
        this.#visit(run, below, items, at.index(i));
      }
      return;
    }
    if (!isObject(value)) return;
    const old = isObject(previous) ? previous : undefined;
    const values = valuesOf(node);
    for (const [name, one] of Object.entries(value)) {
      const property = propertyOf(node, name);
      const below = property ?? values;
      if (below === undefined) continue;
      const isVersion = at === root && (name === "apiVersion" || name === "kind");
      const keeps = isVersion
        ? { before: undefined, value: one, above: undefined }
        : keptBelow(kept, one, fieldBefore(kept.before, name));
      const path = property === undefined ? at.key(name) : at.child(name);
      this.#visit(run, { value: one, previous: old?.[name], kept: keeps }, below, path);
    }
  }
}

/** What tells whether a value was so before: its own place, or else the nearest above it that has one. */
interface Kept {
  readonly before: Before | undefined;
  readonly value: unknown;
  readonly above: Kept | undefined;
}
interface Visited {
  readonly value: unknown;
  /** What `oldSelf` is. */
  readonly previous: unknown;
  readonly kept: Kept;
}

const keptBelow = (kept: Kept, value: unknown, before: Before | undefined): Kept =>
  kept.before === undefined ? kept : { before, value, above: kept };

/** Upstream: ratchetingOptions.shouldRatchetError. */
function mayStay({ before, value, above }: Kept): boolean {
  if (before !== undefined) return isAsBefore(value, before);
  return above?.before !== undefined && isAsBefore(above.value, above.before);
}

function compileRules(
  rules: readonly V1ValidationRule[],
  type: CelType,
  environment: CelEnvironment,
): readonly CompiledRule[] {
  const { name } = type;
  const certain = environment.extend({ variables: { self: name, oldSelf: name } });
  const optional = environment.extend({
    variables: { self: name, oldSelf: `optional<${name}>` },
  });
  return rules.map((rule) => {
    // That it is missing is told elsewhere.
    if (!rule.rule?.trim()) return { ...blank, rule };
    const scope = rule.optionalOldSelf === true ? optional : certain;
    const program = compile(rule.rule, scope);
    const message = rule.messageExpression ? compile(rule.messageExpression, scope) : undefined;
    return {
      rule,
      program: "error" in program ? undefined : program,
      message: message === undefined || "error" in message ? undefined : message,
      usesOldSelf: !("error" in program) && program.reads.has("oldSelf"),
      error: problem(program, "bool", "cel expression must evaluate to a bool", "compilation"),
      messageError:
        message &&
        problem(
          message,
          "string",
          "messageExpression must evaluate to a string",
          "messageExpression compilation",
        ),
    };
  });
}

const blank = {
  program: undefined,
  message: undefined,
  usesOldSelf: false,
  error: undefined,
  messageError: undefined,
};

function problem(
  compiled: ReturnType<typeof compile>,
  type: string,
  wrongType: string,
  what: string,
): string | undefined {
  if ("error" in compiled) return `${what} failed: ${compiled.error}`;
  return compiled.type === type || compiled.type === "dyn" ? undefined : wrongType;
}

interface Run {
  readonly budget: Budget;
  readonly errors: FieldError[];
  readonly passed: ((error: FieldError) => void) | undefined;
  isOver: boolean;
}

const text = ({ message, rule }: V1ValidationRule): string => (message || rule).trim();

function evaluate(
  run: Run,
  { type, rules }: RulesAt,
  { value, previous, kept }: Visited,
  schema: Schema,
  at: FieldPath,
): void {
  const self = type.fromJson(value);
  const before = previous === undefined || previous === null ? undefined : type.fromJson(previous);
  const refuse = (detail: string): void => {
    run.errors.push(invalid(at, schema.type ?? "", detail));
  };
  for (const { rule, program, message, usesOldSelf, error } of rules) {
    if (program === undefined && error === undefined) continue;
    if (error !== undefined || program === undefined) {
      refuse(`rule compile error: ${error}`);
      continue;
    }
    if (usesOldSelf && before === undefined && rule.optionalOldSelf !== true) continue;
    const oldSelf =
      rule.optionalOldSelf !== true
        ? before
        : before === undefined
          ? Optional.none()
          : Optional.of(before);
    const variables = { self, ...(oldSelf === undefined ? {} : { oldSelf }) };
    const result = program.evaluate(variables, run.budget);
    if ("error" in result) {
      refuse(evaluationDetail(result.error, rule));
      if (result.over !== undefined) return void (run.isOver = true);
      continue;
    }
    if (result.value === true) continue;
    // What was already so may stay so.
    const tell = (found: FieldError): void => {
      if (run.passed !== undefined && !usesOldSelf && mayStay(kept)) run.passed(found);
      else run.errors.push(found);
    };
    const said = message?.evaluate(variables, run.budget);
    if (said !== undefined && "error" in said && said.over !== undefined) {
      tell(invalid(fieldOf(rule, at), schema.type ?? "", messageDetail(said.over, rule)));
      return void (run.isOver = true);
    }
    const detail =
      said !== undefined && "value" in said && isMessage(said.value)
        ? said.value.trim()
        : rule.message
          ? rule.message.trim()
          : `failed rule: ${text(rule)}`;
    tell(failed(fieldOf(rule, at), value, schema, detail, rule.reason));
  }
}

const isMessage = (value: unknown): value is string =>
  typeof value === "string" &&
  value.trim() !== "" &&
  !value.trim().includes("\n") &&
  value.trim().length <= 5120;

function evaluationDetail(error: string, rule: V1ValidationRule): string {
  if (error.startsWith("no such overload"))
    return `'${error}': call arguments did not match a supported operator, function or macro signature for rule: ${text(rule)}`;
  if (error === overLimitText)
    return `'${error}': no further validation rules will be run due to call cost exceeds limit for rule: ${text(rule)}`;
  return error === outOfBudgetText ? error : `${error} evaluating rule: ${text(rule)}`;
}

const messageDetail = (over: "call" | "budget", { messageExpression }: V1ValidationRule): string =>
  over === "budget"
    ? "messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run"
    : `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${JSON.stringify(messageExpression)}`;

/** `.spec.a['b']` below a path. */
function fieldOf({ fieldPath }: V1ValidationRule, at: FieldPath): FieldPath {
  if (!fieldPath) return at;
  let here = at;
  for (const [, name, key] of fieldPath.matchAll(/\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]/g))
    here = here.child(name ?? (key ?? "").replaceAll(/\\(.)/g, "$1"));
  return here;
}

function failed(
  at: FieldPath,
  value: unknown,
  { type }: Schema,
  detail: string,
  reason: string | undefined,
): FieldError {
  if (reason === "FieldValueForbidden") return forbidden(at, detail);
  if (reason === "FieldValueRequired") return required(at, detail);
  if (reason === "FieldValueDuplicate") return duplicate(at, value);
  if (type !== "object" && type !== "array") return invalid(at, value, detail);
  // Whole objects are not printed.
  return {
    reason: "FieldValueInvalid",
    field: at.toString(),
    message: `Invalid value: ${detail}`,
  };
}
