/**
 * Label and field selectors: parsed from text or objects, matched against labels and fields.
 * Upstream: apimachinery/pkg/labels/selector.go, pkg/fields/selector.go, meta/v1/helpers.go.
 */
import type { V1LabelSelector } from "./api/meta-v1.ts";

export type Labels = Readonly<Record<string, string>>;
export type Operator = "=" | "!=" | "in" | "notin" | "exists" | "!" | "gt" | "lt";
export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}
/** All requirements must hold; none = everything matches. */
export type Selector = readonly Requirement[];

export class SelectorError extends Error {}

export function matches(selector: Selector, labels: Labels | undefined): boolean {
  for (const requirement of selector) if (!meets(requirement, labels)) return false;
  return true;
}

function meets({ key, operator, values }: Requirement, labels: Labels | undefined): boolean {
  const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "=":
    case "in":
      return value !== undefined && values.includes(value);
    case "!=":
    case "notin":
      return value === undefined || !values.includes(value);
    case "exists":
      return value !== undefined;
    case "!":
      return value === undefined;
    default: {
      const [bound] = values;
      if (value === undefined || !/^-?\d+$/.test(value)) return false;
      return operator === "gt"
        ? BigInt(value) > BigInt(bound ?? 0)
        : BigInt(value) < BigInt(bound ?? 0);
    }
  }
}

const objectOperators: Readonly<Record<string, Operator>> = {
  In: "in",
  NotIn: "notin",
  Exists: "exists",
  DoesNotExist: "!",
  Gt: "gt",
  Lt: "lt",
};

const selectors = new WeakMap<object, Selector>();

/** A LabelSelector object; undefined selects nothing, an empty one everything. Kept per object. */
export function selectorOf(selector: V1LabelSelector | undefined): Selector | undefined {
  if (selector === undefined) return undefined;
  const known = selectors.get(selector);
  if (known !== undefined) return known;
  const made: Requirement[] = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({
    key,
    operator: "=",
    values: [value],
  }));
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    made.push({ key, operator: objectOperators[operator] ?? "exists", values });
  }
  selectors.set(selector, made);
  return made;
}

/** `app=web` of a LabelSelector, as upstream prints it. */
export function selectorText(selector: V1LabelSelector | undefined): string {
  return printed(selectorOf(selector) ?? []);
}

export function printed(selector: Selector): string {
  return [...selector]
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, operator, values }) => {
      if (operator === "exists") return key;
      if (operator === "!") return `!${key}`;
      if (operator === "in" || operator === "notin")
        return `${key} ${operator} (${[...values].toSorted().join(",")})`;
      return `${key}${operator === "gt" ? ">" : operator === "lt" ? "<" : operator}${values[0] ?? ""}`;
    })
    .join(",");
}

/** One token: an operator, a parenthesis, a comma or a word. */
const token = /\s*(==|!=|=|!|\(|\)|,|<|>|[^\s=!(),<>]+)\s*/y;

function tokensOf(text: string): string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match?.[1] === undefined)
      throw new SelectorError(`unable to parse requirement: found '${text}', expected: identifier`);
    found.push(match[1]);
  }
  return found;
}

const isWord = (text: string | undefined): text is string =>
  text !== undefined && !/^(==|!=|=|!|\(|\)|,|<|>)$/.test(text);

const parsedTexts = new Map<string, Selector>();
const keptTexts = 256;

/** `app=web,tier!=db,env in (a, b),!legacy,gpu`. Throws SelectorError with upstream's words. */
export function parseSelector(text: string): Selector {
  const known = parsedTexts.get(text);
  if (known !== undefined) return known;
  const parsed = new Parser(tokensOf(text)).selector();
  if (parsedTexts.size >= keptTexts) parsedTexts.clear();
  parsedTexts.set(text, parsed);
  return parsed;
}

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;
  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  selector(): Selector {
    const found: Requirement[] = [];
    if (this.#tokens.length === 0) return found;
    for (;;) {
      found.push(this.#requirement());
      const next = this.#next();
      if (next === undefined) return found;
      if (next !== ",")
        throw new SelectorError(`found '${next}', expected: ',' or 'end of string'`);
      if (this.#peek() === undefined)
        throw new SelectorError("found '', expected: identifier after ','");
    }
  }

  #requirement(): Requirement {
    if (this.#peek() === "!") {
      this.#next();
      return { key: this.#word(), operator: "!", values: [] };
    }
    const key = this.#word();
    const next = this.#peek();
    if (next === undefined || next === ",") return { key, operator: "exists", values: [] };
    this.#next();
    if (next === "=" || next === "==") return { key, operator: "=", values: [this.#exact()] };
    if (next === "!=") return { key, operator: "!=", values: [this.#exact()] };
    if (next === "in" || next === "notin") return { key, operator: next, values: this.#list() };
    if (next === ">" || next === "<") {
      const bound = this.#exact();
      if (!/^-?\d+$/.test(bound))
        throw new SelectorError(
          `values[0][${key}]: Invalid value: "${bound}": for 'Gt', 'Lt' operators, the value must be an integer`,
        );
      return { key, operator: next === ">" ? "gt" : "lt", values: [bound] };
    }
    throw new SelectorError(
      `unable to parse requirement: found '${next}', expected: in, notin, =, ==, !=, gt, lt`,
    );
  }

  #exact(): string {
    const next = this.#peek();
    if (next === undefined || next === ",") return "";
    return this.#word();
  }
  #list(): string[] {
    if (this.#next() !== "(")
      throw new SelectorError(
        `unable to parse requirement: found '${this.#tokens[this.#at - 1] ?? ""}', expected: '('`,
      );
    const values: string[] = [];
    for (;;) {
      values.push(this.#peek() === "," || this.#peek() === ")" ? "" : this.#word());
      const next = this.#next();
      if (next === ")") return values;
      if (next !== ",")
        throw new SelectorError(
          `unable to parse requirement: found '${next ?? ""}', expected: ',', or ')'`,
        );
    }
  }
  #word(): string {
    const next = this.#next();
    if (!isWord(next))
      throw new SelectorError(
        `unable to parse requirement: found '${next ?? ""}', expected: identifier`,
      );
    return next;
  }
  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }
  #next(): string | undefined {
    const next = this.#tokens[this.#at];
    this.#at += 1;
    return next;
  }
}

/** `metadata.name=web,status.phase!=Running`: terms of a field selector. */
export function parseFields(text: string): Requirement[] {
  return text
    .split(/(?<!\\),/)
    .filter((term) => term !== "")
    .map((term) => {
      const [, key, operator, value] = /^(.*?)(!=|==|=)(.*)$/.exec(term) ?? [];
      if (key === undefined || operator === undefined || value === undefined) {
        throw new SelectorError(`invalid selector: '${text}'; can't understand '${term}'`);
      }
      const plain = value.replace(/\\([\\,=])/g, "$1");
      return { key: key.trim(), operator: operator === "!=" ? "!=" : "=", values: [plain] };
    });
}
