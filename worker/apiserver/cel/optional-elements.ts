/**
 * Optional elements in literals: `[?x, y]`, `{?k: v}`. The interpreter's parser has none of them, so such a literal
 * becomes one of optionals alone, of which the present ones are taken: `present_elements([x, optional.of(y)])`.
 * Upstream: cel-go parser/gen/CEL.g4 optExpr, optField.
 */
import type { Source } from "./failure.ts";
import { isBlank, Places, tokensOf } from "./tokens.ts";

/** Held to be an optional. */
export const asOptional = "as_optional";
export const presentElements = "present_elements";
export const presentEntries = "present_entries";

/** Is a text one that was rewritten? */
export const hasOptionalElements = (made: string): boolean =>
  made.includes(`${presentElements}(`) || made.includes(`${presentEntries}(`);

const mayHave = /[[{,]\s*\?/;
const opening: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

export interface Plain {
  readonly expression: string;
  readonly source: Source;
}

/** Undefined: there is none. */
export function withoutOptionalElements(expression: string): Plain | undefined {
  if (!mayHave.test(expression)) return undefined;
  const tokens = tokensOf(expression);
  const marks = marksOf(tokens);
  return marks.size === 0 ? undefined : rewritten(expression, tokens, marks);
}

/** Which brackets open a literal with optional elements, and which question marks say so: by their tokens' places. */
function marksOf(tokens: readonly string[]): ReadonlySet<number> {
  const marks = new Set<number>();
  /** Places of literals' brackets; -1: what is no literal. */
  const open: number[] = [];
  let before = "";
  for (const [i, token] of tokens.entries()) {
    if (isBlank(token)) continue;
    const literal = open.at(-1) ?? -1;
    if (token === "?" && literal >= 0 && (before === "," || isBracket(before))) {
      marks.add(literal);
      marks.add(i);
    } else if (opening[token] !== undefined) open.push(token === "(" || isOperand(before) ? -1 : i);
    else if (isClosing(token)) open.pop();
    before = token;
  }
  return marks;
}
const isBracket = (token: string): boolean => token === "[" || token === "{";
const isClosing = (token: string): boolean => token === ")" || token === "]" || token === "}";
/** An index or a message follows, no literal. */
const isOperand = (token: string): boolean =>
  token !== "in" && (isClosing(token) || /["'\w]$/.test(token));

interface Open {
  readonly isMap: boolean;
  /** Of a literal with optional elements. */
  readonly isMarked: boolean;
  awaits: "element" | "value" | "end";
  isOptional: boolean;
  /** Conditions that are open: their colons are none of the map's. */
  conditions: number;
}

function rewritten(
  expression: string,
  tokens: readonly string[],
  marks: ReadonlySet<number>,
): Plain {
  const open: Open[] = [];
  const places = new Places(expression);
  let made = "";
  let before = "";
  const insert = (text: string): void => {
    made += text;
    places.insert(text.length);
  };
  const wrap = ({ isOptional }: Open): string => (isOptional ? `${asOptional}(` : "optional.of(");
  const begin = (top: Open, token: string): void => {
    top.awaits = top.isMap ? "value" : "end";
    top.isOptional = token === "?";
    if (!top.isMap) insert(wrap(top));
  };
  const end = (top: Open): void => {
    if (top.awaits === "end") insert(")");
    top.awaits = "element";
  };
  for (const [i, token] of tokens.entries()) {
    places.add(made.length, token);
    if (isBlank(token)) {
      made += token;
      continue;
    }
    const top = open.at(-1);
    const inside = top?.isMarked === true ? top : undefined;
    if (inside?.awaits === "element" && !isClosing(token)) begin(inside, token);
    if (marks.has(i) && token === "?") continue;
    if (inside !== undefined && token === ",") end(inside);
    if (inside !== undefined && token === "?" && isOperand(before)) inside.conditions += 1;
    before = token;
    if (inside?.awaits === "value" && token === ":" && inside.conditions === 0) {
      inside.awaits = "end";
      made += `: ${wrap(inside)}`;
      continue;
    }
    if (inside !== undefined && token === ":") inside.conditions -= 1;
    if (opening[token] !== undefined) {
      if (marks.has(i)) insert(token === "{" ? `${presentEntries}(` : `${presentElements}(`);
      open.push({
        isMap: token === "{",
        isMarked: marks.has(i),
        awaits: "element",
        isOptional: false,
        conditions: 0,
      });
    } else if (isClosing(token)) {
      open.pop();
      if (inside !== undefined) {
        end(inside);
        made += `${token})`;
        continue;
      }
    }
    made += token;
  }
  return { expression: made, source: places.source() };
}
