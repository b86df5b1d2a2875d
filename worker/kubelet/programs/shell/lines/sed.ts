/** `sed`: each line goes through the edits of a script. Upstream: busybox editors/sed.c process_files. */
import type { Command } from "#kubelet/programs/shell/commands.ts";
import { fails, ok } from "#kubelet/programs/shell/outcome.ts";
import { absolute } from "#kubelet/programs/shell/paths.ts";
import { type Edit, editOf } from "./sed-script.ts";
import { linesOf, textOf } from "./text.ts";

export const sed: Command = (args, here, input) => {
  const flags = args.filter((arg) => /^-[nErisz]+$/.test(arg)).join("");
  const values = args.flatMap((arg, i) => (arg === "-e" ? [args[i + 1] ?? ""] : []));
  const rest = args.filter((arg, i) => !arg.startsWith("-") && args[i - 1] !== "-e");
  const scripts = values.length > 0 ? values : rest.slice(0, 1);
  const names = values.length > 0 ? rest : rest.slice(1);
  const edits: Edit[] = [];
  for (const script of scripts.join("\n").split(/\n|;(?=\s*(?:[\d$/]|[a-z]\b|s.))/)) {
    if (script.trim() === "") continue;
    const edit = editOf(script.trim(), /[Er]/.test(flags));
    if (edit === undefined) return fails("sed: unsupported command\n");
    edits.push(edit);
  }
  if (!flags.includes("i")) {
    const text = textOf("sed", names, here, input);
    return typeof text === "string" ? ok(edited(text, edits, flags.includes("n"))) : text;
  }
  for (const name of names) {
    const path = absolute(name, here.variables);
    const text = here.files.get(path);
    if (text === undefined) return fails(`sed: ${name}: No such file or directory\n`);
    here.files.set(path, edited(text, edits, flags.includes("n")));
  }
  return { ...ok(), files: true };
};

function edited(text: string, edits: readonly Edit[], isSilent: boolean): string {
  const lines = linesOf(text);
  const isIn = new Set<Edit>();
  let out = "";
  for (const [i, given] of lines.entries()) {
    let line = given;
    let isGone = false;
    let isOver = false;
    let after = "";
    for (const edit of edits) {
      const isLast = i === lines.length - 1;
      if (isMeant(edit, isIn, { line, number: i + 1, isLast }) === edit.isNot) continue;
      if (edit.letter === "s") {
        const made = substituted(line, edit);
        if (made !== line && edit.flags?.includes("p") === true) out += `${made}\n`;
        line = made;
      } else if (edit.letter === "p") out += `${line}\n`;
      else if (edit.letter === "i") out += `${edit.text}\n`;
      else if (edit.letter === "a") after += `${edit.text}\n`;
      else if (edit.letter === "q") isOver = true;
      else {
        isGone = true;
        if (edit.letter === "c") out += `${edit.text}\n`;
        break;
      }
    }
    if (!isGone && !isSilent) out += `${line}\n`;
    out += after;
    if (isOver) break;
  }
  return out;
}

function isMeant(
  edit: Edit,
  isIn: Set<Edit>,
  {
    line,
    number,
    isLast,
  }: { readonly line: string; readonly number: number; readonly isLast: boolean },
): boolean {
  const { from, to } = edit;
  if (from === undefined) return true;
  if (to === undefined) return from.isAt(line, number, isLast);
  if (isIn.has(edit)) {
    if (to.isAt(line, number, isLast)) isIn.delete(edit);
    return true;
  }
  if (!from.isAt(line, number, isLast)) return false;
  isIn.add(edit);
  return true;
}

function substituted(line: string, { pattern, by = "", flags = "" }: Edit): string {
  if (pattern === undefined) return line;
  let out = "";
  let at = 0;
  while (at <= line.length) {
    const match = pattern(line, at);
    if (match === undefined) break;
    const made = by.replaceAll(/\\(.)|&/g, (whole, c: string | undefined) =>
      c === undefined
        ? (match.groups[0] ?? "")
        : /\d/.test(c)
          ? (match.groups[Number(c)] ?? "")
          : c === "n"
            ? "\n"
            : whole.slice(1),
    );
    out += line.slice(at, match.from) + made;
    at = match.to;
    if (match.to === match.from) out += line[at++] ?? "";
    if (!flags.includes("g")) break;
  }
  return out + line.slice(at);
}
