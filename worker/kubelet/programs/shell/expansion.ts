/**
 * What words become: parameters, commands, sums, fields, names of files.
 * Upstream: POSIX.1-2024 XCU 2.6; busybox shell/ash.c argstr, expandarg.
 */
import { ArithmeticError, valueOf } from "./arithmetic.ts";
import type { ShellState } from "./frame.ts";
import type { Moments } from "./moment.ts";
import { escaped, filesThatFit, isPattern, replaced, trimmed, unescaped } from "./pattern.ts";
import type { Parameter, Part, Script, Word } from "./syntax.ts";

/** What an expansion needs of its shell. */
export interface Expanding {
  readonly state: ShellState;
  readonly hostname: string;
  readonly files: ReadonlyMap<string, string>;
  /** What a script prints. */
  captured(script: Script): Moments<string>;
}

/** Ends the shell: `${name:?why}`, a sum that is none, `set -u`. */
export class ExpansionError extends Error {}

/** One piece of text while its word is made; `pattern` has what was quoted escaped. */
interface Field {
  text: string;
  pattern: string;
  isQuoted: boolean;
}

/** The fields of several words. */
export function* fieldsOf(words: readonly Word[], on: Expanding): Moments<readonly string[]> {
  const all: string[] = [];
  for (const word of words)
    for (const field of yield* split(word, on)) {
      const found = isPattern(field.pattern)
        ? filesThatFit(on.files, field.pattern, on.state.variables.get("PWD") ?? "/")
        : [];
      if (found.length > 0) all.push(...found);
      else all.push(field.text);
    }
  return all;
}

/** As one text: what is assigned, compared or redirected to is not split. */
export function* textOf(word: Word, on: Expanding): Moments<string> {
  let text = "";
  for (const part of word.parts) text += (yield* valuesOf(part, on)).join(" ");
  return tildeIn(word, text, on);
}

/** As a pattern: what is quoted stands for itself. */
export function* patternOf(word: Word, on: Expanding): Moments<string> {
  let pattern = "";
  for (const part of word.parts) {
    const text = (yield* valuesOf(part, on)).join(" ");
    pattern += part.quoted ? escaped(text) : text;
  }
  return pattern;
}

/** `~` and `~/…`. */
function tildeIn({ parts: [first] }: Word, text: string, { state }: Expanding): string {
  const isTilde =
    first !== undefined && "text" in first && !first.quoted && /^~(\/|$)/.test(first.text);
  return isTilde ? `${state.variables.get("HOME") ?? "/root"}${text.slice(1)}` : text;
}

function* split(word: Word, on: Expanding): Moments<readonly Field[]> {
  const fields: Field[] = [];
  let field: Field | undefined;
  const open = (): Field => {
    field ??= { text: "", pattern: "", isQuoted: false };
    return field;
  };
  const close = (): void => {
    if (field !== undefined) fields.push(field);
    field = undefined;
  };
  const separators = on.state.variables.get("IFS") ?? " \t\n";
  for (const part of word.parts) {
    const values = yield* valuesOf(part, on);
    for (const [i, value] of values.entries()) {
      if (i > 0) close();
      if (part.quoted || "text" in part) {
        const at = open();
        at.text += value;
        at.pattern += part.quoted ? escaped(value) : value;
        at.isQuoted ||= part.quoted;
        continue;
      }
      for (const c of value) {
        if (separators.includes(c)) {
          if (/\s/.test(c)) close();
          else {
            open();
            close();
          }
        } else {
          open().text += c;
          open().pattern += c;
        }
      }
    }
  }
  close();
  const [first] = fields;
  if (first !== undefined) first.text = tildeIn(word, first.text, on);
  return fields;
}

