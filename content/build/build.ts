/**
 * Builds the static files that the Worker serves: lessons, lesson files, documents, the pages, OpenAPI.
 * `node content/build/build.ts [--watch]` → content/site/, which is made anew each time.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { parse } from "yaml";
import { docsFiles } from "./docs.ts";
import { buildLesson, folderName } from "./lesson.ts";
import { courseSchema } from "./lesson-schema.ts";
import { openApiProtobuf } from "#apiserver/openapi/protobuf.ts";
import { openApiV2 } from "#apiserver/openapi/v2.ts";
import { openApiDocuments } from "./openapi.ts";

const content = join(import.meta.dirname, "..");
const site = join(content, "site");
const modules = join(content, "../node_modules");

function write(path: string, text: string | Uint8Array): void {
  const file = join(site, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function lessons(): void {
  const course = courseSchema.parse(
    parse(readFileSync(join(content, "lessons/course.yaml"), "utf8")),
  );
  const folders = readdirSync(join(content, "lessons"), { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== "files",
  );
  const built = folders.map(({ name }) => {
    const { number, id } = folderName(name);
    try {
      const lesson = buildLesson(
        readFileSync(join(content, "lessons", name, "lesson.md"), "utf8"),
        number,
        course,
      );
      if (lesson.id !== id) throw new Error(`its id is ${lesson.id}`);
      return lesson;
    } catch (error) {
      throw new Error(
        `content/lessons/${name}/lesson.md: ${error instanceof Error ? error.message : error}`,
        { cause: error },
      );
    }
  });
  const ordered = built.toSorted((a, b) => a.number - b.number);
  for (const lesson of ordered) write(`lessons/${lesson.id}.json`, JSON.stringify(lesson));
  const heads = ordered.map(({ id, number, title, part, goal, minutes }) => ({
    id,
    number,
    title,
    part,
    goal,
    minutes,
  }));
  write("lessons/index.json", JSON.stringify({ parts: course.parts, lessons: heads }));
  cpSync(join(content, "lessons/files"), join(site, "f"), { recursive: true });
}

/** Three cuts of the serif, as the page needs them. */
const fonts = ["source-serif-4-latin-opsz-normal.woff2", "source-serif-4-latin-opsz-italic.woff2"];

async function pages(): Promise<void> {
  const entry = (name: string): string => join(content, "page", name);
  await build({
    entryPoints: ["main.ts", "landing.ts", "docs.ts"].map(entry),
    outdir: join(site, "page"),
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    sourcemap: false,
    alias: { "#content": content },
    logLevel: "warning",
  });
  await build({
    entryPoints: ["page", "landing", "docs"].map((name) => entry(`style/${name}.css`)),
    outdir: join(site, "page"),
    bundle: true,
    minify: true,
    external: ["*.woff2"],
    logLevel: "warning",
  });
  for (const font of fonts)
    cpSync(
      join(modules, "@fontsource-variable/source-serif-4/files", font),
      join(site, "page", font),
    );
  for (const file of ["index.html", "cluster.html", "kubestep.sh", "favicon.svg"])
    cpSync(entry(file), join(site, file));
  cpSync(entry("recording.json"), join(site, "page/recording.json"));
}

export async function buildSite(): Promise<void> {
  rmSync(site, { recursive: true, force: true });
  lessons();
  for (const [file, text] of docsFiles()) write(file, text);
  const documents = openApiDocuments();
  for (const [file, text] of documents) write(`openapi/v3/${file}.json`, text);
  const texts = [...documents].filter(([file]) => file !== "index").map(([, text]) => text);
  const v2 = openApiV2(texts);
  write("openapi/v2.json", v2);
  write("openapi/v2.pb", openApiProtobuf(v2));
  await pages();
}

if (import.meta.main) await buildSite();
