/** `tail -f` shows what there is and waits for more that never comes. */
import type { Frame } from "#kubelet/programs/shell/frame.ts";
import type { Moments } from "#kubelet/programs/shell/moment.ts";
import type { Running } from "#kubelet/programs/shell/running.ts";

export function* tail(run: Running, args: readonly string[], frame: Frame): Moments {
  if (!args.some((arg) => /^-\w*[fF]$/.test(arg) || arg === "--follow"))
    return yield* run.plain(["tail", ...args], frame);
  const rest = args
    .filter((arg) => arg !== "--follow")
    .map((arg) => arg.replace(/^-(\w*)[fF]$/, "-$1"));
  const plain = rest.filter((arg) => arg !== "-");
  if (plain.some((arg) => !arg.startsWith("-"))) yield* run.plain(["tail", ...plain], frame);
  yield* run.pace.forever(frame.state.clock);
}
