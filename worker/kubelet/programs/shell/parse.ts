/**
 * The shell's grammar: lists, `&&`, `||` and `&`, pipes, `while`, `until`, `for`, `if`, `case`, groups, subshells,
 * functions, redirections. Upstream: POSIX.1-2024 XCU 2.10; busybox shell/ash.c list, pipeline, command.
 */
import {
  type Node,
  type Redirection,
  type Script,
  ShellSyntaxError,
  type Simple,
  type Step,
  type Word,
} from "./syntax.ts";
import { type Token, tokensOf } from "./tokens.ts";
import { bareText } from "./words.ts";

export function parse(text: string): Script {
  const parser = new Parser(tokensOf(text, parse));
  return parser.whole();
}

/** After these a command begins. */
const closers: readonly string[] = ["then", "else", "elif", "fi", "do", "done", "esac", "}"];

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Script {
    const script = this.#script([]);
    const token = this.#tokens[this.#at];
    if (token !== undefined) throw this.#unexpected(token);
    return script;
  }

  /** A list up to one of the words or operators (which is left), or to the end. */
  #script(until: readonly string[]): Script {
    const steps: Step[] = [];
    let on: Step["on"] = "always";
    /** Where the list of `&&` and `||` began that goes on here: `&` is about all of it. */
    let list = 0;
    for (;;) {
      this.#skip("\n", ";");
      const token = this.#tokens[this.#at];
      if (token === undefined) {
        if (until.length > 0 || on !== "always") throw this.#ended(until[0]);
        return steps;
      }
      const operator = this.#operator();
      if (operator !== undefined && until.includes(operator)) return steps;
      const reserved = this.#reserved();
      if (reserved !== undefined && until.includes(reserved)) return steps;
      if (operator === ")" || operator === ";;") {
        if (until.length === 0) throw this.#unexpected(token);
        throw this.#unexpected(token, until[0]);
      }
      if (reserved !== undefined && closers.includes(reserved)) throw this.#unexpected(token);
      if (on === "always") list = steps.length;
      steps.push({ on, node: this.#pipeline() });
      const next = this.#operator();
      if (next === "&") {
        const body = steps.splice(list);
        const [only] = body;
        const node: Node =
          body.length === 1 && only !== undefined
            ? only.node
            : { kind: "group", body, redirections: [] };
        steps.push({ on: "always", node, isBackground: true });
      }
      on = next === "&&" ? "success" : next === "||" ? "failure" : "always";
      if (next === "&" || on !== "always") this.#at += 1;
      if (on !== "always") this.#skip("\n");
    }
  }

  #skip(...operators: readonly string[]): void {
    for (let operator = this.#operator(); operator !== undefined; operator = this.#operator()) {
      if (!operators.includes(operator)) return;
      this.#at += 1;
    }
  }

  /** The next token as a bare word. */
  #reserved(): string | undefined {
    const token = this.#tokens[this.#at];
    return token !== undefined && "word" in token ? bareText(token.word) : undefined;
  }
  #operator(): string | undefined {
    const token = this.#tokens[this.#at];
    return token !== undefined && "operator" in token ? token.operator : undefined;
  }

  #ended(expected: string | undefined): ShellSyntaxError {
    const why = expected === undefined ? "" : ` (expecting "${expected}")`;
    return new ShellSyntaxError(`syntax error: unexpected end of file${why}`, true);
  }
  #unexpected(token: Token, expected?: string): ShellSyntaxError {
    const text =
      "operator" in token
        ? token.operator === "\n"
          ? "newline"
          : `"${token.operator}"`
        : "word" in token
          ? bareText(token.word) !== undefined && closers.includes(bareText(token.word) ?? "")
            ? `"${bareText(token.word)}"`
            : "word"
          : "redirection";
    const why = expected === undefined ? "" : ` (expecting "${expected}")`;
    return new ShellSyntaxError(`syntax error: unexpected ${text}${why}`);
  }
  #expect(name: string): void {
    this.#skip("\n", ";");
    const token = this.#tokens[this.#at];
    if (token === undefined) throw this.#ended(name);
    if (this.#reserved() !== name) throw this.#unexpected(token, name);
    this.#at += 1;
  }

  #pipeline(): Node {
    if (this.#reserved() === "!") {
      this.#at += 1;
      return { kind: "not", node: this.#pipeline() };
    }
    const stages = [this.#command()];
    while (this.#operator() === "|") {
      this.#at += 1;
      this.#skip("\n");
      stages.push(this.#command());
    }
    return stages.length === 1 && stages[0] !== undefined ? stages[0] : { kind: "pipe", stages };
  }

  #command(): Node {
    if (this.#operator() === "(") {
      this.#at += 1;
      const body = this.#script([")"]);
      this.#at += 1;
      return { kind: "subshell", body, redirections: this.#redirections() };
    }
    const name = this.#reserved();
    switch (name) {
      case "while":
      case "until":
        return this.#while(name === "until");
      case "for":
        return this.#for();
      case "if":
        return this.#if();
      case "case":
        return this.#case();
      case "{": {
        this.#at += 1;
        const body = this.#script(["}"]);
        this.#at += 1;
        return { kind: "group", body, redirections: this.#redirections() };
      }
      case "function":
        this.#at += 1;
        return this.#function(this.#reserved() ?? "");
    }
    const after = this.#tokens[this.#at + 1];
    const isCall = after !== undefined && "operator" in after && after.operator === "(";
    if (name !== undefined && isCall && /^[A-Za-z_][\w.-]*$/.test(name))
      return this.#function(name);
    return this.#simple();
  }

  #function(name: string): Node {
    this.#at += 1;
    if (this.#operator() === "(") {
      this.#at += 1;
      const token = this.#tokens[this.#at];
      if (this.#operator() !== ")")
        throw token === undefined ? this.#ended(")") : this.#unexpected(token, ")");
      this.#at += 1;
    }
    this.#skip("\n");
    if (this.#tokens[this.#at] === undefined) throw this.#ended("{");
    return { kind: "function", name, body: this.#command() };
  }

  #while(until: boolean): Node {
    this.#at += 1;
    const test = this.#script(["do"]);
    return { kind: "while", until, test, body: this.#body(), redirections: this.#redirections() };
  }

  #body(): Script {
    this.#expect("do");
    const body = this.#script(["done"]);
    this.#expect("done");
    return body;
  }

  #for(): Node {
    this.#at += 1;
    const variable = this.#reserved();
    if (variable === undefined || !/^[A-Za-z_]\w*$/.test(variable))
      throw this.#tokens[this.#at] === undefined
        ? this.#ended(undefined)
        : new ShellSyntaxError("syntax error: bad for loop variable");
    this.#at += 1;
    this.#skip("\n");
    let words: Word[] | undefined;
    if (this.#reserved() === "in") {
      this.#at += 1;
      words = [];
      for (let t = this.#tokens[this.#at]; t !== undefined && "word" in t;) {
        words.push(t.word);
        this.#at += 1;
        t = this.#tokens[this.#at];
      }
    }
    return { kind: "for", variable, words, body: this.#body(), redirections: this.#redirections() };
  }

  #if(): Node {
    this.#at += 1;
    const test = this.#script(["then"]);
    this.#expect("then");
    const then = this.#script(["else", "elif", "fi"]);
    const next = this.#reserved();
    if (next === "elif") {
      const otherwise: Script = [{ on: "always", node: this.#if() }];
      return { kind: "if", test, then, otherwise, redirections: [] };
    }
    let otherwise: Script = [];
    if (next === "else") {
      this.#at += 1;
      otherwise = this.#script(["fi"]);
    }
    this.#expect("fi");
    return { kind: "if", test, then, otherwise, redirections: this.#redirections() };
  }

  #case(): Node {
    this.#at += 1;
    const subject = this.#tokens[this.#at];
    if (subject === undefined || !("word" in subject)) throw this.#ended(undefined);
    this.#at += 1;
    this.#skip("\n");
    this.#expect("in");
    const clauses: { patterns: readonly Word[]; body: Script }[] = [];
    for (;;) {
      this.#skip("\n");
      if (this.#reserved() === "esac") break;
      clauses.push(this.#clause());
    }
    this.#at += 1;
    return { kind: "case", word: subject.word, clauses, redirections: this.#redirections() };
  }

  #clause(): { patterns: readonly Word[]; body: Script } {
    if (this.#operator() === "(") this.#at += 1;
    const patterns: Word[] = [];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined) throw this.#ended("esac");
      if (!("word" in token)) throw this.#unexpected(token);
      patterns.push(token.word);
      this.#at += 1;
      const operator = this.#operator();
      if (operator === ")") break;
      const next = this.#tokens[this.#at];
      if (next === undefined) throw this.#ended(")");
      if (operator !== "|") throw this.#unexpected(next, ")");
      this.#at += 1;
    }
    this.#at += 1;
    const body = this.#script([";;", "esac"]);
    if (this.#operator() === ";;") this.#at += 1;
    return { patterns, body };
  }

  #redirections(): readonly Redirection[] {
    const found: Redirection[] = [];
    for (let token = this.#tokens[this.#at]; token !== undefined && "redirection" in token;) {
      found.push(token.redirection);
      this.#at += 1;
      token = this.#tokens[this.#at];
    }
    return found;
  }

  #simple(): Simple {
    const words: Word[] = [];
    const assignments: { name: string; value: Word }[] = [];
    const redirections: Redirection[] = [];
    const isTest = this.#reserved() === "[[";
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined) break;
      if ("redirection" in token) redirections.push(token.redirection);
      else if ("word" in token) {
        const assignment = words.length === 0 ? assigned(token.word) : undefined;
        if (assignment === undefined) words.push(token.word);
        else assignments.push(assignment);
      } else if (isTest && inTest[token.operator] !== undefined && !isClosed(words))
        words.push({ parts: [{ text: inTest[token.operator] ?? "", quoted: false }] });
      else break;
      this.#at += 1;
    }
    const token = this.#tokens[this.#at];
    if (words.length === 0 && assignments.length === 0 && redirections.length === 0)
      throw token === undefined ? this.#ended(undefined) : this.#unexpected(token);
    return { kind: "simple", assignments, words, redirections };
  }
}

/** bash's `[[ … ]]` in the words of `[`. */
const inTest: Readonly<Record<string, string>> = { "&&": "-a", "||": "-o", "(": "(", ")": ")" };
const isClosed = (words: readonly Word[]): boolean => {
  const last = words.at(-1);
  return last !== undefined && bareText(last) === "]]";
};

/** `name=value`. */
function assigned({ parts }: Word): { name: string; value: Word } | undefined {
  const [first, ...rest] = parts;
  if (first === undefined || !("text" in first) || first.quoted) return undefined;
  const [whole, name] = /^([A-Za-z_]\w*)=/.exec(first.text) ?? [];
  if (whole === undefined || name === undefined) return undefined;
  const text = first.text.slice(whole.length);
  return { name, value: { parts: text === "" ? rest : [{ text, quoted: false }, ...rest] } };
}
