/** What ConfigMaps and Secrets have in common: keys, sizes, being frozen. Upstream: pkg/apis/core/validation ValidateConfigMap, ValidateSecret. */
import { equal } from "#apimachinery/equal.ts";
import { FieldPath, forbidden } from "#apimachinery/field.ts";
import { dataKey } from "#apimachinery/names.ts";
import { type Errors, named } from "./rule.ts";

type Data = Readonly<Record<string, string>> | undefined;

export const mostBytes = 1024 * 1024;

export function keys(errors: Errors, at: FieldPath, data: Data): void {
  for (const key of Object.keys(data ?? {})) named(errors, at.key(key), key, dataKey);
}
/** What base64 text stands for. */
export const decodedBytes = (text: string): number =>
  (text.length / 4) * 3 - (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0);
const encoder = new TextEncoder();
export const textBytes = (text: string): number => encoder.encode(text).length;
/** A UTF-16 unit is at most 3 bytes of UTF-8: most need no counting. */
export const mostTextBytes = ({ length }: string): number => length * 3;
export const sum = (data: Data, bytesOf: (text: string) => number): number => {
  let all = 0;
  for (const name in data) all += bytesOf(data[name] ?? "");
  return all;
};

interface Freezable {
  readonly immutable?: boolean | undefined;
}
/** What was set immutable stays, with these fields. */
export function frozen<T extends Freezable>(
  errors: Errors,
  next: T,
  previous: T,
  fields: readonly (keyof T & string)[],
): void {
  if (previous.immutable !== true) return;
  const refuse = (field: string): void => {
    errors.push(forbidden(new FieldPath(field), "field is immutable when `immutable` is set"));
  };
  if (next.immutable !== true) refuse("immutable");
  for (const field of fields) if (!equal(next[field] ?? {}, previous[field] ?? {})) refuse(field);
}
export const countOfKeys = (...all: readonly Data[]): number =>
  all.reduce((total, data) => total + Object.keys(data ?? {}).length, 0);
