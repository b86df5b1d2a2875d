/** `grep`: lines that fit. Upstream: busybox findutils/grep.c. */
import type { Command } from "#kubelet/programs/shell/commands.ts";
import { fails, ok } from "#kubelet/programs/shell/outcome.ts";
import { type Regex, regex } from "#kubelet/programs/shell/regex.ts";
import { linesOf, textOf } from "./text.ts";

export const grep: Command = (args, here, input) => {
  const flags = args.filter((arg) => /^-[A-Za-z]+$/.test(arg)).join("");
  const given = args.flatMap((arg, i) => (arg === "-e" ? [args[i + 1] ?? ""] : []));
  const rest = args.filter((arg, i) => !arg.startsWith("-") && args[i - 1] !== "-e");
  const patterns = given.length > 0 ? given : rest.slice(0, 1);
  const names = given.length > 0 ? rest : rest.slice(1);
  const text = textOf("grep", names, here, input);
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
    .map((line, i) => [line, i + 1] as const)
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
};
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
