/** Markdown with directives → a tree, HTML, or text for a terminal. */
import remarkDirective from "remark-directive";
import remarkFrontmatter from "remark-frontmatter";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import rehypeStringify from "rehype-stringify";
import { unified } from "unified";
import { wrap } from "#learn/text.ts";

/** As much of an mdast node as is read here. */
export interface Node {
  readonly type: string;
  readonly name?: string;
  readonly depth?: number;
  readonly ordered?: boolean | null;
  readonly lang?: string | null;
  readonly meta?: string | null;
  readonly url?: string;
  readonly value?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children?: readonly Node[];
}

const parser = unified().use(remarkParse).use(remarkFrontmatter).use(remarkDirective);
const writer = unified().use(remarkRehype).use(rehypeStringify);

export function parseMarkdown(text: string): readonly Node[] {
  return (parser.parse(text) as Node).children ?? [];
}

export function htmlOf(nodes: readonly Node[]): string {
  const root = { type: "root", children: nodes } as never;
  return writer.stringify(writer.runSync(root) as never);
}

/** All text below a node, without marks. */
export function plain(node: Node): string {
  if (node.type === "break") return "\n";
  return node.value ?? (node.children ?? []).map(plain).join("");
}

function block(node: Node, indent: string): string {
  switch (node.type) {
    case "heading": {
      const title = plain(node);
      return `${indent}${title}\n${indent}${(node.depth === 1 ? "=" : "-").repeat(title.length)}`;
    }
    case "code":
      return (node.value ?? "").replaceAll(/^/gm, `${indent}    `);
    case "list":
      return (node.children ?? [])
        .map((item, i) => {
          const mark = node.ordered ? `${i + 1}. ` : "- ";
          const body = textOf(item.children ?? [], `${indent}${" ".repeat(mark.length)}`);
          return `${indent}${mark}${body.trimStart()}`;
        })
        .join("\n");
    case "blockquote":
    case "containerDirective":
      return textOf(node.children ?? [], `${indent}  `);
    case "yaml":
      return "";
    default:
      return wrap(plain(node), indent);
  }
}

export function textOf(nodes: readonly Node[], indent: string = ""): string {
  return nodes
    .map((node) => block(node, indent))
    .filter((part) => part !== "")
    .join("\n\n");
}
