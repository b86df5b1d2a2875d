/** `wc`. Upstream: busybox coreutils/wc.c. */
import { byteLength } from "#apimachinery/byte-text.ts";
import { ok } from "#kubelet/programs/shell/outcome.ts";
import { reading, withoutFlags } from "./text.ts";

export const wc = reading("wc", withoutFlags, (text, args) => {
  const lines = text.split("\n").length - 1;
  const words = text.split(/\s+/).filter(Boolean).length;
  const flags = args.filter((arg) => arg.startsWith("-")).join("");
  const [name] = withoutFlags(args);
  const counts = [
    ...(flags === "" || flags.includes("l") ? [lines] : []),
    ...(flags === "" || flags.includes("w") ? [words] : []),
    ...(flags === "" || flags.includes("c") ? [byteLength(text)] : []),
  ];
  const shown =
    counts.length === 1 ? String(counts[0]) : counts.map((n) => String(n).padStart(9)).join(" ");
  return ok(`${shown}${name === undefined ? "" : ` ${name}`}\n`);
});
