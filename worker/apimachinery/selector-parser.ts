/**
 * Selectors as clients write them: `app=web,tier!=db,env in (a, b),!legacy` and `metadata.name=web`.
 * The grammar is upstream's own, token by token, so that what is refused is refused in its words.
 * Upstream: apimachinery/pkg/labels/selector.go Parser, pkg/fields/selector.go ParseSelector.
 */
import { aggregated } from "./aggregate.ts";
import { labelValue, qualifiedName } from "./names.ts";
import type { Operator, Requirement, Selector } from "./selector.ts";

/** What is wrong with a selector's text, in upstream's words. */
export class SelectorError extends Error {}

const symbols = new Set([")", ",", "!", "==", "=", ">", "<", "!=", "("]);
const words = new Set(["in", "notin"]);
const isSpecial = (char: string): boolean => "=!(),<>".includes(char);
const isSpace = (char: string): boolean => /\s/.test(char);

interface Token {
  /** `identifier`, `end`, `error`, or the symbol or word itself. */
  readonly kind: string;
  readonly text: string;
}

/** The longest symbol that can be read; `===` is `==` and `=`. */
function symbolAt(text: string, from: number): Token {
  let found = "";
  let seen = "";
  for (let at = from; at < text.length && isSpecial(text.charAt(at)); at += 1) {
    seen += text.charAt(at);
    if (symbols.has(seen)) found = seen;
    else if (found !== "") break;
  }
  return found === ""
    ? { kind: "error", text: `error expected: keyword found '${seen}'` }
    : { kind: found, text: found };
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && isSpace(text.charAt(at))) at += 1;
    if (at >= text.length) return [...tokens, { kind: "end", text: "" }];
    if (isSpecial(text.charAt(at))) {
      const token = symbolAt(text, at);
      tokens.push(token);
      if (token.kind === "error") return tokens;
      at += token.text.length;
      continue;
    }
    const from = at;
    while (at < text.length && !isSpecial(text.charAt(at)) && !isSpace(text.charAt(at))) at += 1;
    const word = text.slice(from, at);
    tokens.push({ kind: words.has(word) ? word : "identifier", text: word });
  }
}

const binaryOperators: Readonly<Record<string, Operator>> = {
  in: "in",
  notin: "notin",
  "=": "=",
  "==": "=",
  "!=": "!=",
  ">": "gt",
  "<": "lt",
};
const binaryNames = "in, notin, =, ==, !=, gt, lt";

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  selector(): Selector {
    const found: Requirement[] = [];
    for (;;) {
      const { kind, text } = this.#look();
      if (kind === "end") return found;
      if (kind !== "identifier" && kind !== "!")
        throw new SelectorError(`found '${text}', expected: !, identifier, or 'end of string'`);
      found.push(this.#requirement());
      const next = this.#take();
      if (next.kind === "end") return found;
      if (next.kind !== ",")
        throw new SelectorError(`found '${next.text}', expected: ',' or 'end of string'`);
      const after = this.#look();
      if (after.kind !== "identifier" && after.kind !== "!")
        throw new SelectorError(`found '${after.text}', expected: identifier after ','`);
    }
  }

  #requirement(): Requirement {
    const first = this.#take();
    const isAbsent = first.kind === "!";
    const key = isAbsent ? this.#take() : first;
    if (key.kind !== "identifier") throw wrong(`found '${key.text}', expected: identifier`);
    const problems = qualifiedName(key.text);
    if (problems.length > 0)
      throw wrong(`<nil>: Invalid value: ${JSON.stringify(key.text)}: ${problems.join("; ")}`);
    if (isAbsent) return { key: key.text, operator: "!", values: [] };
    const { kind } = this.#look();
    if (kind === "end" || kind === ",") return { key: key.text, operator: "exists", values: [] };
    const { kind: symbol, text } = this.#take(false);
    const operator = binaryOperators[symbol];
    if (operator === undefined) throw wrong(`found '${text}', expected: ${binaryNames}`);
    const values =
      operator === "in" || operator === "notin" ? this.#values() : [this.#exactValue()];
    return checked({ key: key.text, operator, values: [...new Set(values)].toSorted() });
  }

  #exactValue(): string {
    const { kind } = this.#look();
    if (kind === "end" || kind === ",") return "";
    const value = this.#take();
    if (value.kind !== "identifier") throw wrong(`found '${value.text}', expected: identifier`);
    return value.text;
  }

  #values(): string[] {
    const open = this.#take();
    if (open.kind !== "(") throw wrong(`found '${open.text}' expected: '('`);
    const { kind, text } = this.#look();
    if (kind === ")") {
      this.#take();
      return [""];
    }
    if (kind !== "identifier" && kind !== ",")
      throw wrong(`found '${text}', expected: ',', ')' or identifier`);
    const values = this.#list();
    if (this.#take().kind !== ")") throw wrong(`found '${text}', expected: ')'`);
    return values;
  }

  /** Values up to the closing parenthesis; `(,a)` and `(a,)` hold an empty one. */
  #list(): string[] {
    const values: string[] = [];
    for (;;) {
      const { kind, text } = this.#take();
      const next = this.#look();
      if (kind === "identifier") {
        values.push(text);
        if (next.kind === ")") return values;
        if (next.kind !== ",") throw wrong(`found '${next.text}', expected: ',' or ')'`);
      } else if (kind === ",") {
        if (values.length === 0 || next.kind === ",") values.push("");
        if (next.kind === ")") return [...values, ""];
      } else throw wrong(`found '${text}', expected: ',', or identifier`);
    }
  }

  /** Where a value may stand, `in` and `notin` are identifiers. */
  #look(): Token {
    const token = this.#tokens[this.#at] ?? { kind: "end", text: "" };
    return words.has(token.kind) ? { ...token, kind: "identifier" } : token;
  }
  #take(isValue = true): Token {
    const token = isValue ? this.#look() : (this.#tokens[this.#at] ?? { kind: "end", text: "" });
    this.#at += 1;
    return token;
  }
}

