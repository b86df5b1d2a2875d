/** Commands about jobs in the background. Upstream: busybox shell/ash.c waitcmd, killcmd. */
import type { Frame } from "#kubelet/programs/shell/frame.ts";
import type { Moments } from "#kubelet/programs/shell/moment.ts";
import type { Running } from "#kubelet/programs/shell/running.ts";

export function* wait(run: Running, args: readonly string[], { state }: Frame): Moments {
  const asked = args.filter((arg) => /^\d+$/.test(arg)).map(Number);
  state.code = 0;
  for (const pid of asked.length === 0 ? run.jobs.all : asked) {
    const code = yield* run.jobs.ends(pid, state.clock);
    if (asked.length > 0) state.code = code ?? 127;
  }
}

/** A job of this shell, or the container's first process. */
export function* kill(run: Running, args: readonly string[], frame: Frame): Moments {
  const pids = args.filter((arg, at) => !arg.startsWith("-") && args[at - 1] !== "-s");
  const jobs = pids.map((pid) => Number(pid.replace(/^%/, ""))).filter((pid) => run.jobs.has(pid));
  if (jobs.length !== pids.length || pids.length === 0)
    return yield* run.plain(["kill", ...args], frame);
  frame.state.code = 0;
  if (!args.includes("-0")) for (const pid of jobs) run.jobs.kill(pid);
}
