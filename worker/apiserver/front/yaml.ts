/**
 * YAML bodies → JSON text, as Go's reader of YAML 1.1 takes them: `yes` is a boolean, `<<` merges, the first
 * document counts, a key that stands twice is a finding.
 * Upstream: sigs.k8s.io/yaml YAMLToJSONStrict.
 * Differs: the words behind `yaml: line N:` are others, because another reader says what is wrong with a text.
 */
import {
  type Document,
  isScalar,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Tags,
  visit,
} from "yaml";

/** What an alias may unfold to, so that no small text becomes a big one. */
const mostAliases = 100;
/** YAML 1.1 types that Go's reader does not know. */
const foreign = ["binary", "omap", "pairs", "set", "intTime", "floatTime", "timestamp"];

export interface ReadYaml {
  readonly json: string;
  readonly findings: readonly string[];
}

/** Why a text is no YAML, in one line. */
export class YamlError extends Error {}

export function readYaml(text: string): ReadYaml {
  const lines = new LineCounter();
  const [document] = parseAllDocuments(text, {
    schema: "yaml-1.1",
    merge: true,
    uniqueKeys: false,
    strict: true,
    customTags: (tags: Tags) =>
      tags.filter(
        (tag) => typeof tag !== "object" || !foreign.some((name) => tag.tag.endsWith(`:${name}`)),
      ),
    lineCounter: lines,
  }) as readonly Document[];
  if (document === undefined) return { json: "", findings: [] };
  const [problem] = document.errors;
  if (problem !== undefined) {
    const [first = ""] = problem.message.split("\n");
    const line = problem.linePos?.[0].line ?? 1;
    throw new YamlError(`yaml: line ${line}: ${first.replace(/ at line \d+, column \d+:?$/, "")}`);
  }
  return { json: unfolded(document), findings: twice(document, lines) };
}

function unfolded(document: Document): string {
  try {
    return JSON.stringify(document.toJS({ maxAliasCount: mostAliases }));
  } catch (error) {
    if (error instanceof ReferenceError)
      throw new YamlError("yaml: document contains excessive aliasing");
    // JSON has no way to say it.
    if (error instanceof TypeError) throw new YamlError("yaml: an anchor's value contains itself");
    throw error;
  }
}

function twice(document: Document, lines: LineCounter): readonly string[] {
  const found: string[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name)) {
          const { line } = lines.linePos(rangeOf(key));
          found.push(`  line ${line}: key ${JSON.stringify(name)} already set in map`);
        }
        seen.add(name);
      }
    },
  });
  return found.length === 0 ? [] : [`yaml: unmarshal errors:\n${found.join("\n")}`];
}

const rangeOf = (node: Node): number => node.range?.[0] ?? 0;
