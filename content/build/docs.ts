/**
 * The documents: `content/docs/*.md` → `/docs/<name>` as a page and, for curl, as the Markdown it is made of.
 * Some parts are written by the build: the differences that the source names, what the conformance tests
 * check, beside what upstream checks, and the fields of a lesson.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { checks, commandTests, conformanceList } from "./conformance.ts";
import { lessonSchema } from "./lesson-schema.ts";
import { htmlOf, type Node, parseMarkdown, plain } from "./markdown.ts";
import { withTables } from "./tables.ts";

const content = join(import.meta.dirname, "..");
const worker = join(content, "../worker");

export interface Document {
  readonly name: string;
  readonly title: string;
  /** One sentence: the first of its text. */
  readonly about: string;
  readonly markdown: string;
  readonly nodes: readonly Node[];
}

/** Every `Differs:` of the source, as a list of what differs in which file. */
export function differences(): string {
  const files = readdirSync(worker, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .toSorted();
  return files
    .flatMap((file) =>
      [...readFileSync(join(worker, file), "utf8").matchAll(differs)].map(([, text = ""]) => {
        const said = text.replaceAll(/\s*\n\s*(\*|\/\/)\s*/g, " ").trim();
        return `- \`${file.replaceAll("\\", "/")}\`: ${said}`;
      }),
    )
    .join("\n");
}
/** To the end of the comment, an empty line in it, or its next label. */
const differs =
  /Differs: ((?:(?!\*\/|\n\s*\*\s*\n|\n\s*(?:\*|\/\/) (?:Upstream|Differs):)[^])+?)(?=\s*\*\/|\n\s*\*\s*\n|\n\s*(?:\*|\/\/) (?:Upstream|Differs):|\n(?!\s*(?:\*|\/\/)))/g;

interface JsonSchema {
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
}

/** The author's reference, out of the schema that checks what they write. */
function lessonFields(): string {
  const lines: string[] = [];
  const walk = ({ properties = {}, required = [] }: JsonSchema, indent: string): void => {
    for (const [name, field] of Object.entries(properties)) {
      const inner = field.items ?? field.additionalProperties;
      const below = typeof inner === "object" ? inner : field;
      const said = field.description ?? below.description ?? "";
      const must = required.includes(name) ? "" : " (may be left out)";
      lines.push(`${indent}- \`${name}\`${must}${said === "" ? "" : `: ${said}`}`);
      walk(below, `${indent}  `);
    }
  };
  walk(z.toJSONSchema(lessonSchema, { io: "input" }) as JsonSchema, "");
  return lines.join("\n");
}

const generated: Readonly<Record<string, () => string>> = {
  "::conformance": checks,
  "::command-tests": commandTests,
  "::conformance-list": conformanceList,
  "::differences": differences,
  "::lesson-fields": lessonFields,
};

function read(name: string): Document {
  const source = readFileSync(join(content, "docs", `${name}.md`), "utf8");
  const markdown = Object.entries(generated).reduce(
    (text, [mark, make]) => text.replace(new RegExp(`^${mark}$`, "m"), () => make()),
    source,
  );
  const nodes = withTables(parseMarkdown(markdown));
  const heading = nodes.find(({ type, depth }) => type === "heading" && depth === 1);
  const first = nodes.find(({ type }) => type === "paragraph");
  if (heading === undefined || first === undefined)
    throw new Error(`content/docs/${name}.md: it needs a title and a first paragraph`);
  const about = /^.*?[.:](?=\s|$)/s.exec(plain(first))?.[0].replaceAll("\n", " ") ?? "";
  return { name, title: plain(heading), about: about.replace(/:$/, "."), markdown, nodes };
}

/** In the order of contents.yaml, then by name. */
export function documents(): readonly Document[] {
  const order = parse(readFileSync(join(content, "docs/contents.yaml"), "utf8")) as string[];
  const names = readdirSync(join(content, "docs"))
    .filter((file) => file.endsWith(".md"))
    .map((file) => basename(file, ".md"))
    .toSorted();
  const missing = order.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new Error(`content/docs/contents.yaml: no ${missing.join(", ")}`);
  return [...order, ...names.filter((name) => !order.includes(name))].map(read);
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");

/** Headings get ids, links between documents their addresses. */
function addressed(node: Node): Node {
  const children = node.children?.map(addressed);
  const whole = children === undefined ? node : { ...node, children };
  if (node.type === "heading")
    return { ...whole, data: { hProperties: { id: slug(plain(node)) } } } as Node;
  const [, name, hash = ""] = /^([a-z-]+)\.md(#.*)?$/.exec(node.url ?? "") ?? [];
  return name === undefined ? whole : { ...whole, url: `/docs/${name}${hash}` };
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** A page of its own: readable without any script. */
function page(all: readonly Document[], name: string, title: string, body: string): string {
  const links = all
    .map((one) => {
      const here = one.name === name ? ' aria-current="page"' : "";
      return `<li><a href="/docs/${one.name}"${here}>${escaped(one.title)}</a></li>`;
    })
    .join("");
  const template = readFileSync(join(content, "page/docs.html"), "utf8");
  // A long line scrolls inside its block, by keyboard too.
  let tables = 0;
  const focusable = body
    .replaceAll("<pre>", '<pre tabindex="0">')
    .replaceAll(/<table>[^]*?<\/table>/g, (table) => {
      tables += 1;
      return `<div class="wide" tabindex="0" role="region" aria-label="Table ${tables}">${table}</div>`;
    });
  return template
    .replaceAll("{{title}}", () => escaped(title))
    .replace("{{contents}}", () => links)
    .replace("{{body}}", () => focusable);
}

/** Path below the site → text. */
export function docsFiles(): ReadonlyMap<string, string> {
  const all = documents();
  const files = new Map<string, string>();
  const heads = all.map(({ name, title, about }) => ({ name, title, about }));
  files.set("docs/index.json", JSON.stringify(heads));
  const entries = heads
    .map(
      ({ name, title, about }) =>
        `<dt><a href="/docs/${name}">${escaped(title)}</a></dt><dd>${escaped(about)}</dd>`,
    )
    .join("");
  files.set("docs/index.html", page(all, "", "Documents", `<h1>Documents</h1><dl>${entries}</dl>`));
  files.set(
    "docs/not-found.html",
    page(all, "", "Not found", "<h1>No such document</h1><p>These are the ones there are.</p>"),
  );
  for (const { name, title, markdown, nodes } of all) {
    files.set(`docs/${name}.md`, markdown);
    files.set(`docs/${name}.html`, page(all, name, title, htmlOf(nodes.map(addressed))));
  }
  return files;
}
