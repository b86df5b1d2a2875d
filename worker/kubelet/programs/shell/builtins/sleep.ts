/** Commands that wait: `sleep 2m`, `timeout 5 command`. */
import type { Frame } from "#kubelet/programs/shell/frame.ts";
import type { Moments } from "#kubelet/programs/shell/moment.ts";
import type { Running } from "#kubelet/programs/shell/running.ts";

/** `5`, `0.5`, `2m`, `1h 30m`; undefined: for ever. */
function sleepMs(args: readonly string[]): number | undefined {
  const unit: Record<string, number> = {
    "": 1000,
    s: 1000,
    m: 60_000,
    h: 3_600_000,
    d: 86_400_000,
  };
  let total = 0;
  for (const arg of args) {
    const [, digits, suffix = ""] = /^(\d*\.?\d+)([smhd]?)$/.exec(arg) ?? [];
    if (digits === undefined) {
      if (arg === "infinity" || arg === "inf") return undefined;
      continue;
    }
    total += Number(digits) * (unit[suffix] ?? 1000);
  }
  return Math.round(total);
}

export function* sleep(run: Running, args: readonly string[], frame: Frame): Moments {
  const ms = sleepMs(args);
  if (ms === undefined) yield* run.pace.forever(frame.state.clock);
  else yield* run.pace.wait(ms, frame.state.clock);
  frame.state.code = 0;
}

/** Upstream: busybox coreutils/timeout.c: 143 when it was ended. */
export function* timeout(run: Running, args: readonly string[], frame: Frame): Moments {
  const at = args.findIndex(
    (arg, i) => !arg.startsWith("-") && !["-s", "-k"].includes(args[i - 1] ?? ""),
  );
  const limitMs = sleepMs([args[at] ?? ""]);
  const { clock } = frame.state;
  const endMs = clock.atMs + (limitMs ?? Number.POSITIVE_INFINITY);
  const moments = run.call(args.slice(at + 1), frame);
  for (let next = moments.next(); next.done !== true; next = moments.next()) {
    if (next.value.atMs > endMs) {
      moments.return();
      clock.atMs = endMs;
      clock.workMs = 0;
      yield { atMs: endMs };
      frame.state.code = 143;
      return;
    }
    yield next.value;
  }
}
