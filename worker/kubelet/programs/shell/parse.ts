/**
 * The small part of the shell's grammar that container commands use: lists, `&&` and `||`, pipes,
 * `while`, `until`, `for`, `if`, quotes, variables, `$(…)`, `$((…))`, output redirection.
 */

export type Part =
  | { readonly text: string }
  | { readonly variable: string }
  | { readonly script: Script }
  | { readonly sum: string };
/** A word; `quoted` words are not split and may be empty. */
export interface Word {
  readonly parts: readonly Part[];
  readonly quoted: boolean;
}
export interface Simple {
  readonly kind: "simple";
  readonly words: readonly Word[];
  readonly into?: { readonly file: Word; readonly append: boolean } | undefined;
  /** `>&2`. */
  readonly toErrors?: boolean | undefined;
  /** `< file`. */
  readonly from?: Word | undefined;
}
export type Node =
  | Simple
  | { readonly kind: "pipe"; readonly from: Node; readonly to: Simple }
  | {
      readonly kind: "while";
      readonly until: boolean;
      readonly test: Script;
      readonly body: Script;
    }
  | {
      readonly kind: "for";
      readonly variable: string;
      readonly words: readonly Word[];
      readonly body: Script;
    }
  | {
      readonly kind: "if";
      readonly test: Script;
      readonly then: Script;
      readonly otherwise: Script;
    };
export interface Step {
  /** When it runs, by the status before it. */
  readonly on: "always" | "success" | "failure";
  readonly node: Node;
}
export type Script = readonly Step[];

/** What the parser cannot read; the shell would print it and exit 2. */
export class ShellSyntaxError extends Error {
  /** More text could still make it right. */
  readonly isIncomplete: boolean;
  constructor(message: string, isIncomplete = false) {
    super(message);
    this.isIncomplete = isIncomplete;
  }
}

type Token = { readonly word: Word } | { readonly operator: string };

const operators = ["&&", "||", ">>", ";;", ";", "|", "&", ">", "<", "\n", "(", ")"] as const;

/** `>&2` as a token. */
const toErrors = ">&2";

export function parse(text: string): Script {
  const tokens = tokenize(text);
  const parser = new Parser(tokens);
  return parser.script([]);
}

/** Index just after the closing parenthesis of the group opened before `at`. */
function closing(text: string, at: number): number {
  let depth = 1;
  for (let i = at; i < text.length; i += 1) {
    if (text[i] === "(") depth += 1;
    if (text[i] === ")") depth -= 1;
    if (depth === 0) return i + 1;
  }
  throw new ShellSyntaxError("syntax error: unterminated quoted string", true);
}

