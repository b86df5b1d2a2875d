/** Commands that read text, from a file or from their input, and write some of it. */
import type { Command, Surroundings } from "./commands.ts";
import { fails, ok, type Outcome } from "./outcome.ts";
import { absolute } from "./paths.ts";

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
    ...(flags === "" || flags.includes("c") ? [new TextEncoder().encode(text).length] : []),
  ];
  const shown =
    counts.length === 1 ? String(counts[0]) : counts.map((n) => String(n).padStart(9)).join(" ");
  return ok(`${shown}${name === undefined ? "" : ` ${name}`}\n`);
});

function grep(args: readonly string[], here: Surroundings, input: string): Outcome {
  const flags = args.filter((arg) => arg.startsWith("-")).join("");
  const [pattern = "", ...names] = operands(args);
  const text = textFrom("grep", names, here, input);
  if (typeof text !== "string") return { ...text, code: 2 };
  const fold = (line: string): string => (flags.includes("i") ? line.toLowerCase() : line);
  const found = linesOf(text).filter(
    (line) => holds(fold(line.replace(/\n$/, "")), fold(pattern)) !== flags.includes("v"),
  );
  if (flags.includes("q")) return found.length === 0 ? fails("") : ok();
  if (flags.includes("c"))
    return { code: found.length === 0 ? 1 : 0, out: `${found.length}\n`, error: "" };
  const shown = found.map((line) => (line.endsWith("\n") ? line : `${line}\n`));
  return found.length === 0 ? fails("") : ok(shown.join(""));
}

/** Anchors and alternatives of plain text: no pattern of a person's is run as a regular expression. */
function holds(line: string, pattern: string): boolean {
  return pattern.split(/\\\||\|/).some((one) => {
    const start = one.startsWith("^");
    const end = one.endsWith("$");
    const plain = one.slice(start ? 1 : 0, end ? -1 : undefined);
    if (start && end) return line === plain;
    if (start) return line.startsWith(plain);
    return end ? line.endsWith(plain) : line.includes(plain);
  });
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
