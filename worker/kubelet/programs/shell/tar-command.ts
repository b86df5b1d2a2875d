/** `tar c`, `x` and `t` over standard input and output, as `kubectl cp` calls it. */
import { bytesOf, textOf } from "#apimachinery/byte-text.ts";
import { archive, entriesOf, type TarEntry } from "#kubelet/tar.ts";
import type { Command, Surroundings } from "./commands.ts";
import { fails, ok, type Outcome } from "./outcome.ts";
import { absolute, directoryMark, isDirectory } from "./paths.ts";

interface Asked {
  readonly mode: string;
  /** `-` or "" = standard input and output. */
  readonly file: string;
  readonly directory: string;
  readonly names: readonly string[];
}

function asked(args: readonly string[]): Asked {
  const [first = "", ...rest] = args;
  const words = first.startsWith("-") ? args : [`-${first}`, ...rest];
  let letters = "";
  let file = "";
  let directory = "";
  const names: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (word === "-C") directory = words[++at] ?? "";
    else if (word.startsWith("-") && word.length > 1 && !word.startsWith("--")) {
      letters += word.slice(1);
      if (word.includes("f")) file = words[++at] ?? "";
    } else if (!word.startsWith("--")) names.push(word);
  }
  const mode = ["c", "x", "t"].find((letter) => letters.includes(letter)) ?? "";
  return { mode, file, directory, names };
}

export const tar: Command = (args, here, input) => {
  const { mode, file, directory, names } = asked(args);
  const variables = new Map(here.variables);
  if (directory !== "") variables.set("PWD", absolute(directory, variables));
  const at = { ...here, variables };
  const isStream = file === "" || file === "-";
  if (mode === "c") {
    const made = created(names, at);
    if (isStream || made.code !== 0) return made;
    here.files.set(absolute(file, here.variables), made.out);
    return { ...ok(), files: true };
  }
  const source = isStream ? input : here.files.get(absolute(file, here.variables));
  if (source === undefined) return fails(`tar: can't open '${file}': No such file or directory\n`);
  const entries = entriesOf(bytesOf(source));
  if (entries === undefined) return fails("tar: short read\n");
  if (mode === "t") return ok(entries.map(({ name }) => `${name}\n`).join(""));
  return mode === "x" ? extracted(entries, at) : fails("tar: must specify one of -c, -x, -t\n");
};

function created(names: readonly string[], { files, variables, nowMs }: Surroundings): Outcome {
  const entries: TarEntry[] = [];
  let error = "";
  for (const name of names) {
    const path = absolute(name, variables);
    const text = files.get(path);
    const shown = name.replace(/^\/+/, "").replace(/\/+$/, "");
    if (name.startsWith("/")) error = "tar: removing leading '/' from member names\n";
    if (text !== undefined)
      entries.push({ name: shown, isDirectory: false, content: bytesOf(text) });
    else if (!isDirectory(files, path))
      return { code: 1, out: "", error: `tar: ${name}: No such file or directory\n` };
    else entries.push(...entriesBelow(files, path, shown));
  }
  return { ...ok(textOf(archive(entries, Math.floor(nowMs / 1000)))), error };
}

/** A directory and all that is in it, parents first. */
function entriesBelow(
  files: ReadonlyMap<string, string>,
  path: string,
  shown: string,
): readonly TarEntry[] {
  const mark = directoryMark(path);
  const entries = new Map<string, TarEntry>();
  const folder = (name: string): void => {
    entries.set(name, { name, isDirectory: true, content: new Uint8Array() });
  };
  folder(shown);
  for (const file of [...files.keys()].filter((one) => one.startsWith(mark)).toSorted()) {
    const parts = file.slice(mark.length).split("/");
    const last = parts.pop() ?? "";
    let name = shown;
    for (const part of parts) folder((name = `${name}/${part}`));
    if (last !== "")
      entries.set(`${name}/${last}`, {
        name: `${name}/${last}`,
        isDirectory: false,
        content: bytesOf(files.get(file) ?? ""),
      });
  }
  return [...entries.values()];
}

function extracted(
  entries: readonly TarEntry[],
  { files, variables, refusesWrite }: Surroundings,
): Outcome {
  for (const { name, isDirectory: isFolder, content } of entries) {
    const path = absolute(name.replace(/^\/+/, ""), variables);
    const refusal = refusesWrite?.(path);
    if (refusal !== undefined)
      return { code: 1, out: "", error: `tar: can't open '${name}': ${refusal}\n`, files: true };
    if (!isFolder) files.set(path, textOf(content));
    else if (!isDirectory(files, path)) files.set(directoryMark(path), "");
  }
  return { ...ok(), files: true };
}
