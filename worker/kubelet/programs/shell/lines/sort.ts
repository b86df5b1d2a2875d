/** `sort`. Upstream: busybox coreutils/sort.c. */
import { ok } from "#kubelet/programs/shell/outcome.ts";
import { joined, linesOf, reading, withoutFlags } from "./text.ts";

export const sort = reading("sort", withoutFlags, (text, args) => {
  const flags = args.filter((arg) => arg.startsWith("-")).join("");
  const lines = linesOf(text);
  const ordered = flags.includes("n")
    ? lines.toSorted((a, b) => Number.parseFloat(a) - Number.parseFloat(b))
    : lines.toSorted();
  const turned = flags.includes("r") ? ordered.toReversed() : ordered;
  const shown = flags.includes("u") ? [...new Set(turned)] : turned;
  return ok(joined(shown));
});
