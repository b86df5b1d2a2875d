/** What no linter knows: the shape of the tree, READMEs and their links, docstrings with their source. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
// oxlint-disable-next-line no-restricted-imports -- the table lies at the root, above every room
import { mayImport } from "../oxlint.config.ts";

const root = join(import.meta.dirname, "..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
/** Every file that is or would be committed. */
const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(join(root, file)));
const rooms = Object.keys(mayImport);
const generated = /^worker\/apimachinery\/api\/.*-v\w+\.ts$/;
const sources = files.filter((file) => file.endsWith(".ts") && !generated.test(file));
const worker = sources.filter((file) => file.startsWith("worker/"));

describe("the tree", () => {
  test("nothing lies outside of it", () => {
    const top = /^(\.ci|content|migrations|test|worker)\/|^(\.gitignore|\.npmrc|\.oxfmtrc\.json)$/;
    const atRoot =
      /^(CHANGELOG\.md|LICENSE|README\.md|knip\.json|package(-lock)?\.json|tsconfig\.json|wrangler\.toml|(drizzle|oxlint|vitest)\..*ts)$/;
    expect(files.filter((file) => !top.test(file) && !atRoot.test(file))).toEqual([]);
  });

  test("every folder of worker/ is a room of the table, or runs it on this machine", () => {
    const folders = new Set(
      worker.filter((file) => file.split("/").length > 2).map((file) => file.split("/")[1]),
    );
    expect(folders).toEqual(new Set([...rooms, "local"]));
  });

  test("a file is named after its idea", () => {
    const nameless =
      /^(utils?|common|helpers?|misc|libs?|types|constants|shared|index|main)\.ts$|\/(utils?|common|helpers?|misc|libs?|types|constants)\//;
    const allowed = ["worker/index.ts", "content/page/main.ts"];
    expect(
      sources.filter(
        (file) => !allowed.includes(file) && (nameless.test(basename(file)) || nameless.test(file)),
      ),
    ).toEqual([]);
  });

  test("test/ mirrors worker/", () => {
    const own = ["bench", "conformance", "docs", "e2e", "page", "scenarios", "support", "workerd"];
    const folders = new Set(
      files.filter((file) => /^test\/.+\//.test(file)).map((file) => file.split("/")[1] ?? ""),
    );
    expect(
      [...folders].filter((folder) => !rooms.includes(folder) && !own.includes(folder)),
    ).toEqual([]);
  });
});

describe("every file", () => {
  test("opens with what its one idea is", () => {
    const says = (file: string): boolean => /^(#!.*\n)?\/\*\*/.test(read(file));
    // A tool's configuration and a test say it by what they are.
    const plain = /^[^/]+\.ts$|\.test\.ts$|\.d\.ts$/;
    expect(sources.filter((file) => !plain.test(file) && !says(file))).toEqual([]);
  });

  test.each<[string, RegExp, RegExp]>([
    ["nothing is skipped or run alone", /^test\//, /\b(test|it|describe)\.(skip|only|todo)\b/],
    ["work left to do has an issue's number", /./, /\b(TODO|FIXME|XXX)\b(?!\(#\d+\))/],
    ["objects are shared, never cloned", /^worker\//, /\bstructuredClone\(/],
    ["no re-exports: an idea has one place", /^worker\/(?!index\.ts)/, /^export \* from/m],
  ])("%s", (_, where, banned) => {
    const own = "test/tidy.test.ts";
    expect(
      sources.filter((file) => file !== own && where.test(file) && banned.test(read(file))),
    ).toEqual([]);
  });
});

describe("Kubernetes' parts name their source", () => {
  /** A registry's entries are the files it imports, its own contract apart. */
  const entries = (registry: string): readonly string[] =>
    [...read(registry).matchAll(/^import (?!type)[^;]*from "\.\/([^"]+)";/gm)].map(([, file]) =>
      join(dirname(registry), file ?? ""),
    );
  const registries = [
    "worker/apiserver/kinds/registry.ts",
    "worker/apiserver/admission/registry.ts",
    "worker/apiserver/subresources/registry.ts",
    "worker/controllers/registry.ts",
    "worker/scheduler/plugins/registry.ts",
  ];
  test.each(registries)("%s", (registry) => {
    const found = entries(registry);
    expect(found.length).toBeGreaterThan(3);
    expect(found.filter((file) => !read(file).includes("Upstream: "))).toEqual([]);
  });
});

describe("READMEs", () => {
  test.each([...rooms, "local"])("%s has one, within 40 lines", (room) => {
    const lines = read(`worker/${room}/README.md`).trimEnd().split("\n");
    expect(lines[0]).toMatch(new RegExp(`^# ${room}: \\S`));
    expect(lines.length).toBeLessThanOrEqual(40);
  });

  const documents = files.filter((file) => file.endsWith(".md"));
  test.each(documents)("the links of %s lead somewhere", (document) => {
    const links = [...read(document).matchAll(/\]\((?!https?:|#|\/)([^)\s#]+)/g)].map(
      ([, link]) => link ?? "",
    );
    expect(links.filter((link) => !existsSync(join(root, dirname(document), link)))).toEqual([]);
  });
});
