/** `test` and `[`. Upstream: busybox coreutils/test.c. */
import type { Surroundings } from "./commands.ts";
import { fails, ok, type Outcome } from "./outcome.ts";
import { absolute, isDirectory } from "./paths.ts";

/** `-o` binds less than `-a`, that less than `!`. */
export function test(args: readonly string[], here: Surroundings): Outcome {
  const words = args.at(-1) === "]" || args.at(-1) === "]]" ? args.slice(0, -1) : args;
  const split = (list: readonly string[], by: string): readonly (readonly string[])[] => {
    const parts: string[][] = [[]];
    for (const [i, word] of list.entries())
      if (word === by && i > 0 && list.length > 3) parts.push([]);
      else parts.at(-1)?.push(word);
    return parts;
  };
  const holds = split(words, "-o").some((any) =>
    split(any, "-a").every((one) => isTrue(one, here)),
  );
  return holds ? ok() : fails("");
}

function isTrue(words: readonly string[], here: Surroundings): boolean {
  const { files, variables } = here;
  const [a = "", op = "", b = ""] = words;
  if (a === "!" && words.length > 1) return !isTrue(words.slice(1), here);
  const path = absolute(op, variables);
  const unary: Record<string, () => boolean> = {
    "-f": () => files.has(path),
    "-e": () => files.has(path) || isDirectory(files, path),
    "-r": () => files.has(path) || isDirectory(files, path),
    "-w": () => files.has(path) || isDirectory(files, path),
    "-x": () => files.has(path) || isDirectory(files, path),
    "-d": () => !files.has(path) && isDirectory(files, path),
    "-n": () => op !== "",
    "-z": () => op === "",
    "-s": () => (files.get(path) ?? "") !== "",
  };
  const binary: Record<string, () => boolean> = {
    "=": () => a === b,
    "==": () => a === b,
    "!=": () => a !== b,
    "<": () => a < b,
    ">": () => a > b,
    "-eq": () => Number(a) === Number(b),
    "-ne": () => Number(a) !== Number(b),
    "-lt": () => Number(a) < Number(b),
    "-le": () => Number(a) <= Number(b),
    "-gt": () => Number(a) > Number(b),
    "-ge": () => Number(a) >= Number(b),
  };
  if (words.length === 2) return unary[a]?.() ?? false;
  return words.length === 3 ? (binary[op]?.() ?? false) : a !== "";
}
