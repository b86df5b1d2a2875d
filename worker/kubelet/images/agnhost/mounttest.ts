/**
 * `mounttest`: writes files and tells what is in others.
 * Upstream: test/images/agnhost/mounttest/mt.go.
 * Differs: it says nothing of file systems, modes and owners, because files here have none.
 */
import type { Line, Run } from "#kubelet/programs/process.ts";
import { type Options, valueOf } from "#kubelet/programs/shell/network/tool.ts";
import { printing, type Subcommand } from "./subcommand.ts";

const newFiles = ["new_file_0644", "new_file_0666", "new_file_0660", "new_file_0777"];
const written = "mount-tester new file\n";
const pauseMs = 2000;

/** What it prints, and how it ends. */
class Session {
  readonly lines: Line[] = [];
  readonly #run: Run;
  readonly #own = new Map<string, string>();
  atMs = 5;
  failed = false;

  constructor(run: Run) {
    this.#run = run;
  }

  say(text: string): void {
    for (const line of text.split("\n"))
      this.lines.push({ atMs: this.atMs, text: line, stream: "stdout" });
  }
  write(path: string): void {
    this.#own.set(path, written);
    this.tell(path);
  }
  read(path: string): string | undefined {
    const { shared, files } = this.#run;
    return this.#own.get(path) ?? shared?.(this.atMs)[path] ?? files?.[path];
  }
  tell(path: string): void {
    const text = this.read(path);
    if (text === undefined) {
      this.say(`error reading file content for ${JSON.stringify(path)}: ${missing(path)}`);
      this.failed = true;
    } else this.say(contentOf(path, text));
  }

  /** Until it reads what it wants, or for so long. */
  watch(path: string, lastsMs: number, isPicky: boolean): void {
    const endMs = this.atMs + lastsMs;
    for (; this.atMs < endMs; this.atMs += pauseMs) {
      const text = this.read(path);
      this.failed = text === undefined;
      if (text === undefined) this.say(`Error reading file ${path}: ${missing(path)}, retrying`);
      else {
        this.say(contentOf(path, text));
        if (isPicky && text === written) return;
        if (isPicky) this.say(`Unexpected content. Expected: ${written}. Retrying`);
      }
    }
  }
}
const missing = (path: string): string => `open ${path}: no such file or directory`;
const contentOf = (path: string, text: string): string =>
  `content of file ${JSON.stringify(path)}: ${text}`;

function session(run: Run, flags: Options): Session {
  const made = new Session(run);
  const given = (name: string): string => valueOf(flags, name) ?? "";
  for (const name of newFiles) if (given(name) !== "") made.write(given(name));
  if (given("file_content") !== "") made.tell(given("file_content"));
  const watched = given("file_content_in_loop");
  if (watched !== "")
    made.watch(
      watched,
      Number(given("retry_time") || "180") * 1000,
      given("break_on_expected_content") !== "false",
    );
  return made;
}

export const mounttest: Subcommand = {
  name: "mounttest",
  flags: [
    ...newFiles,
    "fs_type",
    "file_mode",
    "file_perm",
    "file_owner",
    "file_content",
    "file_content_in_loop",
    "retry_time",
    "break_on_expected_content",
  ],
  run(run, flags) {
    const { lines, atMs, failed } = session(run, flags);
    return printing(lines, { atMs: atMs + 5, code: failed ? 1 : 0, waits: atMs > pauseMs });
  },
};
