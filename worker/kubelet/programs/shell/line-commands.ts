/** Commands that work on lines one by one: sed, awk, cut, tr, uniq, and names of paths. */
import type { Command, Surroundings } from "./commands.ts";
import { fails, ok, type Outcome } from "./outcome.ts";
import { absolute } from "./paths.ts";
import { type Regex, regex } from "./regex.ts";

const linesOf = (text: string): readonly string[] =>
  text === "" ? [] : text.replace(/\n$/, "").split("\n");
const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

/** The text of the named files, or the input. */
function textOf(
  command: string,
  names: readonly string[],
  { files, variables }: Surroundings,
  input: string,
): string | Outcome {
  if (names.length === 0) return input;
  let all = "";
  for (const name of names) {
    const text = name === "-" ? input : files.get(absolute(name, variables));
    if (text === undefined) return fails(`${command}: ${name}: No such file or directory\n`);
    all += text;
  }
  return all;
}

/** `-f 1,3-`, `-d :`: values glued to their letters or not. */
function valued(args: readonly string[], letters: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [i, arg] of args.entries()) {
    const letter = /^-([A-Za-z])/.exec(arg)?.[1];
    if (letter === undefined || !letters.includes(letter)) continue;
    values.set(letter, arg.length > 2 ? arg.slice(2) : (args[i + 1] ?? ""));
  }
  return values;
}
const operandsOf = (args: readonly string[], letters: string): readonly string[] =>
  args.filter((arg, i) => {
    const before = args[i - 1] ?? "";
    const isValue = /^-[A-Za-z]$/.test(before) && letters.includes(before[1] ?? "");
    return !isValue && (arg === "-" || !arg.startsWith("-"));
  });

const cut: Command = (args, here, input) => {
  const values = valued(args, "fdcb");
  const text = textOf("cut", operandsOf(args, "fdcb"), here, input);
  if (typeof text !== "string") return text;
  const list = values.get("f") ?? values.get("c") ?? values.get("b");
  if (list === undefined) return fails("cut: expected a list of bytes, characters, or fields\n");
  const isIn = (n: number): boolean =>
    list.split(",").some((range) => {
      const [from = "", to] = range.split("-");
      if (to === undefined) return n === Number(from);
      return n >= Number(from || 1) && n <= (to === "" ? Number.POSITIVE_INFINITY : Number(to));
    });
  const chosen = (parts: readonly string[]): readonly string[] =>
    parts.filter((_, i) => isIn(i + 1));
  if (!values.has("f"))
    return ok(joined(linesOf(text).map((line) => chosen(Array.from(line)).join(""))));
  const delimiter = values.get("d") ?? "\t";
  const lines = linesOf(text).filter((line) => line.includes(delimiter) || !args.includes("-s"));
  return ok(
    joined(
      lines.map((line) =>
        line.includes(delimiter) ? chosen(line.split(delimiter)).join(delimiter) : line,
      ),
    ),
  );
};

const sets: Readonly<Record<string, string>> = {
  "[:lower:]": "a-z",
  "[:upper:]": "A-Z",
  "[:digit:]": "0-9",
  "[:alpha:]": "A-Za-z",
  "[:alnum:]": "A-Za-z0-9",
  "[:space:]": " \\t\\n\\r",
};
/** `a-z` as all its letters. */
function spread(text: string): string {
  const plain = text
    .replaceAll(/\[:\w+:\]/g, (name) => sets[name] ?? "")
    .replaceAll("\\n", "\n")
    .replaceAll("\\t", "\t")
    .replaceAll("\\r", "\r");
  return plain.replaceAll(/(.)-(.)/gs, (_, from: string, to: string) => {
    let all = "";
    for (let c = from.charCodeAt(0); c <= to.charCodeAt(0); c += 1) all += String.fromCharCode(c);
    return all;
  });
}

const tr: Command = (args, _, input) => {
  const flags = args.filter((arg) => /^-[cds]+$/.test(arg)).join("");
  const [first = "", second] = args.filter((arg) => !/^-[cds]+$/.test(arg)).map(spread);
  const isIn = (c: string): boolean => first.includes(c) !== flags.includes("c");
  if (flags.includes("d"))
    return ok(
      Array.from(input)
        .filter((c) => !isIn(c))
        .join(""),
    );
  const to = second ?? first;
  let out = "";
  for (const c of input) {
    const at = flags.includes("c") ? to.length - 1 : Math.min(first.indexOf(c), to.length - 1);
    const made = isIn(c) ? (to[at] ?? c) : c;
    if (!(flags.includes("s") && isIn(c) && out.endsWith(made))) out += made;
  }
  return ok(out);
};

const uniq: Command = (args, here, input) => {
  const text = textOf("uniq", operandsOf(args, ""), here, input);
  if (typeof text !== "string") return text;
  const runs: [string, number][] = [];
  for (const line of linesOf(text)) {
    const last = runs.at(-1);
    if (last?.[0] === line) last[1] += 1;
    else runs.push([line, 1]);
  }
  const flags = args.join("");
  const shown = runs.filter(([, n]) =>
    flags.includes("d") ? n > 1 : !flags.includes("u") || n === 1,
  );
  return ok(
    joined(
      shown.map(([line, n]) => (flags.includes("c") ? `${String(n).padStart(7)} ${line}` : line)),
    ),
  );
};

