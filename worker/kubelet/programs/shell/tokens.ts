/** Tokens: words, operators, redirections with their here-documents. */
import { type Redirection, ShellSyntaxError, type Word } from "./syntax.ts";
import { bareText, type ParseScript, quotedWord, wordAt } from "./words.ts";

export type Token =
  | { readonly word: Word }
  | { readonly operator: string }
  | { readonly redirection: Redirection };

const operators = ["&&", "||", ";;", ";", "|", "&", "\n", "(", ")"] as const;
const isEnd = (c: string): boolean => /[\s;|&<>()]/.test(c);
const redirect = /^(\d?)(&>|<<<|<<-|<<|<&|>&|<>|>>|>\||<|>)[ \t]*/;

interface Pending {
  readonly at: number;
  readonly end: string;
  readonly isIndented: boolean;
  readonly isPlain: boolean;
}

export function tokensOf(text: string, parse: ParseScript): readonly Token[] {
  const tokens: Token[] = [];
  let pending: Pending[] = [];
  let i = 0;
  while (i < text.length) {
    const c = text[i] ?? "";
    if (c === " " || c === "\t" || c === "\r") i += 1;
    else if (c === "\\" && text[i + 1] === "\n") i += 2;
    else if (c === "#") while (i < text.length && text[i] !== "\n") i += 1;
    else if (c === "\n") {
      tokens.push({ operator: "\n" });
      i = hereDocuments(text, i + 1, pending, tokens, parse);
      pending = [];
    } else {
      const found = redirect.exec(text.slice(i, i + 64));
      if (found !== null) {
        const [made, next, here] = redirectionAt(text, i, found, parse);
        if (here !== undefined) pending.push({ at: tokens.length, ...here });
        tokens.push({ redirection: made });
        i = next;
        continue;
      }
      const operator = operators.find((o) => text.startsWith(o, i));
      if (operator !== undefined) {
        tokens.push({ operator });
        i += operator.length;
      } else {
        const [word, next] = wordAt(text, i, parse, isEnd);
        tokens.push({ word });
        i = next;
      }
    }
  }
  if (pending.length > 0) {
    // The text ends inside of a here-document: whoever types goes on typing.
    throw new ShellSyntaxError("syntax error: unexpected end of file", true);
  }
  return tokens;
}

function redirectionAt(
  text: string,
  at: number,
  [whole, fd = "", operator = ""]: readonly string[],
  parse: ParseScript,
): readonly [Redirection, number, Omit<Pending, "at"> | undefined] {
  const [word, next] = wordAt(text, at + (whole ?? "").length, parse, isEnd);
  if (word.parts.length === 0)
    throw new ShellSyntaxError("syntax error: unexpected redirection", next >= text.length);
  const isHere = operator === "<<" || operator === "<<-";
  const made: Redirection = {
    fd: fd === "" ? (operator.startsWith("<") ? 0 : 1) : Number(fd),
    operator: (isHere ? "<<" : operator) as Redirection["operator"],
    target: word,
  };
  if (!isHere) return [made, next, undefined];
  const plain = word.parts.map((part) => ("text" in part ? part.text : "")).join("");
  const isPlain = bareText(word) === undefined;
  return [made, next, { end: plain, isIndented: operator === "<<-", isPlain }];
}

/** Reads the documents that begin at a line's start; the index behind them. */
function hereDocuments(
  text: string,
  from: number,
  pending: readonly Pending[],
  tokens: Token[],
  parse: ParseScript,
): number {
  let at = from;
  for (const { at: token, end, isIndented, isPlain } of pending) {
    let body = "";
    for (;;) {
      if (at >= text.length)
        throw new ShellSyntaxError("syntax error: unexpected end of file", true);
      const newline = text.indexOf("\n", at);
      const line = newline < 0 ? text.slice(at) : text.slice(at, newline);
      at = newline < 0 ? text.length : newline + 1;
      const shown = isIndented ? line.replace(/^\t+/, "") : line;
      if (shown === end) break;
      body += `${shown}\n`;
    }
    const found = tokens[token];
    if (found === undefined || !("redirection" in found)) continue;
    const target = isPlain
      ? { parts: [{ text: body, quoted: true }] }
      : quotedWord(body.replaceAll(/\\(?=")/g, "\\\\"), parse, true);
    tokens[token] = { redirection: { ...found.redirection, target } };
  }
  return at;
}
