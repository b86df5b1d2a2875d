/**
 * Patterns in RE2's language, in time linear in the text: `matches`, `find`, `findAll`.
 * Upstream: apiserver/pkg/cel/library/regex.go.
 */
import { RE2JS } from "re2js";
import { spend } from "#apiserver/cel/cost.ts";
import { replacedName } from "#apiserver/cel/replaced.ts";
import type { Library } from "./library.ts";

const kept = new Map<string, RE2JS>();
const keepAtMost = 512;

/** Throws when it is no pattern. */
export function compiledRegex(pattern: string): RE2JS {
  const known = kept.get(pattern);
  if (known !== undefined) return known;
  const made = RE2JS.compile(pattern);
  if (kept.size >= keepAtMost) kept.clear();
  kept.set(pattern, made);
  return made;
}

/** What Go's regexp says is wrong, or undefined. */
export function regexProblem(pattern: string): string | undefined {
  try {
    compiledRegex(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function regex(pattern: string, text: string): RE2JS {
  spend((1 + pattern.length * 0.25) * (1 + text.length * 0.1));
  const problem = regexProblem(pattern);
  if (problem !== undefined) throw new Error(`Illegal regex: ${problem}`);
  return compiledRegex(pattern);
}

/** Leftmost matches, at most `limit` of them; all when it is negative. */
function findAll(text: string, pattern: string, limit = -1n): readonly string[] {
  const found: string[] = [];
  if (limit === 0n) return found;
  for (const [match] of regex(pattern, text).matchAll(text)) {
    found.push(match);
    if (limit > 0n && BigInt(found.length) >= limit) break;
  }
  return found;
}

const matches = (text: string, pattern: string): boolean => regex(pattern, text).test(text);

export const regexLibrary: Library = (environment) => {
  const name = replacedName("matches");
  environment
    .registerFunction(`string.${name}(string): bool`, matches)
    .registerFunction(`${name}(string, string): bool`, matches)
    .registerFunction(
      "string.find(string): string",
      (text: string, pattern: string) => findAll(text, pattern, 1n)[0] ?? "",
    )
    .registerFunction("string.findAll(string): list<string>", findAll)
    .registerFunction("string.findAll(string, int): list<string>", findAll);
};
