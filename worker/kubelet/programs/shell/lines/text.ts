/** What commands about lines read and write. */
import type { Command, Surroundings } from "#kubelet/programs/shell/commands.ts";
import { fails, type Outcome } from "#kubelet/programs/shell/outcome.ts";
import { absolute } from "#kubelet/programs/shell/paths.ts";

/** Lines without their ends. */
export const linesOf = (text: string): readonly string[] =>
  text === "" ? [] : text.replace(/\n$/, "").split("\n");
export const joined = (lines: readonly string[]): string =>
  lines.map((line) => `${line}\n`).join("");

/** The text of the named files, or the input; an outcome when one is missing. */
export function textOf(
  command: string,
  names: readonly string[],
  { files, variables }: Surroundings,
  input: string,
): string | Outcome {
  if (names.length === 0) return input;
  let all = "";
  for (const name of names) {
    const text = name === "-" ? input : files.get(absolute(name, variables));
    if (text === undefined) return fails(`${command}: ${name}: No such file or directory\n`);
    all += text;
  }
  return all;
}

/** A command that makes something of all of it. */
export const reading =
  (
    command: string,
    files: (args: readonly string[]) => readonly string[],
    run: (text: string, args: readonly string[]) => Outcome,
  ): Command =>
  (args, here, input) => {
    const text = textOf(command, files(args), here, input);
    return typeof text === "string" ? run(text, args) : text;
  };

export const withoutFlags = (args: readonly string[]): readonly string[] =>
  args.filter((arg) => !arg.startsWith("-"));
