/** The part of awk that picks fields: `-F: '/re/ {print $1, $NF}'`, `NR==2 {…}`, `NR>1`. Upstream: busybox editors/awk.c. */
import type { Command } from "#kubelet/programs/shell/commands.ts";
import { fails, ok } from "#kubelet/programs/shell/outcome.ts";
import { regex } from "#kubelet/programs/shell/regex.ts";
import { operandsOf, valuesOf } from "./operands.ts";
import { joined, linesOf, textOf } from "./text.ts";

export const awk: Command = (args, here, input) => {
  const separator = valuesOf(args, "F").get("F");
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
