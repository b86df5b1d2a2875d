/**
 * Writes the wire types of each group version from `types.json`: `node worker/apimachinery/api/generate.ts`.
 * Run by hand when the data changes; the files are committed.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = import.meta.dirname;
type Types = Record<string, Record<string, string>>;
const types = JSON.parse(readFileSync(join(folder, "types.json"), "utf8")) as Types;
const resources = JSON.parse(readFileSync(join(folder, "resources.json"), "utf8")) as {
  type: string;
}[];
/** Types of whole objects: their apiVersion, kind and metadata are always there. */
const objects = new Set(resources.map(({ type }) => type));

const scalars: Record<string, string> = {
  boolean: "boolean",
  bytes: "string",
  double: "number",
  int32: "number",
  int64: "number",
  intOrString: "number | string",
  microTime: "string",
  quantity: "string",
  raw: "unknown",
  string: "string",
  time: "string",
};

/** `core.v1.Pod` → file `core-v1.ts`, name `V1Pod`. */
const parted = (name: string): { file: string; type: string } => {
  const [group = "", version = "", kind = ""] = name.split(".");
  return { file: `${group}-${version}`, type: `${version.toUpperCase()}${kind}` };
};

function typeText(text: string, file: string, imports: Map<string, Set<string>>): string {
  if (text.startsWith("[")) {
    const item = typeText(text.slice(1, -1), file, imports);
    return `readonly ${item.includes(" ") ? `(${item})` : item}[]`;
  }
  if (text.startsWith("{"))
    return `Readonly<Record<string, ${typeText(text.slice(1, -1), file, imports)}>>`;
  if (!text.startsWith("#")) return scalars[text] ?? "unknown";
  const { file: from, type } = parted(text.slice(1));
  if (from !== file) {
    const names = imports.get(from) ?? new Set<string>();
    imports.set(from, names.add(type));
  }
  return type;
}

/** Times that Go writes as null, not leaves out. */
const nullable = new Set(["lastProbeTime", "eventTime"]);

interface Output {
  readonly imports: Map<string, Set<string>>;
  readonly bodies: string[];
}
const files = new Map<string, Output>();
for (const [name, fields] of Object.entries(types)) {
  const { file, type } = parted(name);
  const out: Output = files.get(file) ?? { imports: new Map(), bodies: [] };
  files.set(file, out);
  const lines = Object.entries(fields)
    .filter(([field]) => !field.startsWith("$"))
    .map(([field, text]) => {
      const [wire = "", ...marks] = text.split(" ");
      const always =
        marks.includes("required") ||
        (objects.has(name) && ["apiVersion", "kind", "metadata"].includes(field));
      const quoted = /^[\w]+$/.test(field) ? field : JSON.stringify(field);
      const is = `${typeText(wire, file, out.imports)}${nullable.has(field) ? " | null" : ""}`;
      return `  readonly ${quoted}${always ? "" : "?"}: ${is}${always ? "" : " | undefined"};`;
    });
  out.bodies.push(`export interface ${type} {\n${lines.join("\n")}\n}`);
}
for (const [file, { imports, bodies }] of files) {
  const head = [...imports]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([from, names]) => `import type { ${[...names].toSorted().join(", ")} } from "./${from}.ts";`,
    );
  const text = `/** Generated from types.json by generate.ts; do not edit. */\n${head.join("\n")}${head.length > 0 ? "\n\n" : ""}${bodies.join("\n\n")}\n`;
  writeFileSync(join(folder, `${file}.ts`), text);
}
