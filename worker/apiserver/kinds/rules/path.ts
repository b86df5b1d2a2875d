/** Paths inside volumes. Upstream: pkg/apis/core/validation validateLocalDescendingPath, ValidateLocalNonReservedPath. */
import { type FieldPath, invalid } from "#apimachinery/field.ts";
import type { Errors } from "./rule.ts";

export const hasBacksteps = (path: string): boolean => path.split("/").includes("..");

export function noBacksteps(errors: Errors, at: FieldPath, path: string): void {
  if (hasBacksteps(path)) errors.push(invalid(at, path, "must not contain '..'"));
}
/** Relative, and never upwards. */
export function descending(errors: Errors, at: FieldPath, path: string): void {
  if (path.startsWith("/")) errors.push(invalid(at, path, "must be a relative path"));
  noBacksteps(errors, at, path);
}
/** As `descending`, and clear of names that volumes keep for themselves (`..data`). */
export function notReserved(errors: Errors, at: FieldPath, path: string): void {
  descending(errors, at, path);
  if (path.startsWith("..") && !path.startsWith("../"))
    errors.push(invalid(at, path, "must not start with '..'"));
}
