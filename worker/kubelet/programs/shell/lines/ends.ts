/** `head` and `tail`. Upstream: busybox coreutils/head.c, tail.c. */
import { ok } from "#kubelet/programs/shell/outcome.ts";
import { reading } from "./text.ts";

/** Lines with their ends. */
const wholeLinesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

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

export const head = reading("head", afterAmount, (text, args) => {
  const [unit, count] = amount(args);
  return ok(
    unit === "c"
      ? text.slice(0, Number(count))
      : wholeLinesOf(text).slice(0, Number(count)).join(""),
  );
});

export const tail = reading("tail", afterAmount, (text, args) => {
  const [unit, count] = amount(args);
  const number = Math.abs(Number(count));
  const from = count.startsWith("+") ? Math.max(0, number - 1) : -number;
  if (number === 0 && from !== 0) return ok();
  return ok(unit === "c" ? text.slice(from) : wholeLinesOf(text).slice(from).join(""));
});
