/** Commands about files and directories, as busybox has them. Paths are relative to the shell's directory. */
import { timeText } from "#apimachinery/time.ts";
import { bytesOf } from "#apimachinery/byte-text.ts";
import type { Command, Surroundings } from "./commands.ts";
import { fails, ok, type Outcome } from "./outcome.ts";
import { absolute, directoryMark, exists, isDirectory, namesIn } from "./paths.ts";

const noEntry = "No such file or directory";
const operands = (args: readonly string[]): readonly string[] =>
  args.filter((arg) => arg === "-" || !arg.startsWith("-"));
const hasFlag = (args: readonly string[], flag: string): boolean =>
  args.some((arg) => /^-[A-Za-z1]+$/.test(arg) && arg.includes(flag));

/** What follows `find /tmp`'s kind of walk: the path itself, then what is below it. */
function below(files: ReadonlyMap<string, string>, path: string): readonly string[] {
  const mark = directoryMark(path);
  return [...files.keys()].filter((file) => file === path || file.startsWith(mark));
}

function cat(args: readonly string[], { files, variables }: Surroundings, input: string): Outcome {
  const names = operands(args);
  if (names.length === 0) return ok(input);
  let out = "";
  let error = "";
  for (const name of names) {
    const path = absolute(name, variables);
    const text = name === "-" ? input : files.get(path);
    if (text !== undefined) out += text;
    else if (isDirectory(files, path)) error += `cat: read error: Is a directory\n`;
    else error += `cat: can't open '${name}': ${noEntry}\n`;
  }
  return error === "" ? ok(out) : { code: 1, out, error };
}

/** One line of `ls -l`. */
function longLine(name: string, path: string, { files, nowMs }: Surroundings): string {
  const isFolder = name.endsWith("/") || (!files.has(path) && isDirectory(files, path));
  const size = isFolder ? 4096 : bytesOf(files.get(path) ?? "").length;
  const time = timeText(nowMs);
  const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const month = months[Number(time.slice(5, 7)) - 1] ?? "";
  const day = String(Number(time.slice(8, 10))).padStart(2);
  const mode = isFolder ? "drwxr-xr-x    2" : "-rw-r--r--    1";
  return `${mode} root     root     ${String(size).padStart(9)} ${month} ${day} ${time.slice(11, 16)} ${name.replace(/\/$/, "")}\n`;
}

function ls(args: readonly string[], here: Surroundings): Outcome {
  const { files, variables } = here;
  const isLong = hasFlag(args, "l");
  const named = operands(args);
  const names = named.length === 0 ? ["."] : named;
  let out = "";
  let error = "";
  for (const name of names) {
    const path = absolute(name, variables);
    const shown = (entry: string, at: string): string =>
      isLong ? longLine(entry, at, here) : `${entry.replace(/\/$/, "")}\n`;
    if (files.has(path)) out += shown(name, path);
    else if (!isDirectory(files, path)) error += `ls: ${name}: ${noEntry}\n`;
    else if (hasFlag(args, "d")) out += shown(name, path);
    else {
      if (names.length > 1) out += `${out === "" ? "" : "\n"}${name}:\n`;
      const entries = namesIn(files, path).filter(
        (entry) => hasFlag(args, "a") || hasFlag(args, "A") || !entry.startsWith("."),
      );
      if (isLong) out += "total " + `${entries.length * 4}\n`;
      for (const entry of entries)
        out += shown(entry, `${directoryMark(path)}${entry.replace(/\/$/, "")}`);
    }
  }
  return error === "" ? ok(out) : { code: 1, out, error };
}

const touch: Command = (args, { files, variables, refusesWrite }) => {
  for (const name of operands(args)) {
    const path = absolute(name, variables);
    const refusal = refusesWrite?.(path);
    if (refusal !== undefined) return fails(`touch: ${name}: ${refusal}\n`);
    if (!exists(files, path)) files.set(path, "");
  }
  return { ...ok(), files: true };
};

