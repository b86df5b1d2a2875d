/** A command that is the shell's own, or runs others: it takes time, reads, or changes what the shell knows. */
import type { Frame } from "#kubelet/programs/shell/frame.ts";
import type { Moments } from "#kubelet/programs/shell/moment.ts";
import type { Running } from "#kubelet/programs/shell/running.ts";

/** Undefined: it took no time. */
export type Builtin = (run: Running, args: readonly string[], frame: Frame) => Moments | void;
