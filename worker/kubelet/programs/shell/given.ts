/** What a command of the grammar is given: its words expanded, its streams redirected, or why that cannot be. */
import { type Expanding, ExpansionError, textOf } from "./expansion.ts";
import type { Frame } from "./frame.ts";
import { Leaves } from "./leaving.ts";
import type { Moments } from "./moment.ts";
import { redirected } from "./redirect.ts";
import type { Running } from "./running.ts";
import { captured } from "./subshell.ts";
import type { Redirection } from "./syntax.ts";

export const expanding = (run: Running, frame: Frame): Expanding => ({
  state: frame.state,
  hostname: run.world.hostname,
  files: run.world.files,
  captured: (script) => captured(frame, (own) => run.script(script, own)),
});

/** An expansion; one that cannot be ends the shell. */
export function* expanded<T>(run: Running, frame: Frame, body: Moments<T>): Moments<T> {
  try {
    return yield* body;
  } catch (thrown) {
    if (!(thrown instanceof ExpansionError)) throw thrown;
    yield* run.print(`sh: ${thrown.message}\n`, frame, 2);
    throw new Leaves(2, { isError: true });
  }
}

/** Undefined: it cannot be redirected so, which has been said. */
export function* opened(
  run: Running,
  redirections: readonly Redirection[],
  frame: Frame,
): Moments<Frame | undefined> {
  if (redirections.length === 0) return frame;
  const { files, refusesWrite } = run.world;
  const on = expanding(run, frame);
  const found = yield* redirected(redirections, frame, {
    files,
    ...(refusesWrite === undefined ? {} : { refusesWrite }),
    textOf: ({ target }) => textOf(target, on),
  });
  if (typeof found !== "string") return found;
  frame.state.code = 1;
  yield* run.print(found, frame, 2);
  return undefined;
}
