/**
 * What the document on conformance shows: the checks of test/conformance, and what upstream checks of itself beside
 * the test that shows it here. test/conformance/upstream.yaml is the data.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const tests = join(import.meta.dirname, "../../test");
const suite = join(tests, "conformance");
/** A check's title: of `test("…"`, or of a table's `])("…"`. */
const titles = /(?:\b(?:test|it|describe)\(|\]\)\()\s*["`]((?:[^"`\\]|\\.)+)["`]/g;

/** Titles of the tests, and of groups of tests, of a file below test/, without `.test.ts`. */
export const titlesOf = (file: string): readonly string[] =>
  [...readFileSync(join(tests, `${file}.test.ts`), "utf8").matchAll(titles)].map(
    ([, title = ""]) => title,
  );

const shown = (title: string): string =>
  title
    .replaceAll("|", "\\|")
    .replaceAll("$gvk", "every kind")
    .replaceAll(/\$\{[^}]*\}/g, "…");

/** What the conformance tests check, group by group: a row is a test that CI runs. */
export function checks(): string {
  const rows = readdirSync(suite)
    .filter((file) => file.endsWith(".test.ts"))
    .toSorted()
    .flatMap((file) => {
      const group = file.replace(".test.ts", "");
      const found = [...readFileSync(join(suite, file), "utf8").matchAll(titles)];
      // A title with a hole stands for many.
      return found
        .filter(([whole, title = ""]) => !whole.startsWith("describe") && !/%[is]/.test(title))
        .map(([, title = ""]) => `| ${group} | ${shown(title)} |`);
    });
  return ["| Group | What holds |", "| --- | --- |", ...rows].join("\n");
}

const claim = { test: z.string().optional(), why: z.string().optional() };
const schema = z.strictObject({
  commands: z.array(z.strictObject({ script: z.string(), what: z.string().optional(), ...claim })),
  groups: z.array(
    z.strictObject({
      name: z.string(),
      all: z.number(),
      behaviours: z.array(
        z.strictObject({ what: z.string(), of: z.number().default(1), ...claim }),
      ),
    }),
  ),
});
export type Upstream = z.infer<typeof schema>;

export const upstream = (): Upstream =>
  schema.parse(parse(readFileSync(join(suite, "upstream.yaml"), "utf8")));

const claimed = ({ test, why }: { test?: string | undefined; why?: string | undefined }): string =>
  test === undefined ? `no: ${why ?? ""}` : shown(test);

/** Upstream's command tests, script by script. */
export function commandTests(): string {
  const rows = upstream().commands.map(
    ({ script, what, ...rest }) =>
      `| \`${script}.sh\`${what === undefined ? "" : `: ${what}`} | ${claimed(rest)} |`,
  );
  return ["| Upstream's script | Shown by |", "| --- | --- |", ...rows].join("\n");
}

/** How many entries of a group's part of upstream's list hold. */
export const holding = ({ behaviours }: Upstream["groups"][number]): number =>
  behaviours.reduce((sum, { of, test }) => sum + (test === undefined ? 0 : of), 0);

/** Upstream's conformance list: the score of each group, then its lines. */
export function conformanceList(): string {
  const { groups } = upstream();
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  const scores = groups.map((group) => `| sig-${group.name} | ${holding(group)} of ${group.all} |`);
  const total = `| all | ${sum(groups.map(holding))} of ${sum(groups.map(({ all }) => all))} |`;
  const rows = groups.flatMap(({ name, behaviours }) =>
    behaviours.map(
      ({ what, of, ...rest }) =>
        `| ${name} | ${shown(what)}${of === 1 ? "" : ` (${of})`} | ${claimed(rest)} |`,
    ),
  );
  return [
    "| Group | Holds |",
    "| --- | --- |",
    ...scores,
    total,
    "",
    "| Group | Behaviour | Shown by |",
    "| --- | --- | --- |",
    ...rows,
  ].join("\n");
}
