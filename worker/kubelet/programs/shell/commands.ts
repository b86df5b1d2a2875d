/**
 * The commands a script may use, as pure functions of arguments, standard input and the shell's
 * surroundings. Those that take time or end the shell are in `builtins/`.
 */
import { timeText } from "#apimachinery/time.ts";
import { fileCommands } from "./file-commands.ts";
import { fails, ok, type Outcome } from "./outcome.ts";
import { absolute, isDirectory } from "./paths.ts";
import { lineCommands } from "./lines/registry.ts";
import { processCommands } from "./process-commands.ts";
import { systemCommands } from "./system-commands.ts";
import { tar } from "./tar-command.ts";

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

const weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `Mon Nov 23 20:15:04 UTC 2026`, or by a format. */
function date(args: readonly string[], { nowMs }: Surroundings): Outcome {
  const text = timeText(nowMs);
  const format = args.find((arg) => arg.startsWith("+"));
  const weekday = weekdays[Math.floor(nowMs / 86_400_000) % 7] ?? "";
  const month = months[Number(text.slice(5, 7)) - 1] ?? "";
  if (format === undefined) {
    const day = String(Number(text.slice(8, 10))).padStart(2);
    return ok(`${weekday} ${month} ${day} ${text.slice(11, 19)} UTC ${text.slice(0, 4)}\n`);
  }
  const fields: Record<string, string> = {
    Y: text.slice(0, 4),
    m: text.slice(5, 7),
    d: text.slice(8, 10),
    H: text.slice(11, 13),
    M: text.slice(14, 16),
    S: text.slice(17, 19),
    T: text.slice(11, 19),
    F: text.slice(0, 10),
    s: String(Math.floor(nowMs / 1000)),
    "%": "%",
  };
  return ok(
    `${format.slice(1).replace(/%(.)/g, (whole, name: string) => fields[name] ?? whole)}\n`,
  );
}

const escapes = (text: string): string =>
  text.replaceAll("\\n", "\n").replaceAll("\\t", "\t").replaceAll("\\\\", "\\");

function echo(args: readonly string[]): Outcome {
  const flags = args.findIndex((arg) => !/^-[neE]+$/.test(arg));
  const words = flags < 0 ? [] : args.slice(flags);
  const set = (flags < 0 ? args : args.slice(0, flags)).join("");
  const text = set.includes("e") ? escapes(words.join(" ")) : words.join(" ");
  return ok(set.includes("n") ? text : `${text}\n`);
}

/** The format again and again while there are values left. */
function printf([format = "", ...values]: readonly string[]): Outcome {
  const form = /%(-?)(0?)(\d*)(?:\.(\d+))?([sdiuxXocfb%])/g;
  let next = 0;
  let out = "";
  do {
    const before = next;
    out += escapes(format).replace(
      form,
      (
        whole,
        left: string,
        zero: string,
        width: string,
        digits: string | undefined,
        verb: string,
      ) => {
        if (verb === "%") return "%";
        const value = values[next++] ?? "";
        const text = shownAs(verb, value, digits);
        if (left !== "") return text.padEnd(Number(width));
        return text.padStart(Number(width), zero === "" || verb === "s" ? " " : "0");
      },
    );
    if (next === before) break;
  } while (next < values.length);
  return ok(out);
}
function shownAs(verb: string, value: string, digits: string | undefined): string {
  switch (verb) {
    case "d":
    case "i":
    case "u":
      return String(Math.trunc(Number(value) || 0));
    case "x":
      return Math.trunc(Number(value) || 0).toString(16);
    case "X":
      return Math.trunc(Number(value) || 0)
        .toString(16)
        .toUpperCase();
    case "o":
      return Math.trunc(Number(value) || 0).toString(8);
    case "f":
      return (Number(value) || 0).toFixed(Number(digits ?? 6));
    case "c":
      return value.slice(0, 1);
    case "b":
      return escapes(value);
    default:
      return digits === undefined ? value : value.slice(0, Number(digits));
  }
}

/** `-o` binds less than `-a`, that less than `!`. */
function test(args: readonly string[], here: Surroundings): Outcome {
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

/** Does it read its input when nothing is piped into it? */
export function readsInput(name: string, args: readonly string[]): boolean {
  const isCounting = name === "head" || name === "tail";
  const isOperand = (arg: string, at: number): boolean =>
    (arg === "-" || !arg.startsWith("-")) && !(isCounting && /^-[nc]$/.test(args[at - 1] ?? ""));
  const operands = args.filter(isOperand).length;
  if (name === "tar") return args.some((arg) => /^-?[a-z]*[xt][a-z]*$/.test(arg));
  if (name === "tr") return true;
  const own = name === "cut" ? cutOperands(args) : name === "awk" ? awkOperands(args) : operands;
  return readers.get(name) === (name === "tee" ? 0 : own);
}
/** Values of options are no operands. */
const without = (args: readonly string[], letters: RegExp): number =>
  args.filter((arg, i) => !arg.startsWith("-") && !letters.test(args[i - 1] ?? "")).length;
const cutOperands = (args: readonly string[]): number => without(args, /^-[fdcb]$/);
const awkOperands = (args: readonly string[]): number => without(args, /^-[Fv]$/);
/** How many operands leave it nothing to read but its input. */
const readers: ReadonlyMap<string, number> = new Map([
  ["cat", 0],
  ["grep", 1],
  ["head", 0],
  ["tail", 0],
  ["wc", 0],
  ["sort", 0],
  ["tee", 0],
  ["cut", 0],
  ["uniq", 0],
  ["sed", 1],
  ["awk", 1],
]);

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
