/** `tr`: characters for others. Upstream: busybox coreutils/tr.c. */
import type { Command } from "#kubelet/programs/shell/commands.ts";
import { ok } from "#kubelet/programs/shell/outcome.ts";

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

export const tr: Command = (args, _, input) => {
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
