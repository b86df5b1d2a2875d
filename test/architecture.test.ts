/**
 * The lint rules bite: one violation of each is planted in a tree of its own, and the error demanded.
 * Who may import whom comes from the table itself, so a new room is tested by being in it.
 */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
// oxlint-disable-next-line no-restricted-imports -- the rules lie at the root, above every room
import { mayImport, replayedRooms, synchronousRooms } from "../oxlint.config.ts";

const root = join(import.meta.dirname, "..");
const tree = mkdtempSync(join(tmpdir(), "kubestep-architecture-"));
afterAll(() => rmSync(tree, { recursive: true }));
const rooms = Object.keys(mayImport);

interface Planted {
  readonly what: string;
  readonly file: string;
  readonly text: string;
  /** Undefined: nothing is wrong with it. */
  readonly rule: string | undefined;
}
const imports = "eslint(no-restricted-imports)";

const crossings: readonly Planted[] = rooms.flatMap((room) =>
  rooms
    .filter((other) => other !== room)
    .map((other) => {
      const isAllowed = mayImport[room]!.includes(other);
      return {
        what: `${room} ${isAllowed ? "may" : "may not"} import ${other}`,
        file: `worker/${room}/crossing-to-${other}.ts`,
        text: `import type { Idea } from "#${other}/deep/idea.ts";\nexport const it = (idea: Idea): Idea => idea;\n`,
        rule: isAllowed ? undefined : imports,
      };
    }),
);

const injected: readonly Planted[] = replayedRooms.flatMap((room) =>
  (
    [
      ["Date", "globals", "new Date()"],
      ["setTimeout", "globals", "setTimeout(() => undefined, 1)"],
      ["setInterval", "globals", "setInterval(() => undefined, 1)"],
      ["performance", "globals", "performance.now()"],
      ["Math.random", "properties", "Math.random()"],
      ["crypto.randomUUID", "properties", "crypto.randomUUID()"],
      ["crypto.getRandomValues", "properties", "crypto.getRandomValues(new Uint8Array(1))"],
    ] as const
  ).map(([name, sort, use]) => ({
    what: `${room} gets no ${name}`,
    file: `worker/${room}/uses-${name.toLowerCase().replace(".", "-")}.ts`,
    text: `export const it = (): unknown => ${use};\n`,
    rule: `eslint(no-restricted-${sort})`,
  })),
);

const waiting: readonly Planted[] = rooms.map((room) => ({
  what: `${room} ${synchronousRooms.includes(room) ? "never waits" : "may wait"}`,
  file: `worker/${room}/waits.ts`,
  text: "export async function it(): Promise<void> {\n  await Promise.resolve();\n}\n",
  rule: synchronousRooms.includes(room) ? "oxc(no-async-await)" : undefined,
}));

const others: readonly Planted[] = [
  ...rooms.map((room) => ({
    what: `${room} imports no path upwards`,
    file: `worker/${room}/deep/upwards.ts`,
    text: 'import type { Idea } from "../idea.ts";\nexport const it = (idea: Idea): Idea => idea;\n',
    rule: imports,
  })),
  {
    what: "the front half does not see the store",
    file: "worker/apiserver/front/stores.ts",
    text: 'import type { Store } from "#store/store.ts";\nexport const it = (store: Store): Store => store;\n',
    rule: imports,
  },
  {
    what: "the wiring alone sees it",
    file: "worker/cluster/wiring.ts",
    text: 'import type { Store } from "#store/store.ts";\nexport const it = (store: Store): Store => store;\n',
    rule: undefined,
  },
  {
    what: "wall time has one place",
    file: "worker/cluster/wall.ts",
    text: "export const it = (): number => Date.now();\n",
    rule: undefined,
  },
  {
    what: "nothing is exported by default",
    file: "worker/store/by-default.ts",
    text: "export default 1;\n",
    rule: "import(no-default-export)",
  },
  {
    what: "no imports in a circle",
    file: "worker/store/circle.ts",
    text: 'import { two } from "./circle-two.ts";\nexport const one = (): number => two();\n',
    rule: "import(no-cycle)",
  },
  {
    what: "no imports in a circle (its other half)",
    file: "worker/store/circle-two.ts",
    text: 'import { one } from "./circle.ts";\nexport const two = (): number => one();\n',
    rule: "import(no-cycle)",
  },
  {
    what: "a promise is waited for",
    file: "worker/edge/floating.ts",
    text: "export const it = (wait: () => Promise<void>): void => {\n  wait();\n};\n",
    rule: "typescript(no-floating-promises)",
  },
  {
    what: "exported functions say what they return",
    file: "worker/store/untold.ts",
    text: "export const it = () => 1;\n",
    rule: "typescript(explicit-module-boundary-types)",
  },
  {
    what: "no any",
    file: "worker/store/anything.ts",
    text: "const one: any = 1;\nexport const it = (): number => one as number;\n",
    rule: "typescript(no-explicit-any)",
  },
  {
    what: "no assertion that something is there",
    file: "worker/store/asserted.ts",
    text: "export const it = (value: string | undefined): string => value!;\n",
    rule: "typescript(no-non-null-assertion)",
  },
  {
    what: "types are imported as types",
    file: "worker/store/type-import.ts",
    text: 'import { Idea } from "./idea.ts";\nexport const it = (idea: Idea): Idea => idea;\n',
    rule: "typescript(consistent-type-imports)",
  },
  {
    what: "files are named in kebab-case",
    file: "worker/store/camelCase.ts",
    text: "export const it = 1;\n",
    rule: "unicorn(filename-case)",
  },
  {
    what: "equality is strict",
    file: "worker/store/loose.ts",
    text: "export const it = (a: unknown, b: unknown): boolean => a == b;\n",
    rule: "eslint(eqeqeq)",
  },
];

const planted: readonly Planted[] = [...crossings, ...injected, ...waiting, ...others];

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

/** One run of the linter over everything planted: file → rules it broke. */
async function lint(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  for (const name of ["oxlint.config.ts", "tsconfig.json", "package.json"])
    cpSync(join(root, name), join(tree, name));
  symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
  const idea = { file: "", text: "export interface Idea {\n  readonly it: number;\n}\n" };
  const ideas = rooms.flatMap((room) =>
    ["", "deep/"].map((folder) => ({ ...idea, file: `worker/${room}/${folder}idea.ts` })),
  );
  for (const { file, text } of [...ideas, ...planted]) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  }
  const oxlint = join(root, "node_modules/oxlint/bin/oxlint");
  const output = await new Promise<string>((resolve) => {
    const args = [oxlint, "--format", "json", "worker"];
    // It exits with 1: it has found something.
    execFile(process.execPath, args, { cwd: tree, maxBuffer: 1 << 26 }, (_, stdout) =>
      resolve(stdout),
    );
  });
  const { diagnostics } = JSON.parse(output) as { readonly diagnostics: readonly Diagnostic[] };
  const found = new Map<string, Set<string>>();
  for (const { code, filename } of diagnostics)
    found.set(filename, (found.get(filename) ?? new Set()).add(code));
  return found;
}

const found = await lint();

test("every planted file has a name of its own", () => {
  expect(new Set(planted.map(({ file }) => file)).size).toBe(planted.length);
});

test.each(planted.map((one) => [one.what, one] as const))("%s", (_, { file, rule }) => {
  expect([...(found.get(file) ?? [])]).toEqual(rule === undefined ? [] : [rule]);
});
