/** Commands that read text, from a file or from their input, and write some of it. */
import { byteLength } from "#apimachinery/byte-text.ts";
import type { Command, Surroundings } from "./commands.ts";
import { fails, ok, type Outcome } from "./outcome.ts";
import { absolute } from "./paths.ts";
import { type Regex, regex } from "./regex.ts";

const operands = (args: readonly string[]): readonly string[] =>
  args.filter((arg) => !arg.startsWith("-"));

/** The text of the named files, or the input; an outcome when one is missing. */
function textFrom(
  command: string,
  names: readonly string[],
  { files, variables }: Surroundings,
  input: string,
): string | Outcome {
  if (names.length === 0) return input;
  let all = "";
  for (const name of names) {
    const text = files.get(absolute(name, variables));
    if (text === undefined) return fails(`${command}: ${name}: No such file or directory\n`);
    all += text;
  }
  return all;
}

const reading =
  (
    command: string,
    files: (args: readonly string[]) => readonly string[],
    run: (text: string, args: readonly string[]) => Outcome,
  ): Command =>
  (args, here, input) => {
    const text = textFrom(command, files(args), here, input);
    return typeof text === "string" ? run(text, args) : text;
  };

/** Lines with their ends. */
const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** `-n 5`, `-n5`, `-5`, `-c+1`: [unit, text]. */
function amount(args: readonly string[]): readonly [string, string] {
  for (const [i, arg] of args.entries()) {
    const [, flag, glued = ""] = /^-([nc])([+-]?\d*)$/.exec(arg) ?? [];
    if (flag !== undefined) return [flag, glued === "" ? (args[i + 1] ?? "10") : glued];
    const [, count] = /^-(\d+)$/.exec(arg) ?? [];
    if (count !== undefined) return ["n", count];
  }
  return ["n", "10"];
}
const afterAmount = (args: readonly string[]): readonly string[] =>
  args.filter((arg, i) => !arg.startsWith("-") && !/^-[nc]$/.test(args[i - 1] ?? ""));

const head = reading("head", afterAmount, (text, args) => {
  const [unit, count] = amount(args);
  return ok(
    unit === "c" ? text.slice(0, Number(count)) : linesOf(text).slice(0, Number(count)).join(""),
  );
});

const tail = reading("tail", afterAmount, (text, args) => {
  const [unit, count] = amount(args);
  const number = Math.abs(Number(count));
  const from = count.startsWith("+") ? Math.max(0, number - 1) : -number;
  if (number === 0 && from !== 0) return ok();
  return ok(unit === "c" ? text.slice(from) : linesOf(text).slice(from).join(""));
});

const wc = reading("wc", operands, (text, args) => {
  const lines = text.split("\n").length - 1;
  const words = text.split(/\s+/).filter(Boolean).length;
  const flags = args.filter((arg) => arg.startsWith("-")).join("");
  const [name] = operands(args);
  const counts = [
    ...(flags === "" || flags.includes("l") ? [lines] : []),
    ...(flags === "" || flags.includes("w") ? [words] : []),
    ...(flags === "" || flags.includes("c") ? [byteLength(text)] : []),
  ];
  const shown =
    counts.length === 1 ? String(counts[0]) : counts.map((n) => String(n).padStart(9)).join(" ");
  return ok(`${shown}${name === undefined ? "" : ` ${name}`}\n`);
});

function grep(args: readonly string[], here: Surroundings, input: string): Outcome {
  const flags = args.filter((arg) => /^-[A-Za-z]+$/.test(arg)).join("");
  const given = args.flatMap((arg, i) => (arg === "-e" ? [args[i + 1] ?? ""] : []));
  const rest = args.filter((arg, i) => !arg.startsWith("-") && args[i - 1] !== "-e");
  const patterns = given.length > 0 ? given : rest.slice(0, 1);
  const names = given.length > 0 ? rest : rest.slice(1);
  const text = textFrom("grep", names, here, input);
  if (typeof text !== "string") return { ...text, code: 2 };
  const options = { isExtended: flags.includes("E"), ignoresCase: flags.includes("i") };
  const all = patterns.map((pattern) =>
    regex(flags.includes("F") ? pattern.replaceAll(/[.*[\]^$\\]/g, "\\$&") : pattern, options),
  );
  const isFound = (line: string): boolean =>
    all.some((one) => {
      const match = one(line, 0);
      if (match === undefined) return false;
      if (flags.includes("x")) return match.from === 0 && match.to === line.length;
      return !flags.includes("w") || isWord(line, match.from, match.to);
    });
  const found = linesOf(text)
    .map((line, i) => [line.replace(/\n$/, ""), i + 1] as const)
    .filter(([line]) => isFound(line) !== flags.includes("v"));
  if (flags.includes("q")) return found.length === 0 ? fails("") : ok();
  if (flags.includes("c"))
    return { code: found.length === 0 ? 1 : 0, out: `${found.length}\n`, error: "" };
  if (found.length === 0) return fails("");
  if (flags.includes("l")) return ok(names.map((name) => `${name}\n`).join(""));
  const shown = found.flatMap(([line, number]) => {
    const before = flags.includes("n") ? `${number}:` : "";
    return flags.includes("o") ? partsOf(line, all).map((part) => before + part) : [before + line];
  });
  return ok(shown.map((line) => `${line}\n`).join(""));
}
const isWord = (line: string, from: number, to: number): boolean =>
  !/\w/.test(line[from - 1] ?? "") && !/\w/.test(line[to] ?? "");

/** Every match of a line, from left to right. */
function partsOf(line: string, all: readonly Regex[]): readonly string[] {
  const parts: string[] = [];
  for (let at = 0; at <= line.length;) {
    const match = all
      .flatMap((one) => one(line, at) ?? [])
      .toSorted((a, b) => a.from - b.from || b.to - a.to)[0];
    if (match === undefined) break;
    if (match.to > match.from) parts.push(line.slice(match.from, match.to));
    at = Math.max(match.to, match.from + 1);
  }
  return parts;
}

const sort = reading("sort", operands, (text, args) => {
  const flags = args.filter((arg) => arg.startsWith("-")).join("");
  const lines = linesOf(text).map((line) => line.replace(/\n$/, ""));
  const ordered = flags.includes("n")
    ? lines.toSorted((a, b) => Number.parseFloat(a) - Number.parseFloat(b))
    : lines.toSorted();
  const turned = flags.includes("r") ? ordered.toReversed() : ordered;
  const shown = flags.includes("u") ? [...new Set(turned)] : turned;
  return ok(shown.map((line) => `${line}\n`).join(""));
});

export const textCommands: Readonly<Record<string, Command>> = { head, tail, wc, grep, sort };
