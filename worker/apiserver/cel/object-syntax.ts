/**
 * `Object.spec{replicas: 3}` and `JSONPatch{op: "add", …}` in expressions: the interpreter knows no messages, so they
 * become maps, whose keys are strings and whose values may be of any type. Names of types must follow the path
 * of fields from `Object`. Upstream: apiserver/pkg/cel/mutation/typeresolver.go, dynamic/objects.go.
 * The fields of `JSONPatch` have types; those of `Object` may be any, until a patch is made of them.
 */
import type { Source } from "./failure.ts";
import { isBlank, Places, tokensOf } from "./tokens.ts";

/** Held to be texts while compiling, by these functions. */
const textFields = ["op", "path", "from"];
const patchFields = [...textFields, "value"];
export const textOf = (field: string): string => `json_patch_${field}`;
export const textFieldOf = (name: string): string | undefined =>
  textFields.find((field) => textOf(field) === name);
export const patchTexts: readonly string[] = textFields.map(textOf);

/** An optional whose value may be of any type. */
export const optionalOfAny = "optional_of_any";

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
  isOptional?: boolean;
}

const opening: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

export function withMaps(expression: string): Rewritten {
  const open: Open[] = [];
  let made = "";
  let before = "";
  let mismatch: string | undefined;
  const places = new Places(expression);
  for (const token of tokensOf(expression)) {
    places.add(made.length, token);
    const top = open.at(-1);
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
    } else if (top?.awaits === "key" && token === "?") {
      top.isOptional = true;
      made += token;
    } else if (top?.awaits === "key" && token === ":") {
      top.awaits = "value";
      const { key = "", path } = top;
      if (path === "JSONPatch" && !patchFields.includes(key))
        mismatch ??= `unexpected JSONPatchType field: ${key}`;
      const isText = path === "JSONPatch" && textFields.includes(key);
      const held = top.isOptional === true ? optionalOfAny : isText ? textOf(key) : "dyn";
      made += `: ${held}(`;
      top.isOptional = false;
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
    if (!isBlank(token)) before = token;
  }
  return { expression: made, source: places.source(), mismatch };
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