/** Which lines a command of sed is about. */
interface Address {
  isAt(line: string, number: number, isLast: boolean): boolean;
}
interface Edit {
  readonly from: Address | undefined;
  readonly to: Address | undefined;
  readonly isNot: boolean;
  readonly letter: string;
  readonly pattern?: Regex;
  readonly by?: string;
  readonly flags?: string;
  readonly text?: string;
}

/** Upstream: busybox editors/sed.c: `s`, `d`, `p`, `q`, `a`, `i`, `c`, `y` left out. */
const sed: Command = (args, here, input) => {
  const flags = args.filter((arg) => /^-[nErisz]+$/.test(arg)).join("");
  const values = args.flatMap((arg, i) => (arg === "-e" ? [args[i + 1] ?? ""] : []));
  const rest = args.filter((arg, i) => !arg.startsWith("-") && args[i - 1] !== "-e");
  const scripts = values.length > 0 ? values : rest.slice(0, 1);
  const names = values.length > 0 ? rest : rest.slice(1);
  const edits: Edit[] = [];
  for (const script of scripts.join("\n").split(/\n|;(?=\s*(?:[\d$/]|[a-z]\b|s.))/)) {
    if (script.trim() === "") continue;
    const edit = editOf(script.trim(), /[Er]/.test(flags));
    if (edit === undefined) return fails("sed: unsupported command\n");
    edits.push(edit);
  }
  if (!flags.includes("i")) {
    const text = textOf("sed", names, here, input);
    return typeof text === "string" ? ok(edited(text, edits, flags.includes("n"))) : text;
  }
  for (const name of names) {
    const path = absolute(name, here.variables);
    const text = here.files.get(path);
    if (text === undefined) return fails(`sed: ${name}: No such file or directory\n`);
    here.files.set(path, edited(text, edits, flags.includes("n")));
  }
  return { ...ok(), files: true };
};

function editOf(script: string, isExtended: boolean): Edit | undefined {
  let rest = script;
  const address = (): Address | undefined => {
    const [line] = /^\d+|^\$/.exec(rest) ?? [];
    if (line !== undefined) {
      rest = rest.slice(line.length);
      return { isAt: (_, number, isLast) => (line === "$" ? isLast : number === Number(line)) };
    }
    if (!rest.startsWith("/")) return undefined;
    const [pattern = "", after] = delimited(rest.slice(1), "/");
    rest = after;
    const found = regex(pattern, { isExtended });
    return { isAt: (text) => found(text, 0) !== undefined };
  };
  const from = address();
  let to: Address | undefined;
  if (from !== undefined && rest.startsWith(",")) {
    rest = rest.slice(1);
    to = address();
  }
  rest = rest.trimStart();
  const isNot = rest.startsWith("!");
  if (isNot) rest = rest.slice(1).trimStart();
  const letter = rest[0] ?? "";
  if (letter === "s") {
    const mark = rest[1] ?? "/";
    const [pattern = "", second] = delimited(rest.slice(2), mark);
    const [by = "", flags] = delimited(second, mark);
    const ignoresCase = /[iI]/.test(flags);
    return {
      from,
      to,
      isNot,
      letter,
      pattern: regex(pattern, { isExtended, ignoresCase }),
      by,
      flags,
    };
  }
  if (/^[aic]/.test(rest))
    return { from, to, isNot, letter, text: rest.slice(1).replace(/^\\?\s*/, "") };
  return /^[dpq]$/.test(rest.trim()) ? { from, to, isNot, letter } : undefined;
}

/** The text up to the mark, and what follows it. */
function delimited(text: string, mark: string): readonly [string, string] {
  let part = "";
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i] ?? "";
    if (c === "\\" && text[i + 1] === mark) {
      part += mark;
      i += 1;
    } else if (c === "\\") {
      part += c + (text[i + 1] ?? "");
      i += 1;
    } else if (c === mark) return [part, text.slice(i + 1)];
    else part += c;
  }
  return [part, ""];
}

function edited(text: string, edits: readonly Edit[], isSilent: boolean): string {
  const lines = linesOf(text);
  const isIn = new Set<Edit>();
  let out = "";
  for (const [i, given] of lines.entries()) {
    let line = given;
    let isGone = false;
    let isOver = false;
    let after = "";
    for (const edit of edits) {
      const isLast = i === lines.length - 1;
      if (isMeant(edit, isIn, { line, number: i + 1, isLast }) === edit.isNot) continue;
      if (edit.letter === "s") {
        const made = substituted(line, edit);
        if (made !== line && edit.flags?.includes("p") === true) out += `${made}\n`;
        line = made;
      } else if (edit.letter === "p") out += `${line}\n`;
      else if (edit.letter === "i") out += `${edit.text}\n`;
      else if (edit.letter === "a") after += `${edit.text}\n`;
      else if (edit.letter === "q") isOver = true;
      else {
        isGone = true;
        if (edit.letter === "c") out += `${edit.text}\n`;
        break;
      }
    }
    if (!isGone && !isSilent) out += `${line}\n`;
    out += after;
    if (isOver) break;
  }
  return out;
}

