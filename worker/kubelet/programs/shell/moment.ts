/** What a script does at a moment of its imagined clock. */
import type { Line } from "#kubelet/programs/process.ts";
import type { Call } from "#network/calls.ts";

export interface Moment {
  /** Since the start. */
  readonly atMs: number;
  readonly text?: string | undefined;
  /** No newline follows the text. */
  readonly open?: boolean | undefined;
  readonly stream?: Line["stream"] | undefined;
  /** It waits for input. `prompt`: as a shell between two commands, with nothing else to remember. */
  readonly reads?: "input" | "prompt" | undefined;
  /** It waits for what the network says to this. */
  readonly asks?: Call | undefined;
  /** A signal for the container's first process. */
  readonly signal?: string | undefined;
  /** Files changed. */
  readonly files?: boolean | undefined;
  /** The shell ended with this code. */
  readonly code?: number | undefined;
  /** It became the image's own program. */
  readonly serves?: readonly string[] | undefined;
}

/** Moments, and what comes of them. */
export type Moments<T = void> = Generator<Moment, T>;

/** Lines without their ends; the last may lack one. */
export function linesOf(out: string): readonly { readonly text: string; readonly open: boolean }[] {
  if (out === "") return [];
  const lines = out.split("\n");
  const rest = lines.pop() ?? "";
  const whole = lines.map((text) => ({ text, open: false }));
  return rest === "" ? whole : [...whole, { text: rest, open: true }];
}
