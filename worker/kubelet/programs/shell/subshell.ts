/** Copies of a shell: what ends one of them ends nothing else. Upstream: busybox shell/ash.c evalsubshell. */
import { copied, type Frame, type Pipe } from "./frame.ts";
import { Breaks, Leaves, Returns } from "./leaving.ts";
import type { Moments } from "./moment.ts";

export function* contained(body: Moments, { state }: Frame): Moments {
  try {
    yield* body;
  } catch (thrown) {
    if (thrown instanceof Leaves) state.code = thrown.code;
    else if (!(thrown instanceof Breaks) && !(thrown instanceof Returns)) throw thrown;
  }
}

/** In a copy of the shell; its status is the frame's. */
export function* subshell(frame: Frame, body: (own: Frame) => Moments): Moments {
  const own: Frame = { ...frame, state: copied(frame.state) };
  yield* contained(body(own), own);
  frame.state.code = own.state.code;
}

/** What is printed meanwhile, instead of showing it. */
export function* captured(frame: Frame, body: (own: Frame) => Moments): Moments<string> {
  const pipe: Pipe = { text: "" };
  yield* subshell({ ...frame, out: { to: "pipe", pipe } }, body);
  return pipe.text;
}