/** `$…` at `at` (the dollar): its part and the index behind it. */
function dollar(text: string, at: number): readonly [Part, number] {
  if (text.startsWith("$((", at)) {
    const end = closing(text, at + 2);
    return [{ sum: text.slice(at + 3, end - 2) }, end];
  }
  if (text[at + 1] === "(") {
    const end = closing(text, at + 2);
    return [{ script: parse(text.slice(at + 2, end - 1)) }, end];
  }
  if (text[at + 1] === "{") {
    const end = text.indexOf("}", at);
    if (end < 0) throw new ShellSyntaxError("syntax error: bad substitution");
    return [{ variable: text.slice(at + 2, end) }, end + 1];
  }
  const name = /^([A-Za-z_]\w*|[?#@*$0-9])/.exec(text.slice(at + 1))?.[0];
  return name === undefined ? [{ text: "$" }, at + 1] : [{ variable: name }, at + 1 + name.length];
}

/** One word from `at`; stops before blanks and operators. */
function word(text: string, at: number): readonly [Word, number] {
  const parts: Part[] = [];
  let quoted = false;
  let i = at;
  while (i < text.length) {
    const c = text[i] ?? "";
    if (/[\s;|&<>()]/.test(c)) break;
    if (c === "\\") {
      parts.push({ text: text[i + 1] ?? "" });
      i += 2;
    } else if (c === "'") {
      const end = text.indexOf("'", i + 1);
      if (end < 0) throw new ShellSyntaxError("syntax error: unterminated quoted string", true);
      parts.push({ text: text.slice(i + 1, end) });
      quoted = true;
      i = end + 1;
    } else if (c === '"') {
      quoted = true;
      i += 1;
      while (text[i] !== '"') {
        if (i >= text.length)
          throw new ShellSyntaxError("syntax error: unterminated quoted string", true);
        if (text[i] === "\\" && /["\\$`]/.test(text[i + 1] ?? "")) {
          parts.push({ text: text[i + 1] ?? "" });
          i += 2;
        } else if (text[i] === "$") {
          const [part, next] = dollar(text, i);
          parts.push(part);
          i = next;
        } else {
          parts.push({ text: text[i] ?? "" });
          i += 1;
        }
      }
      i += 1;
    } else if (c === "$") {
      const [part, next] = dollar(text, i);
      parts.push(part);
      i = next;
    } else if (c === "`") {
      const end = text.indexOf("`", i + 1);
      if (end < 0) throw new ShellSyntaxError("syntax error: EOF in backquote substitution");
      parts.push({ script: parse(text.slice(i + 1, end)) });
      i = end + 1;
    } else {
      parts.push({ text: c });
      i += 1;
    }
  }
  return [{ parts, quoted }, i];
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let i = 0;
  while (i < text.length) {
    const c = text[i] ?? "";
    if (c === " " || c === "\t" || c === "\r") i += 1;
    else if (c === "#") while (i < text.length && text[i] !== "\n") i += 1;
    else if (/^1?>&2/.test(text.slice(i))) {
      tokens.push({ operator: toErrors });
      i += text.slice(i).indexOf("2") + 1;
    } else if (/^[012]?>&[012-]/.test(text.slice(i))) i += text.slice(i).indexOf("&") + 2;
    else if (/^2>>?\s*\S+/.test(text.slice(i)))
      i += /^2>>?\s*\S+/.exec(text.slice(i))?.[0].length ?? 1;
    else {
      const operator = operators.find((o) => text.startsWith(o, i));
      if (operator !== undefined) {
        tokens.push({ operator: operator === "\n" ? ";" : operator });
        i += operator.length;
      } else {
        const [made, next] = word(text, i);
        tokens.push({ word: made });
        i = next;
      }
    }
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** A list up to one of the reserved words (which is left), or to the end. */
  script(until: readonly string[]): Script {
    const steps: Step[] = [];
    let on: Step["on"] = "always";
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined) {
        if (until.length > 0)
          throw new ShellSyntaxError(
            `syntax error: unexpected end of file (expecting "${until[0]}")`,
            true,
          );
        return steps;
      }
      if ("operator" in token) {
        this.#at += 1;
        if (token.operator === "&&") on = "success";
        else if (token.operator === "||") on = "failure";
        else if (token.operator === ";" || token.operator === "&") on = "always";
        else if (token.operator === ")" || token.operator === "(") continue;
        else throw new ShellSyntaxError(`syntax error: unexpected "${token.operator}"`);
        continue;
      }
      if (until.includes(this.#reserved() ?? "")) return steps;
      steps.push({ on, node: this.#pipeline() });
      on = "always";
    }
  }

  /** The next token as a bare word. */
  #reserved(): string | undefined {
    const token = this.#tokens[this.#at];
    if (token === undefined || "operator" in token || token.word.quoted) return undefined;
    return token.word.parts.every((part) => "text" in part)
      ? token.word.parts.map((part) => ("text" in part ? part.text : "")).join("")
      : undefined;
  }

  #expect(name: string): void {
    while (this.#operator() === ";") this.#at += 1;
    if (this.#reserved() !== name)
      throw new ShellSyntaxError(
        `syntax error: unexpected end of file (expecting "${name}")`,
        this.#tokens[this.#at] === undefined,
      );
    this.#at += 1;
  }

  #operator(): string | undefined {
    const token = this.#tokens[this.#at];
    return token !== undefined && "operator" in token ? token.operator : undefined;
  }

  #pipeline(): Node {
    let node = this.#command();
    while (this.#operator() === "|") {
      this.#at += 1;
      const to = this.#simple();
      node = { kind: "pipe", from: node, to };
    }
    return node;
  }

  #command(): Node {
    const name = this.#reserved();
    if (name === "while" || name === "until") {
      this.#at += 1;
      const test = this.script(["do"]);
      this.#expect("do");
      const body = this.script(["done"]);
      this.#expect("done");
      return { kind: "while", until: name === "until", test, body };
    }
    if (name === "for") {
      this.#at += 1;
      const variable = this.#reserved() ?? "";
      this.#at += 1;
      const words: Word[] = [];
      if (this.#reserved() === "in") {
        this.#at += 1;
        for (
          let t = this.#tokens[this.#at];
          t !== undefined && "word" in t;
          t = this.#tokens[this.#at]
        ) {
          words.push(t.word);
          this.#at += 1;
        }
      }
      this.#expect("do");
      const body = this.script(["done"]);
      this.#expect("done");
      return { kind: "for", variable, words, body };
    }
    if (name === "if") return this.#if();
    return this.#simple();
  }

  #if(): Node {
    this.#at += 1;
    const test = this.script(["then"]);
    this.#expect("then");
    const then = this.script(["else", "elif", "fi"]);
    const next = this.#reserved();
    if (next === "elif")
      return { kind: "if", test, then, otherwise: [{ on: "always", node: this.#if() }] };
    let otherwise: Script = [];
    if (next === "else") {
      this.#at += 1;
      otherwise = this.script(["fi"]);
    }
    this.#expect("fi");
    return { kind: "if", test, then, otherwise };
  }

  #simple(): Simple {
    const words: Word[] = [];
    let into: Simple["into"];
    let from: Simple["from"];
    let isForErrors = false;
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined) break;
      if ("word" in token) {
        words.push(token.word);
        this.#at += 1;
        continue;
      }
      if (token.operator === toErrors) {
        isForErrors = true;
        this.#at += 1;
        continue;
      }
      if (token.operator !== ">" && token.operator !== ">>" && token.operator !== "<") break;
      const file = this.#tokens[this.#at + 1];
      if (file === undefined || "operator" in file)
        throw new ShellSyntaxError("syntax error: unexpected redirection");
      if (token.operator === "<") from = file.word;
      else into = { file: file.word, append: token.operator === ">>" };
      this.#at += 2;
    }
    return { kind: "simple", words, into, from, toErrors: isForErrors };
  }
}
