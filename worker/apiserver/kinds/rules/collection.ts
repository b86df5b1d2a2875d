/**
 * Lists and maps that have a most of entries, each of which is judged; with too many, none is looked at.
 * Upstream: pkg/apis/resource/validation validateSlice, validateSet, validateMap.
 */
import { duplicate, type FieldPath, tooMany } from "#apimachinery/field.ts";
import type { Errors, Rule } from "./rule.ts";

/** Whether there are few enough. */
function fits(errors: Errors, at: FieldPath, count: number, most: number): boolean {
  if (count <= most) return true;
  errors.push(tooMany(at, count, most));
  return false;
}

export function list<T>(
  errors: Errors,
  at: FieldPath,
  given: readonly T[] | undefined,
  most: number,
  rule: Rule<T>,
): boolean {
  if (given === undefined) return true;
  if (!fits(errors, at, given.length, most)) return false;
  for (const [i, one] of given.entries()) rule(errors, at.index(i), one);
  return true;
}

/** `keyOf`: what two entries may not have in common, as it is shown. */
export function set<T>(
  errors: Errors,
  at: FieldPath,
  given: readonly T[] | undefined,
  most: number,
  rule: Rule<T>,
  keyOf: (one: T) => unknown,
): void {
  if (!list(errors, at, given, most, rule)) return;
  const seen = new Set<string>();
  for (const [i, one] of (given ?? []).entries()) {
    const key = keyOf(one);
    const text = JSON.stringify(key);
    if (seen.has(text)) errors.push(duplicate(at.index(i), key));
    seen.add(text);
  }
}

/** `longestKey`: a longer one is shown without its middle. */
export function map<T>(
  errors: Errors,
  at: FieldPath,
  given: Readonly<Record<string, T>> | undefined,
  { most, longestKey }: { readonly most: number; readonly longestKey: number },
  keyRule: Rule<string>,
  rule: Rule<T>,
): void {
  const entries = Object.entries(given ?? {});
  if (!fits(errors, at, entries.length, most)) return;
  for (const [key, value] of entries) {
    keyRule(errors, at, key);
    rule(errors, at.key(shortened(key, longestKey)), value);
  }
}
const ellipsis = "...";
function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const rest = longest - ellipsis.length;
  return `${text.slice(0, Math.floor((rest + 1) / 2))}${ellipsis}${text.slice(text.length - Math.floor(rest / 2))}`;
}
