/** A shell that reads its commands: what it shows before each, and when a line is not the whole command. */
import { parse } from "./parse.ts";
import { type Script, ShellSyntaxError } from "./syntax.ts";

/** busybox's `/ # `, bash's `root@web:/# `. */
export function promptOf(
  shell: string,
  hostname: string,
  variables: ReadonlyMap<string, string>,
): string {
  const at = variables.get("PWD") ?? "/";
  return shell === "bash" ? `root@${hostname}:${at}# ` : `${at} # `;
}
/** Before the further lines of a command. */
export const continuationPrompt = "> ";

/** The command of some lines; undefined: more lines must follow. Throws ShellSyntaxError. */
export function commandOf(lines: string, isLast: boolean): Script | undefined {
  try {
    return parse(lines);
  } catch (error) {
    if (error instanceof ShellSyntaxError && error.isIncomplete && !isLast) return undefined;
    throw error;
  }
}
