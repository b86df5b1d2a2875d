/** Says what a name would run: `command -v name`, `type name`, `which name`. */
import type { Frame } from "#kubelet/programs/shell/frame.ts";
import type { Moments } from "#kubelet/programs/shell/moment.ts";
import { baseName } from "#kubelet/programs/shell/paths.ts";
import type { Running } from "#kubelet/programs/shell/running.ts";
import type { Builtin } from "./builtin.ts";

/** Those that are files as well. */
export const pathed: ReadonlySet<string> = new Set([
  "sh",
  "bash",
  "ash",
  "sleep",
  "tail",
  "xargs",
  "timeout",
  "env",
  "nohup",
]);

/** What to print of a name; its path is undefined when there is nothing of that name. */
type Say = (name: string, path: string | undefined) => string | undefined;
const path: Say = (_, found) => (found === undefined ? undefined : `${found}\n`);
const sentence: Say = (name, found) =>
  found === undefined
    ? `${name}: not found\n`
    : found === name
      ? `${name} is a shell builtin\n`
      : `${name} is ${found}\n`;

/** `isBuiltin`: is it the shell's own? */
export function finding(isBuiltin: (name: string) => boolean): {
  readonly which: Builtin;
  readonly type: Builtin;
} {
  const finds = (say: Say) =>
    function* (run: Running, args: readonly string[], frame: Frame): Moments {
      frame.state.code = 0;
      for (const name of args.filter((arg) => !arg.startsWith("-"))) {
        const isOwn = frame.state.functions.has(name) || isBuiltin(name);
        const isThere = isOwn || run.knows(name);
        const path = isThere
          ? isOwn && !pathed.has(name)
            ? name
            : `/bin/${baseName(name)}`
          : undefined;
        const text = say(name, path);
        if (path === undefined) frame.state.code = 127;
        if (text !== undefined) yield* run.print(text, frame);
      }
    };
  return { which: finds(path), type: finds(sentence) };
}
