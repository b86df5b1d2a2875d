/**
 * The commands a script may use, as pure functions of arguments, standard input and the shell's
 * surroundings. Those that take time or end the shell are in `interpret.ts`.
 */
import { timeText } from "#apimachinery/time.ts";

export interface Surroundings {
  readonly hostname: string;
  /** Cluster time now. */
  readonly nowMs: number;
  readonly variables: Map<string, string>;
  readonly files: Map<string, string>;
}
export interface Outcome {
  readonly code: number;
  readonly out: string;
}
export type Command = (args: readonly string[], here: Surroundings, input: string) => Outcome;

const ok = (out = ""): Outcome => ({ code: 0, out });
const fails = (out: string, code = 1): Outcome => ({ code, out });

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

function printf([format = "", ...values]: readonly string[]): Outcome {
  let next = 0;
  return ok(
    escapes(format).replace(/%[sd%]/g, (verb) => (verb === "%%" ? "%" : (values[next++] ?? ""))),
  );
}

function test(args: readonly string[], { files }: Surroundings): Outcome {
  const words = args.at(-1) === "]" ? args.slice(0, -1) : args;
  const [a = "", op = "", b = ""] = words;
  if (a === "!")
    return fails("", test(words.slice(1), { files } as Surroundings).code === 0 ? 1 : 0);
  const exists = (name: string): boolean =>
    files.has(name) || [...files.keys()].some((file) => file.startsWith(`${name}/`));
  const unary: Record<string, () => boolean> = {
    "-f": () => files.has(op),
    "-e": () => exists(op),
    "-d": () => exists(op) && !files.has(op),
    "-n": () => op !== "",
    "-z": () => op === "",
    "-s": () => (files.get(op) ?? "") !== "",
  };
  const binary: Record<string, () => boolean> = {
    "=": () => a === b,
    "==": () => a === b,
    "!=": () => a !== b,
    "-eq": () => Number(a) === Number(b),
    "-ne": () => Number(a) !== Number(b),
    "-lt": () => Number(a) < Number(b),
    "-le": () => Number(a) <= Number(b),
    "-gt": () => Number(a) > Number(b),
    "-ge": () => Number(a) >= Number(b),
  };
  const holds = words.length === 2 ? unary[a]?.() : words.length === 3 ? binary[op]?.() : a !== "";
  return holds ? ok() : fails("");
}

function cat(args: readonly string[], { files }: Surroundings, input: string): Outcome {
  const names = args.filter((arg) => !arg.startsWith("-"));
  if (names.length === 0) return ok(input);
  const missing = names.find((name) => !files.has(name));
  return missing === undefined
    ? ok(names.map((name) => files.get(name)).join(""))
    : fails(`cat: can't open '${missing}': No such file or directory\n`);
}

function ls(args: readonly string[], { files }: Surroundings): Outcome {
  const names = args.filter((arg) => !arg.startsWith("-"));
  const missing = names.find(
    (name) => !files.has(name) && ![...files.keys()].some((f) => f.startsWith(`${name}/`)),
  );
  return missing === undefined
    ? ok(names.map((name) => `${name}\n`).join(""))
    : fails(`ls: ${missing}: No such file or directory\n`);
}

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
  cat,
  ls,
  hostname: (_, { hostname }) => ok(`${hostname}\n`),
  whoami: () => ok("root\n"),
  id: () => ok("uid=0(root) gid=0(root) groups=0(root)\n"),
  pwd: () => ok("/\n"),
  uname: () => ok("Linux\n"),
  env: (_, { variables }) =>
    ok([...variables].map(([name, value]) => `${name}=${value}\n`).join("")),
  seq: (args) => {
    const [first, last] =
      args.length > 1 ? [Number(args[0]), Number(args.at(-1))] : [1, Number(args[0])];
    const length = Math.max(0, Math.min(10_000, last - first + 1));
    return ok(Array.from({ length }, (_, i) => `${first + i}\n`).join(""));
  },
  touch: (args, { files }) => {
    for (const name of args) if (!files.has(name)) files.set(name, "");
    return ok();
  },
  mkdir: () => ok(),
  chmod: () => ok(),
  chown: () => ok(),
  cd: () => ok(),
  set: () => ok(),
  trap: () => ok(),
  wait: () => ok(),
  rm: (args, { files }) => {
    const forced = args.some((arg) => /^-\w*f/.test(arg));
    const names = args.filter((arg) => !arg.startsWith("-"));
    const missing = names.find((name) => !files.has(name));
    for (const name of names) {
      for (const file of files.keys())
        if (file === name || file.startsWith(`${name}/`)) files.delete(file);
    }
    return forced || missing === undefined
      ? ok()
      : fails(`rm: can't remove '${missing}': No such file or directory\n`);
  },
  export: (args, { variables }) => {
    for (const arg of args) {
      const equals = arg.indexOf("=");
      if (equals > 0) variables.set(arg.slice(0, equals), arg.slice(equals + 1));
    }
    return ok();
  },
  grep: (args, _, input) => {
    const pattern = args.find((arg) => !arg.startsWith("-")) ?? "";
    const found = input.split("\n").filter((line) => line !== "" && line.includes(pattern));
    return found.length === 0 ? fails("") : ok(found.map((line) => `${line}\n`).join(""));
  },
  tee: (args, { files }, input) => {
    for (const name of args) if (!name.startsWith("-")) files.set(name, input);
    return ok(input);
  },
  wc: (_, __, input) => ok(`${input.split("\n").length - 1}\n`),
  head: (_, __, input) => ok(input.split("\n").slice(0, 10).join("\n")),
};
