/** Words: quotes, `$…`, back-quotes. Upstream: busybox shell/ash.c readtoken1. */
import { type Parameter, type Part, type Script, ShellSyntaxError, type Word } from "./syntax.ts";

/** What makes a script of the text inside of `$(…)`. */
export type ParseScript = (text: string) => Script;

const unterminated = (): ShellSyntaxError =>
  new ShellSyntaxError("syntax error: unterminated quoted string", true);

/** Index just behind the closing mate of what was opened before `at`, past quotes and what is nested. */
function closing(text: string, at: number, [open, close]: readonly [string, string]): number {
  let depth = 1;
  for (let i = at; i < text.length; i += 1) {
    const c = text[i] ?? "";
    if (c === "\\") i += 1;
    else if (c === "'" || c === '"') {
      i = endOfQuote(text, i);
    } else if (c === open) depth += 1;
    else if (c === close) depth -= 1;
    if (depth === 0) return i + 1;
  }
  throw unterminated();
}

/** Index of the quote that ends the one at `at`. */
function endOfQuote(text: string, at: number): number {
  const quote = text[at];
  for (let i = at + 1; i < text.length; i += 1) {
    if (text[i] === "\\" && quote === '"') i += 1;
    else if (text[i] === quote) return i;
  }
  throw unterminated();
}

const parens = ["(", ")"] as const;
const braces = ["{", "}"] as const;

/** `${…}` without its braces. */
function parameter(inside: string, parse: ParseScript): Parameter {
  const [, length, lengthName = ""] = /^(#)(\w+|[@*#?$!-])$/.exec(inside) ?? [];
  if (length !== undefined) return { name: lengthName, operator: "length" };
  const found = /^(\w+|[@*#?$!-])(:?[-=+?]|##?|%%?|\/\/?|:)?/s.exec(inside);
  if (found === null) throw new ShellSyntaxError("syntax error: bad substitution");
  const [whole, name = "", operator] = found;
  if (operator === undefined) {
    if (whole.length !== inside.length)
      throw new ShellSyntaxError("syntax error: bad substitution");
    return { name };
  }
  const rest = inside.slice(whole.length);
  if (!operator.startsWith("/")) return { name, operator, word: quotedWord(rest, parse, false) };
  const slash = rest.indexOf("/");
  const [pattern, by] = slash < 0 ? [rest, ""] : [rest.slice(0, slash), rest.slice(slash + 1)];
  return {
    name,
    operator,
    word: quotedWord(pattern, parse, false),
    by: quotedWord(by, parse, false),
  };
}

/** `$…` at `at` (the dollar): its part and the index behind it. */
function dollar(
  text: string,
  at: number,
  { quoted, parse }: { readonly quoted: boolean; readonly parse: ParseScript },
): readonly [Part, number] {
  if (text.startsWith("$((", at)) {
    const end = closing(text, at + 2, parens);
    if (text[end - 2] === ")")
      return [{ sum: quotedWord(text.slice(at + 3, end - 2), parse, true), quoted }, end];
  }
  if (text[at + 1] === "(") {
    const end = closing(text, at + 2, parens);
    return [{ script: parse(text.slice(at + 2, end - 1)), quoted }, end];
  }
  if (text[at + 1] === "{") {
    const end = closing(text, at + 2, braces);
    return [{ parameter: parameter(text.slice(at + 2, end - 1), parse), quoted }, end];
  }
  const name = /^([A-Za-z_]\w*|[?#@*$!0-9-])/.exec(text.slice(at + 1, at + 256))?.[0];
  if (name === undefined) return [{ text: "$", quoted }, at + 1];
  return [{ parameter: { name }, quoted }, at + 1 + name.length];
}

function backQuoted(
  text: string,
  at: number,
  { quoted, parse }: { readonly quoted: boolean; readonly parse: ParseScript },
): readonly [Part, number] {
  let end = at + 1;
  while (end < text.length && text[end] !== "`") end += text[end] === "\\" ? 2 : 1;
  if (end >= text.length)
    throw new ShellSyntaxError("syntax error: EOF in backquote substitution", true);
  return [
    { script: parse(text.slice(at + 1, end).replaceAll(/\\([`$\\])/g, "$1")), quoted },
    end + 1,
  ];
}

/** Text as inside of double quotes; `quoted` false: of a default's word, whose own quotes count. */
export function quotedWord(text: string, parse: ParseScript, quoted: boolean): Word {
  if (!quoted) return wordAt(text, 0, parse, () => false)[0];
  const parts: Part[] = [];
  let plain = "";
  const flush = (): void => {
    if (plain !== "") parts.push({ text: plain, quoted: true });
    plain = "";
  };
  for (let i = 0; i < text.length;) {
    const c = text[i] ?? "";
    if (c === "\\" && /["\\$`\n]/.test(text[i + 1] ?? "")) {
      plain += text[i + 1] === "\n" ? "" : (text[i + 1] ?? "");
      i += 2;
    } else if (c === "$" || c === "`") {
      flush();
      const [part, next] = (c === "$" ? dollar : backQuoted)(text, i, { quoted: true, parse });
      parts.push(part);
      i = next;
    } else {
      plain += c;
      i += 1;
    }
  }
  flush();
  return { parts };
}

/** One word from `at`, up to what `ends` it. */
export function wordAt(
  text: string,
  at: number,
  parse: ParseScript,
  ends: (c: string) => boolean,
): readonly [Word, number] {
  const parts: Part[] = [];
  let plain = "";
  const flush = (): void => {
    if (plain !== "") parts.push({ text: plain, quoted: false });
    plain = "";
  };
  let i = at;
  while (i < text.length) {
    const c = text[i] ?? "";
    if (ends(c)) break;
    if (c === "\\") {
      flush();
      if (text[i + 1] !== "\n") parts.push({ text: text[i + 1] ?? "", quoted: true });
      i += 2;
    } else if (c === "'") {
      flush();
      const end = endOfQuote(text, i);
      parts.push({ text: text.slice(i + 1, end), quoted: true });
      i = end + 1;
    } else if (c === '"') {
      flush();
      const end = endOfDouble(text, i);
      const { parts: inside } = quotedWord(text.slice(i + 1, end), parse, true);
      parts.push(...(inside.length === 0 ? [{ text: "", quoted: true }] : inside));
      i = end + 1;
    } else if (c === "$" || c === "`") {
      flush();
      const [part, next] = (c === "$" ? dollar : backQuoted)(text, i, { quoted: false, parse });
      parts.push(part);
      i = next;
    } else {
      plain += c;
      i += 1;
    }
  }
  flush();
  return [{ parts }, i];
}

/** Index of the double quote that ends the one at `at`: what is nested may have its own. */
function endOfDouble(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i += 1) {
    const c = text[i];
    if (c === "\\") i += 1;
    else if (c === '"') return i;
    else if (c === "$" && text[i + 1] === "(") i = closing(text, i + 2, parens) - 1;
    else if (c === "$" && text[i + 1] === "{") i = closing(text, i + 2, braces) - 1;
  }
  throw unterminated();
}

/** A word of plain text without quotes; undefined: it is more than that. */
export function bareText({ parts }: Word): string | undefined {
  let text = "";
  for (const part of parts) {
    if (part.quoted || !("text" in part)) return undefined;
    text += part.text;
  }
  return text;
}
