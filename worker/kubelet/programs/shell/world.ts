/** What a shell is given: its container's files and variables, and whoever answers it. */
import type { OwnCommands } from "#kubelet/images/own-commands.ts";
import type { Beside, Hears } from "#kubelet/programs/process.ts";
import type { Surroundings } from "./commands.ts";
import type { Input } from "./input.ts";
import type { Node } from "./syntax.ts";

export interface ShellWorld extends Omit<Surroundings, "nowMs"> {
  readonly startedMs: number;
  /** Is this executable the image's own program? */
  serves(name: string): boolean;
  /** What is typed or piped into it; undefined: nothing, ever. */
  readonly input?: Input | undefined;
  /** Those that were defined before. */
  readonly functions?: Map<string, Node> | undefined;
  /** What is written into its files from beside, in order of time. */
  readonly beside?: readonly Beside[] | undefined;
  /** What the image's own programs answer. */
  readonly own?: OwnCommands | undefined;
  /** Which commands that use the network there are; undefined: all. */
  readonly tools?: readonly string[] | undefined;
  /** Missing: nobody answers yet. */
  readonly hears?: Hears | undefined;
}
