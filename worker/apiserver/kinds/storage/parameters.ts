/** Parameters that a driver understands. Upstream: pkg/apis/storage/validation validateParameters. */
import { type FieldPath, invalid, required, tooLong } from "#apimachinery/field.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";

const mostKeys = 512;
const mostBytes = 256 * 1024;

export function parameters(
  errors: Errors,
  at: FieldPath,
  given: Readonly<Record<string, string>> = {},
  mayBeEmpty = true,
): void {
  const entries = Object.entries(given);
  if (entries.length > mostKeys) {
    errors.push(tooLong(at, mostKeys));
    return;
  }
  for (const [key] of entries)
    if (key === "") errors.push(invalid(at, key, "field can not be empty."));
  if (entries.reduce((sum, [key, value]) => sum + key.length + value.length, 0) > mostBytes)
    errors.push(tooLong(at, mostBytes));
  if (!mayBeEmpty && entries.length === 0)
    errors.push(required(at, "must contain at least one key/value pair"));
}
