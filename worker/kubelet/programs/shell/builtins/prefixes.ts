/** Commands that run another one: `exec`, `env A=b command`, `nohup`, `command`. */
import type { Frame } from "#kubelet/programs/shell/frame.ts";
import { Leaves } from "#kubelet/programs/shell/leaving.ts";
import type { Moments } from "#kubelet/programs/shell/moment.ts";
import type { Running } from "#kubelet/programs/shell/running.ts";
import type { Builtin } from "./builtin.ts";

export function* exec(run: Running, args: readonly string[], frame: Frame): Moments {
  if (args.length === 0) return;
  yield* run.call(args, frame);
  throw new Leaves(frame.state.code);
}

/** `env A=b command`. */
export function* env(run: Running, args: readonly string[], frame: Frame): Moments {
  const { variables } = frame.state;
  const at = args.findIndex((arg) => !arg.includes("=") && !arg.startsWith("-"));
  const set = at < 0 ? args : args.slice(0, at);
  const own = new Map(set.includes("-i") ? [] : variables);
  for (const arg of set.filter((one) => one.includes("=")))
    own.set(arg.slice(0, arg.indexOf("=")), arg.slice(arg.indexOf("=") + 1));
  const there = { ...frame, state: { ...frame.state, variables: own } };
  if (at < 0) yield* run.plain(["env"], there);
  else yield* run.call(args.slice(at), there);
  frame.state.code = there.state.code;
}

export function* nohup(run: Running, args: readonly string[], frame: Frame): Moments {
  yield* run.call(args, frame);
}

/** `command -v name` finds it instead. */
export const command = (which: Builtin): Builtin =>
  function* (run: Running, args: readonly string[], frame: Frame): Moments {
    const moments = /^-[vV]$/.test(args[0] ?? "") ? which(run, args, frame) : run.call(args, frame);
    if (moments instanceof Object) yield* moments;
  };
