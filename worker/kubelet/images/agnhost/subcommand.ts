/**
 * A subcommand of agnhost: what `/agnhost <name> --flags` does.
 *
 * A new one is a file beside this one and a line in `registry.ts`.
 */
import { timeText } from "#apimachinery/time.ts";
import { type Line, type Process, quiet, type Run } from "#kubelet/programs/process.ts";
import { type Options, optionsOf, valueOf } from "#kubelet/programs/shell/network/tool.ts";

export interface Subcommand {
  readonly name: string;
  /** Flags that take a value. */
  readonly flags: readonly string[];
  run(run: Run, flags: Options): Process;
}

/** Every subcommand has klog's. Upstream: k8s.io/klog/v2 InitFlags. */
const klogFlags = ["v", "vmodule", "logtostderr", "alsologtostderr", "stderrthreshold", "log_dir"];

/** Upstream: spf13/cobra's words for what a command does not know. */
export function started(subcommand: Subcommand, run: Run): Process {
  const flags = optionsOf(run.argv.slice(2), [...subcommand.flags, ...klogFlags], []);
  const { unknown } = flags;
  if (unknown === undefined) return subcommand.run(run, flags);
  const what = unknown.startsWith("--")
    ? `unknown flag: ${unknown.split("=")[0]}`
    : `unknown shorthand flag: '${unknown}' in -${unknown}`;
  return printing([{ atMs: 5, text: `Error: ${what}`, stream: "stderr" }], { atMs: 10, code: 1 });
}

/** Writes its lines and ends. */
export const printing = (
  all: readonly Line[],
  {
    atMs,
    code,
    waits = false,
  }: { readonly atMs: number; readonly code: number; readonly waits?: boolean },
): Process => ({
  ...quiet,
  ends: { afterMs: atMs, code, delay: waits ? "wait" : "work" },
  lines: (fromMs, toMs) => all.filter((line) => line.atMs >= fromMs && line.atMs < toMs),
});

/** How much it is to log. */
export const verbosity = (flags: Options): number =>
  Number((valueOf(flags, "v") ?? "0").replace(/^=/, ""));

/** A line of klog's, as the container's first process writes it. Upstream: k8s.io/klog/v2 formatHeader. */
export function klogLine(
  severity: "I" | "F",
  { startedMs }: Pick<Run, "startedMs">,
  atMs: number,
  { at, text }: { readonly at: string; readonly text: string },
): Line {
  const time = timeText(startedMs + atMs);
  const [month, day] = [time.slice(5, 7), time.slice(8, 10)];
  const fraction = String((startedMs + atMs) % 1000).padStart(3, "0");
  const header = `${severity}${month}${day} ${time.slice(11, 19)}.${fraction}000       1 ${at}]`;
  return { atMs, text: `${header} ${text}`, stream: "stderr" };
}

/** klog.Fatal. */
export const fatal = (run: Run, at: string, text: string): Process =>
  printing([klogLine("F", run, 5, { at, text })], { atMs: 10, code: 255 });
