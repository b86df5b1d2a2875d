/** What leaves a loop, a function, the shell. */
import { Breaks, Leaves, Returns } from "#kubelet/programs/shell/leaving.ts";
import type { Builtin } from "./builtin.ts";

const number = (text: string | undefined, otherwise: number): number =>
  text === undefined ? otherwise : Number(text);

export const jumps = {
  exit(_, [code], { state }) {
    throw new Leaves(number(code, state.code) & 255);
  },
  return(_, [code], { state }) {
    state.code = number(code, state.code) & 255;
    throw new Returns();
  },
  break(_, [loops], { state }) {
    state.code = 0;
    throw new Breaks(false, number(loops, 1));
  },
  continue(_, [loops], { state }) {
    state.code = 0;
    throw new Breaks(true, number(loops, 1));
  },
} satisfies Readonly<Record<string, Builtin>>;
