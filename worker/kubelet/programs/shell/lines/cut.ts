/** `cut`: fields or characters of each line. Upstream: busybox coreutils/cut.c. */
import type { Command } from "#kubelet/programs/shell/commands.ts";
import { fails, ok } from "#kubelet/programs/shell/outcome.ts";
import { operandsOf, valuesOf } from "./operands.ts";
import { joined, linesOf, textOf } from "./text.ts";

export const cut: Command = (args, here, input) => {
  const values = valuesOf(args, "fdcb");
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
