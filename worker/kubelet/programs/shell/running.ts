/** A shell that runs, as its parts see it: each part is a file, and what it starts may need any other. */
import type { Frame } from "./frame.ts";
import type { Jobs } from "./jobs.ts";
import type { Moments } from "./moment.ts";
import type { Pace } from "./pace.ts";
import type { Node, Script } from "./syntax.ts";
import type { ShellWorld } from "./world.ts";

export interface Running {
  readonly world: ShellWorld;
  readonly jobs: Jobs;
  readonly pace: Pace;
  script(script: Script, frame: Frame): Moments;
  /** The text of a script; one that cannot be read ends the shell, which has been said. */
  text(text: string, frame: Frame): Moments;
  node(node: Node, frame: Frame): Moments;
  /** One command, whatever has that name. */
  call(argv: readonly string[], frame: Frame): Moments;
  /** One command of `commands.ts`. */
  plain(argv: readonly string[], frame: Frame): Moments;
  print(text: string, frame: Frame, fd?: 1 | 2): Moments;
  /** A shell that reads its commands. */
  reading(shell: string, frame: Frame): Moments;
  /** Could it be run? */
  knows(name: string): boolean;
}
