/** `uniq`: of equal lines in a row the first. Upstream: busybox coreutils/uniq.c. */
import type { Command } from "#kubelet/programs/shell/commands.ts";
import { ok } from "#kubelet/programs/shell/outcome.ts";
import { operandsOf } from "./operands.ts";
import { joined, linesOf, textOf } from "./text.ts";

export const uniq: Command = (args, here, input) => {
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
