/** Runs a tool of the network in a shell: each of its turns costs the time it says, and what it hears is waited for. */
import type { Frame } from "#kubelet/programs/shell/frame.ts";
import type { Moments } from "#kubelet/programs/shell/moment.ts";
import type { Running } from "#kubelet/programs/shell/running.ts";
import type { Heard } from "#network/calls.ts";
import { type Tool, uploadsInput } from "./tool.ts";

export function* talked(run: Running, tool: Tool, args: readonly string[], frame: Frame): Moments {
  const { state } = frame;
  const { world, pace } = run;
  const input = uploadsInput(args) ? yield* frame.source.all() : "";
  const nowMs = world.startedMs + state.clock.atMs;
  const running = tool(args, { ...world, variables: state.variables, nowMs }, input);
  let turn = running.next();
  while (!turn.done) {
    const { value } = turn;
    let heard: Heard | undefined;
    if ("call" in value) heard = yield* pace.heard(value.call, state.clock);
    else if ("print" in value)
      yield* run.print(value.print, frame, value.stream === "stdout" ? 1 : 2);
    else if ("write" in value) {
      world.files.set(value.write, value.text);
      yield { atMs: state.clock.atMs, files: true };
    } else yield* pace.wait(value.waitMs, state.clock);
    turn = running.next(heard);
  }
  state.code = turn.value;
}