/** `"$@"` has several values, or none; all else has one. */
function* valuesOf(part: Part, on: Expanding): Moments<readonly string[]> {
  if ("text" in part) return [part.text];
  if ("script" in part) return [(yield* on.captured(part.script)).replace(/\n+$/, "")];
  if ("sum" in part) return [String(sumOf(yield* textOf(part.sum, on), on))];
  const { name, operator } = part.parameter;
  if (name === "@" && operator === undefined && part.quoted) return on.state.arguments.slice(1);
  if (name === "@" && operator === undefined) return [on.state.arguments.slice(1).join(" ")];
  return [yield* parameter(part.parameter, on)];
}

export function sumOf(text: string, on: Expanding): number {
  const { variables, options } = on.state;
  try {
    return valueOf(text, {
      get: (name) => {
        const value = variables.get(name) ?? "";
        if (value === "" && options.has("u") && !variables.has(name)) throw notSet(name);
        return /^-?\d+$/.test(value) || value === "" ? Number(value) : valueOf(value, noNames);
      },
      set: (name, value) => void variables.set(name, String(value)),
    });
  } catch (error) {
    if (error instanceof ArithmeticError) throw new ExpansionError(error.message);
    throw error;
  }
}
const noNames = { get: () => 0, set: () => undefined };
const notSet = (name: string): ExpansionError => new ExpansionError(`${name}: parameter not set`);

/** Undefined: it is not set. */
function lookUp(name: string, { state, hostname }: Expanding): string | undefined {
  const { variables, arguments: given, code, clock, lastJob } = state;
  switch (name) {
    case "?":
      return String(code);
    case "#":
      return String(Math.max(0, given.length - 1));
    case "*":
    case "@":
      return given.slice(1).join(" ");
    case "$":
      return "1";
    case "!":
      return lastJob === undefined ? "" : String(lastJob);
    case "-":
      return [...state.options].join("");
    case "HOSTNAME":
      return variables.get(name) ?? hostname;
    case "RANDOM":
      return String((clock.run * 7919 + Math.floor(clock.atMs)) % 32_768);
  }
  return /^\d+$/.test(name) ? given[Number(name)] : variables.get(name);
}

function* parameter({ name, operator, word, by }: Parameter, on: Expanding): Moments<string> {
  const value = lookUp(name, on);
  if (operator === undefined) {
    if (value === undefined && on.state.options.has("u")) throw notSet(name);
    return value ?? "";
  }
  if (operator === "length") return String((value ?? "").length);
  const isMissing = operator.startsWith(":") ? (value ?? "") === "" : value === undefined;
  const given = function* (one: Word | undefined): Moments<string> {
    return one === undefined ? "" : yield* textOf(one, on);
  };
  switch (operator.at(-1)) {
    case "-":
      return isMissing ? yield* given(word) : (value ?? "");
    case "+":
      return isMissing ? "" : yield* given(word);
    case "=": {
      if (!isMissing) return value ?? "";
      const text = yield* given(word);
      on.state.variables.set(name, text);
      return text;
    }
    case "?": {
      if (!isMissing) return value ?? "";
      const why = yield* given(word);
      throw new ExpansionError(
        `${name}: ${why || `parameter ${operator === "?" ? "not set" : "not set or null"}`}`,
      );
    }
    case ":":
      return sliced(value ?? "", yield* given(word), on);
  }
  const pattern = word === undefined ? "" : yield* patternOf(word, on);
  if (operator.startsWith("/"))
    return replaced(value ?? "", pattern, unescaped(yield* given(by)), operator === "//");
  return trimmed(value ?? "", pattern, {
    atEnd: operator.startsWith("%"),
    longest: operator.length === 2,
  });
}

/** `${name:from:length}`. */
function sliced(value: string, text: string, on: Expanding): string {
  const [from = "0", length] = text.split(":");
  const start = sumOf(from, on);
  const begin = start < 0 ? Math.max(0, value.length + start) : start;
  if (length === undefined) return value.slice(begin);
  const count = sumOf(length, on);
  return value.slice(begin, count < 0 ? count : begin + count);
}
