/**
 * The commands a script may use, as pure functions of arguments, standard input and the shell's
 * surroundings. Those that take time or end the shell are in `builtins/`.
 */
import { date } from "./date-command.ts";
import { fileCommands } from "./file-commands.ts";
import { fails, ok, type Outcome } from "./outcome.ts";
import { absolute } from "./paths.ts";
import { echo, printf } from "./print-commands.ts";
import { lineCommands } from "./lines/registry.ts";
import { processCommands } from "./process-commands.ts";
import { systemCommands } from "./system-commands.ts";
import { tar } from "./tar-command.ts";
import { test } from "./test-command.ts";

export interface Surroundings {
  readonly hostname: string;
  /** Cluster time now. */
  readonly nowMs: number;
  readonly variables: Map<string, string>;
  readonly files: Map<string, string>;
  /** Those before this one, the container's own first. */
  readonly processes?: readonly { readonly pid: number; readonly command: string }[] | undefined;
  /** The terminal it runs in, if any. */
  readonly input?:
    | {
        readonly isTerminal: boolean;
        readonly size: { readonly rows: number; readonly columns: number } | undefined;
      }
    | undefined;
  /** Why a file may not be written; undefined: it may. */
  refusesWrite?(path: string): string | undefined;
}
export type Command = (args: readonly string[], here: Surroundings, input: string) => Outcome;

/** All commands by name; `registry` in all but the file's name. */
export const commands: Readonly<Record<string, Command>> = {
  ":": () => ok(),
  true: () => ok(),
  false: () => fails(""),
  "/bin/true": () => ok(),
  "/bin/false": () => fails(""),
  echo,
  printf,
  date,
  test,
  "[": test,
  "[[": test,
  ...fileCommands,
  ...lineCommands,
  ...processCommands,
  tar,
  ...systemCommands,
  env: (_, { variables }) =>
    ok([...variables].map(([name, value]) => `${name}=${value}\n`).join("")),
  seq: (args) => {
    const [first, last] =
      args.length > 1 ? [Number(args[0]), Number(args.at(-1))] : [1, Number(args[0])];
    const length = Math.max(0, Math.min(10_000, last - first + 1));
    return ok(Array.from({ length }, (_, i) => `${first + i}\n`).join(""));
  },
  chmod: () => ok(),
  chown: () => ok(),
  export: (args, { variables }) => {
    for (const arg of args) {
      const equals = arg.indexOf("=");
      if (equals > 0) variables.set(arg.slice(0, equals), arg.slice(equals + 1));
    }
    return ok();
  },
  tee: (args, { files, variables }, input) => {
    for (const name of args) {
      if (name.startsWith("-")) continue;
      const path = absolute(name, variables);
      files.set(path, args.includes("-a") ? (files.get(path) ?? "") + input : input);
    }
    return { ...ok(input), files: true };
  },
};