const wrong = (why: string): SelectorError =>
  new SelectorError(`unable to parse requirement: ${why}`);

/** Upstream: labels.NewRequirement. */
function checked(requirement: Requirement): Requirement {
  const { key, operator, values } = requirement;
  const problems: string[] = [];
  if (operator === "gt" || operator === "lt") {
    for (const [i, value] of values.entries())
      if (!/^[-+]?\d+$/.test(value))
        problems.push(
          `values[${i}]: Invalid value: ${JSON.stringify(value)}: for 'Gt', 'Lt' operators, the value must be an integer`,
        );
  }
  for (const [i, value] of values.entries()) {
    const why = labelValue(value);
    if (why.length > 0)
      problems.push(
        `values[${i}][${key}]: Invalid value: ${JSON.stringify(value)}: ${why.join("; ")}`,
      );
  }
  if (problems.length === 0) return requirement;
  throw wrong(aggregated(problems));
}

const parsedTexts = new Map<string, Selector>();
const keptTexts = 256;

/** A label selector. Throws SelectorError. */
export function parseSelector(text: string): Selector {
  const known = parsedTexts.get(text);
  if (known !== undefined) return known;
  const parsed = new Parser(text).selector();
  if (parsedTexts.size >= keptTexts) parsedTexts.clear();
  parsedTexts.set(text, parsed);
  return parsed;
}

/** Terms of a field selector, in upstream's order. Throws SelectorError. */
export function parseFields(text: string): Requirement[] {
  return splitTerms(text)
    .toSorted()
    .filter((term) => term !== "")
    .map((term) => {
      const [, key, operator, value] = /^(.*?)(!=|==|=)(.*)$/s.exec(term) ?? [];
      if (key === undefined || operator === undefined || value === undefined)
        throw new SelectorError(`invalid selector: '${text}'; can't understand '${term}'`);
      return { key, operator: operator === "!=" ? "!=" : "=", values: [unescaped(value)] };
    });
}

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text.charAt(at) === "\\") at += 1;
    else if (text.charAt(at) === ",") {
      terms.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...terms, text.slice(from)];
}

function unescaped(value: string): string {
  let plain = "";
  for (let at = 0; at < value.length; at += 1) {
    const char = value.charAt(at);
    if (char === "\\") {
      at += 1;
      const escaped = value.charAt(at);
      if (escaped === "" || !"\\,=".includes(escaped))
        throw new SelectorError(`invalid field selector: invalid escape sequence: \\${escaped}`);
      plain += escaped;
    } else if (char === "," || char === "=")
      throw new SelectorError(`invalid field selector: unescaped character in value: ${char}`);
    else plain += char;
  }
  return plain;
}