const mkdir: Command = (args, { files, variables, refusesWrite }) => {
  for (const name of operands(args)) {
    const path = absolute(name, variables);
    const refusal = exists(files, path)
      ? hasFlag(args, "p")
        ? undefined
        : "File exists"
      : refusesWrite?.(path);
    if (refusal !== undefined)
      return fails(`mkdir: can't create directory '${name}': ${refusal}\n`);
    if (!exists(files, path)) files.set(directoryMark(path), "");
  }
  return { ...ok(), files: true };
};

const rm: Command = (args, { files, variables, refusesWrite }) => {
  const isForced = hasFlag(args, "f");
  const isRecursive = hasFlag(args, "r") || hasFlag(args, "R");
  let error = "";
  for (const name of operands(args)) {
    const path = absolute(name, variables);
    const refusal = refusesWrite?.(path);
    if (!exists(files, path)) {
      if (!isForced) error += `rm: can't remove '${name}': ${noEntry}\n`;
    } else if (refusal !== undefined) error += `rm: can't remove '${name}': ${refusal}\n`;
    else if (!files.has(path) && !isRecursive) error += `rm: '${name}' is a directory\n`;
    else for (const file of below(files, path)) files.delete(file);
  }
  return error === "" ? { ...ok(), files: true } : { code: 1, out: "", error, files: true };
};

/** cp and mv: one file, or a directory with `-r`. */
const copies =
  (command: "cp" | "mv"): Command =>
  (args, { files, variables, refusesWrite }) => {
    const [from = "", to = ""] = operands(args).slice(-2);
    const source = absolute(from, variables);
    const target = absolute(to, variables);
    if (!exists(files, source)) return fails(`${command}: can't stat '${from}': ${noEntry}\n`);
    const name = source.slice(source.lastIndexOf("/"));
    const into = isDirectory(files, target) ? `${target === "/" ? "" : target}${name}` : target;
    const refusal = refusesWrite?.(into);
    if (refusal !== undefined) return fails(`${command}: can't create '${to}': ${refusal}\n`);
    if (command === "cp" && !files.has(source) && !hasFlag(args, "r") && !hasFlag(args, "a"))
      return fails(`cp: omitting directory '${from}'\n`);
    for (const file of below(files, source)) {
      files.set(into + file.slice(source.length), files.get(file) ?? "");
      if (command === "mv") files.delete(file);
    }
    return { ...ok(), files: true };
  };

const cd: Command = (args, { files, variables }) => {
  const [name = variables.get("HOME") ?? "/root"] = operands(args);
  const path = absolute(name, variables);
  if (!isDirectory(files, path)) return fails(`sh: cd: can't cd to ${name}: ${noEntry}\n`, 2);
  variables.set("PWD", path);
  return ok();
};

const find: Command = (args, { files, variables }) => {
  const at = args.findIndex((arg) => arg.startsWith("-"));
  const [name = "."] = at < 0 ? args : args.slice(0, at);
  const path = absolute(name, variables);
  if (!exists(files, path)) return fails(`find: ${name}: ${noEntry}\n`);
  const wanted = args[args.indexOf("-name") + 1] ?? "*";
  const pattern = new RegExp(
    `^${wanted
      .replaceAll(/[.+^${}()|\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  );
  const named = args.includes("-name");
  const found = below(files, path)
    .filter((file) => !file.endsWith("/") || !named)
    .filter((file) => !named || pattern.test(file.slice(file.lastIndexOf("/") + 1)))
    .map((file) => name.replace(/\/$/, "") + file.slice(path === "/" ? 0 : path.length));
  return ok(found.map((file) => `${file.replace(/(.)\/$/, "$1")}\n`).join(""));
};

export const fileCommands: Readonly<Record<string, Command>> = {
  cat,
  ls,
  touch,
  mkdir,
  rm,
  cp: copies("cp"),
  mv: copies("mv"),
  cd,
  find,
  pwd: (_, { variables }) => ok(`${variables.get("PWD") ?? "/"}\n`),
};
