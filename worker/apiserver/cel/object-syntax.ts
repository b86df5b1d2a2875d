/**
 * `Object.spec{replicas: 3}` and `JSONPatch{op: "add", …}` in expressions: the interpreter knows no messages, so they
 * become maps, whose keys are strings and whose values may be of any type. Names of types must follow the path
 * of fields from `Object`. Upstream: apiserver/pkg/cel/mutation/typeresolver.go, dynamic/objects.go.
 * Differs: the fields of `JSONPatch` and `Object` are not checked while compiling, only their names' paths.
 */
import type { Source } from "./failure.ts";

export interface Rewritten {
  readonly expression: string;
  /** What a person wrote, and where in it a place of `expression` is. */
  readonly source: Source;
  /** A name that does not follow the path of fields; found when it runs, as upstream does. */
  readonly mismatch: string | undefined;
}

interface Open {
  /** Its closing bracket. */
  readonly close: string;
  /** Of a message: the path its fields lie at, and what is expected next. */
  readonly path?: string;
  awaits?: "key" | "value";
  key?: string;
}

const tokens =
  /\s+|\/\/[^\n]*|(?:[rR]|[bB]|[rR][bB])?(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?:Object|JSONPatch)(?:\s*\.\s*[A-Za-z_]\w*)*\s*\{|[A-Za-z_]\w*|[\d.]+\w*|[\s\S]/g;
const opening: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

export function withMaps(expression: string): Rewritten {
  const open: Open[] = [];
  let made = "";
  let before = "";
  let mismatch: string | undefined;
  let offset = 0;
  const places: Place[] = [];
  for (const token of expression.match(tokens) ?? []) {
    places.push({ made: made.length, written: offset });
    offset += token.length;
    const top = open.at(-1);
    const isBlank = /^\s|^\/\//.test(token);
    if (/^(Object|JSONPatch)\b[\s\S]*\{$/.test(token) && !before.endsWith(".")) {
      const name = token.slice(0, -1).replaceAll(/\s/g, "");
      const expected = expectedName(open);
      if (expected !== undefined && name.startsWith("Object") && name !== expected)
        mismatch ??= `type mismatch: unexpected type name "${name}", expected "${expected}", which matches field name path from root Object type`;
      open.push({ close: "}", path: name, awaits: "key" });
      made += "{";
    } else if (top?.awaits === "key" && /^[A-Za-z_]\w*$/.test(token)) {
      top.key = token;
      made += JSON.stringify(token);
    } else if (top?.awaits === "key" && token === ":") {
      top.awaits = "value";
      made += ": dyn(";
    } else if (top?.awaits === "value" && (token === "," || token === top.close)) {
      made += `)${token}`;
      if (token === ",") top.awaits = "key";
      else open.pop();
    } else {
      const close = opening[token];
      if (close !== undefined) open.push({ close });
      else if (token === top?.close) open.pop();
      made += token;
    }
    if (!isBlank) before = token;
  }
  const at = (place: number): number => {
    const token = places.findLast((one) => one.made <= place) ?? { made: 0, written: 0 };
    const next = places.find((one) => one.written > token.written)?.written ?? expression.length;
    return Math.min(token.written + place - token.made, Math.max(next - 1, token.written));
  };
  return { expression: made, source: { text: expression, at }, mismatch };
}

/** Where a token stands in both texts. */
interface Place {
  readonly made: number;
  readonly written: number;
}

/** Inside a field of an object, also within lists: that field's path. */
function expectedName(open: readonly Open[]): string | undefined {
  for (const one of open.toReversed()) {
    if (one.path !== undefined)
      return one.path.startsWith("Object") ? `${one.path}.${one.key}` : undefined;
    // What stands in a plain map has no name of its own.
    if (one.close === "}") return undefined;
  }
  return undefined;
}
