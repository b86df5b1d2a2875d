/** Tables in Markdown: paragraphs of lines that begin with a bar become rows and cells. */
import type { Node } from "./markdown.ts";

type Cells = Node[][];
const cell = (children: readonly Node[]): Node => ({ type: "tableCell", children });

/** The lines of a paragraph, each as its cells; undefined: it is no table. */
function linesOf({ children = [] }: Node): Cells[] | undefined {
  const lines: Cells[] = [[[]]];
  for (const child of children) {
    if (child.type !== "text") {
      lines.at(-1)?.at(-1)?.push(child);
      continue;
    }
    for (const [i, line] of (child.value ?? "").split("\n").entries()) {
      if (i > 0) lines.push([[]]);
      for (const [j, part] of line.split("|").entries()) {
        if (j > 0) lines.at(-1)?.push([]);
        if (part !== "") lines.at(-1)?.at(-1)?.push({ type: "text", value: part });
      }
    }
  }
  const isTable =
    lines.length > 2 &&
    lines.every((line) => line.length > 2 && line[0]?.length === 0 && line.at(-1)?.length === 0) &&
    lines[1]?.slice(1, -1).every((one) => /^\s*:?-+:?\s*$/.test(one[0]?.value ?? "")) === true;
  return isTable ? lines.map((line) => line.slice(1, -1)) : undefined;
}

function trimmed(parts: readonly Node[]): readonly Node[] {
  return parts.map((part, i) => {
    if (part.type !== "text") return part;
    let value = part.value ?? "";
    if (i === 0) value = value.trimStart();
    if (i === parts.length - 1) value = value.trimEnd();
    return { ...part, value };
  });
}

/** The same nodes, with tables where there are any. */
export function withTables(nodes: readonly Node[]): readonly Node[] {
  return nodes.map((node) => {
    const lines = node.type === "paragraph" ? linesOf(node) : undefined;
    if (lines === undefined) return node;
    const [head = [], , ...rows] = lines;
    const children = [head, ...rows].map((row) => ({
      type: "tableRow",
      children: row.map((parts) => cell(trimmed(parts))),
    }));
    return { type: "table", children };
  });
}
