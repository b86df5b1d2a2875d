/** Commands that run the text of a script: in a shell of its own, or in this one. */
import type { Frame } from "#kubelet/programs/shell/frame.ts";
import { Leaves } from "#kubelet/programs/shell/leaving.ts";
import type { Moments } from "#kubelet/programs/shell/moment.ts";
import { absolute } from "#kubelet/programs/shell/paths.ts";
import type { Running } from "#kubelet/programs/shell/running.ts";
import { contained } from "#kubelet/programs/shell/subshell.ts";
import type { Builtin } from "./builtin.ts";
import { exitTrap } from "./trap.ts";

/** `sh -c text name args`, `sh file`, `sh`. */
export const inner = (shell: string): Builtin =>
  function* (run: Running, args: readonly string[], frame: Frame): Moments {
    const at = args.findIndex((arg) => /^-\w*c\w*$/.test(arg));
    const flags = args.slice(0, at < 0 ? 0 : at + 1).join("");
    const operand = at < 0 ? args.findIndex((arg) => !arg.startsWith("-")) : -1;
    const file = operand < 0 ? undefined : args[operand];
    const path = file === undefined ? "" : absolute(file, frame.state.variables);
    const text = at < 0 ? run.world.files.get(path) : (args[at + 1] ?? "");
    const given = at < 0 ? args.slice(operand) : args.slice(at + 2);
    const { state } = frame;
    const options = new Set(["e", "u", "x"].filter((one) => flags.includes(one)));
    const own = { ...state, arguments: given.length === 0 ? [shell] : given, options };
    own.variables = new Map(state.variables);
    own.functions = new Map();
    own.traps = new Map();
    const there = { ...frame, state: own, isTested: false };
    if (text !== undefined) yield* contained(run.text(text, there), there);
    else if (file === undefined) {
      own.code = 0;
      yield* contained(run.reading(shell, there), there);
    } else {
      own.code = 2;
      yield* run.print(`${shell}: can't open '${file}': No such file or directory\n`, frame, 2);
    }
    yield* contained(exitTrap(run, there), there);
    state.code = own.code;
  };

export function* sourced(run: Running, args: readonly string[], frame: Frame): Moments {
  const [name = ""] = args;
  const text = run.world.files.get(absolute(name, frame.state.variables));
  if (text !== undefined) return yield* run.text(text, frame);
  yield* run.print(`sh: .: can't open '${name}': No such file or directory\n`, frame, 2);
  throw new Leaves(2, { isError: true });
}

export function* evaluate(run: Running, args: readonly string[], frame: Frame): Moments {
  frame.state.code = 0;
  yield* run.text(args.join(" "), frame);
}