function isMeant(
  edit: Edit,
  isIn: Set<Edit>,
  {
    line,
    number,
    isLast,
  }: { readonly line: string; readonly number: number; readonly isLast: boolean },
): boolean {
  const { from, to } = edit;
  if (from === undefined) return true;
  if (to === undefined) return from.isAt(line, number, isLast);
  if (isIn.has(edit)) {
    if (to.isAt(line, number, isLast)) isIn.delete(edit);
    return true;
  }
  if (!from.isAt(line, number, isLast)) return false;
  isIn.add(edit);
  return true;
}

function substituted(line: string, { pattern, by = "", flags = "" }: Edit): string {
  if (pattern === undefined) return line;
  let out = "";
  let at = 0;
  while (at <= line.length) {
    const match = pattern(line, at);
    if (match === undefined) break;
    const made = by.replaceAll(/\\(.)|&/g, (whole, c: string | undefined) =>
      c === undefined
        ? (match.groups[0] ?? "")
        : /\d/.test(c)
          ? (match.groups[Number(c)] ?? "")
          : c === "n"
            ? "\n"
            : whole.slice(1),
    );
    out += line.slice(at, match.from) + made;
    at = match.to;
    if (match.to === match.from) out += line[at++] ?? "";
    if (!flags.includes("g")) break;
  }
  return out + line.slice(at);
}

/** The part of awk that picks fields: `-F: '/re/ {print $1, $NF}'`, `NR==2 {…}`, `NR>1`. */
const awk: Command = (args, here, input) => {
  const separator = valued(args, "F").get("F");
  const [program = "", ...names] = operandsOf(args, "Fv");
  const [, condition = "", body = "print"] =
    /^\s*([^{]*?)\s*(?:\{\s*(.*?)\s*;?\s*\})?\s*$/s.exec(program) ?? [];
  const [, shown] = /^print\s*(.*)$/s.exec(body) ?? [];
  if (shown === undefined) return fails("awk: unsupported program\n");
  const text = textOf("awk", names, here, input);
  if (typeof text !== "string") return text;
  const [, negated, pattern] = /^(!?)\/(.*)\/$/.exec(condition) ?? [];
  const found = pattern === undefined ? undefined : regex(pattern, { isExtended: true });
  const [, left = "", operator = "", right = ""] =
    /^(\$\w+|N[RF])\s*(==|!=|>=|<=|>|<|~)\s*(.+)$/.exec(condition) ?? [];
  if (condition !== "" && found === undefined && operator === "")
    return fails("awk: unsupported program\n");
  const out: string[] = [];
  for (const [i, line] of linesOf(text).entries()) {
    const fields =
      separator === undefined
        ? line.split(/[ \t]+/).filter(Boolean)
        : line.split(separator === "\\t" ? "\t" : separator);
    const value = (word: string): string => {
      if (word.startsWith('"'))
        return word.slice(1, -1).replaceAll("\\t", "\t").replaceAll("\\n", "\n");
      if (word === "NR") return String(i + 1);
      if (word === "NF") return String(fields.length);
      if (!word.startsWith("$")) return word;
      const name = word.slice(1);
      const at = name === "NF" ? fields.length : Number(name);
      return at === 0 ? line : (fields[at - 1] ?? "");
    };
    const isMet =
      found === undefined
        ? operator === "" || compared(value(left), operator, value(right))
        : (found(line, 0) !== undefined) !== (negated === "!");
    if (!isMet) continue;
    const items =
      shown === "" ? [["$0"]] : shown.split(",").map((item) => item.match(/"[^"]*"|\$?\w+/g) ?? []);
    out.push(items.map((words) => words.map(value).join("")).join(" "));
  }
  return ok(joined(out));
};

function compared(left: string, operator: string, right: string): boolean {
  if (operator === "~")
    return regex(right.replaceAll("/", ""), { isExtended: true })(left, 0) !== undefined;
  const isNumeric =
    left.trim() !== "" && !Number.isNaN(Number(left)) && !Number.isNaN(Number(right));
  const [a, b] = isNumeric ? [Number(left), Number(right)] : [left, right];
  const holds: Readonly<Record<string, boolean>> = {
    "==": a === b,
    "!=": a !== b,
    ">": a > b,
    "<": a < b,
    ">=": a >= b,
    "<=": a <= b,
  };
  return holds[operator] === true;
}

export const lineCommands: Readonly<Record<string, Command>> = {
  cut,
  tr,
  uniq,
  sed,
  awk,
  basename: ([path = "", suffix = ""]) => {
    const name = path.replace(/\/+$/, "").split("/").at(-1) ?? "";
    return ok(
      `${suffix !== "" && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`,
    );
  },
  dirname: ([path = ""]) => {
    const at = path.replace(/\/+$/, "").lastIndexOf("/");
    return ok(`${at < 0 ? "." : at === 0 ? "/" : path.slice(0, at)}\n`);
  },
};
