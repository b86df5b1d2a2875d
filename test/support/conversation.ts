/**
 * kubectl line by line, as a script types it: what is typed, and what it must print.
 *
 * ```ts
 * await conversation(k, [
 *   ["create namespace a", "namespace/a created"],
 *   ["! create namespace a", /already exists/],          // refused: the code is not 0, stderr is compared
 *   ["KUBE_EDITOR=./e.sh edit cm 'a b'", /edited/],       // quotes keep words together, NAME=value is environment
 *   ["apply -f -", "configmap/a created", manifest],     // read from stdin
 *   ["delete ns a"],                                     // that it works is enough
 * ]);
 * ```
 */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import type { Session } from "./session.ts";

/** A text is the whole of what is printed, without the ends' white space; a pattern finds a part. */
export type Line = readonly [typed: string, prints?: string | RegExp, input?: string];

const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ""));
const variable = /^([A-Z_]+)=(.*)$/s;

export async function conversation(k: Session, lines: readonly Line[]): Promise<void> {
  for (const [typed, prints, input = ""] of lines) {
    const isRefused = typed.startsWith("! ");
    const words = wordsOf(isRefused ? typed.slice(2) : typed);
    const first = words.findIndex((word) => !variable.test(word));
    const env = Object.fromEntries(
      words.slice(0, first).map((word) => {
        const [, name = "", value = ""] = variable.exec(word) ?? [];
        return [name, value];
      }),
    );
    const { code, stdout, stderr } = await k.run(words.slice(first), input, env);
    const said = { typed, isRefused: code !== 0, printed: (isRefused ? stderr : stdout).trim() };
    if (said.isRefused !== isRefused) expect({ ...said, stderr }).toEqual({ ...said, isRefused });
    if (typeof prints === "string") expect(said).toEqual({ ...said, printed: prints });
    else if (prints !== undefined)
      expect(said).toEqual({ ...said, printed: expect.stringMatching(prints) as string });
  }
}

/** A folder with these files in it. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "kubestep-files-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text, { mode: name.endsWith(".sh") ? 0o755 : 0o644 });
  }
  return folder;
}
