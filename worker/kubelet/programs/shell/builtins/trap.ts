/** `trap command EXIT`, and what it left to do. */
import type { Frame } from "#kubelet/programs/shell/frame.ts";
import type { Moments } from "#kubelet/programs/shell/moment.ts";
import type { Running } from "#kubelet/programs/shell/running.ts";

export function* trap(run: Running, args: readonly string[], frame: Frame): Moments {
  const { traps } = frame.state;
  frame.state.code = 0;
  const words = args[0] === "--" ? args.slice(1) : args;
  if (words.length === 0) {
    for (const [name, text] of traps) yield* run.print(`trap -- '${text}' ${name}\n`, frame);
    return;
  }
  const [text = "", ...signals] = words.length === 1 ? ["-", ...words] : words;
  for (const signal of signals) {
    const name =
      signal === "0" ? "EXIT" : (numbered[signal] ?? signal.replace(/^SIG/, "").toUpperCase());
    if (text === "-") traps.delete(name);
    else traps.set(name, text);
  }
}
const numbered: Readonly<Record<string, string>> = {
  "1": "HUP",
  "2": "INT",
  "3": "QUIT",
  "15": "TERM",
};

/** What `trap … EXIT` left to do. */
export function* exitTrap(run: Running, frame: Frame): Moments {
  const { traps, code } = frame.state;
  const text = traps.get("EXIT");
  if (text === undefined) return;
  traps.delete("EXIT");
  yield* run.text(text, frame);
  frame.state.code = code;
}
