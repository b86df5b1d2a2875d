/** A shell that reads its commands: what it shows before each, and when a line is not the whole command. */
import type { Frame } from "./frame.ts";
import { Breaks, Interrupted, interruptedCode, Leaves, Returns } from "./leaving.ts";
import type { LiveInput } from "./live-input.ts";
import type { Moments } from "./moment.ts";
import { parse } from "./parse.ts";
import type { Running } from "./running.ts";
import { type Script, ShellSyntaxError } from "./syntax.ts";

/** busybox's `/ # `, bash's `root@web:/# `. */
function promptOf(shell: string, hostname: string, variables: ReadonlyMap<string, string>): string {
  const at = variables.get("PWD") ?? "/";
  return shell === "bash" ? `root@${hostname}:${at}# ` : `${at} # `;
}
/** Before the further lines of a command. */
const continuationPrompt = "> ";

/** The command of some lines; undefined: more lines must follow. Throws ShellSyntaxError. */
function commandOf(lines: string, isLast: boolean): Script | undefined {
  try {
    return parse(lines);
  } catch (error) {
    if (error instanceof ShellSyntaxError && error.isIncomplete && !isLast) return undefined;
    throw error;
  }
}

export interface Reading {
  /** `sh`, `bash`. */
  readonly shell: string;
  readonly source: LiveInput;
  /** No other shell waits for its end. */
  readonly isOutermost: boolean;
  /** It has shown its prompt already. */
  readonly isGoingOn: boolean;
}

export function* conversation(
  run: Running,
  { shell, source, isOutermost, isGoingOn }: Reading,
  frame: Frame,
): Moments {
  const { state } = frame;
  const { input } = source;
  let lines = "";
  let isPrompted = isGoingOn;
  for (;;) {
    const prompt =
      lines === "" ? promptOf(shell, run.world.hostname, state.variables) : continuationPrompt;
    if (input.isTerminal && !isPrompted) yield* run.print(prompt, frame);
    isPrompted = false;
    try {
      const line = yield* source.line(isOutermost && lines === "" ? "prompt" : "input");
      if (line === undefined) return;
      lines += `${line}\n`;
      const script = commandOf(lines, input.isOver && input.text === "");
      if (script === undefined) continue;
      lines = "";
      yield* run.script(script, frame);
    } catch (thrown) {
      lines = "";
      if (thrown instanceof Interrupted) state.code = interruptedCode;
      else if (thrown instanceof ShellSyntaxError) {
        state.code = 2;
        yield* run.print(`${shell}: ${thrown.message}\n`, frame, 2);
      } else if (thrown instanceof Leaves && thrown.isError) state.code = thrown.code;
      else if (!(thrown instanceof Breaks) && !(thrown instanceof Returns)) throw thrown;
    }
  }
}
