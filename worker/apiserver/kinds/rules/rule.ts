/**
 * How kinds validate: small functions that add what is wrong to a list, in upstream's words.
 * Upstream: apimachinery/pkg/api/validation/generic.go, objectmeta.go, pkg/apis/core/validation.
 */
import { equal } from "#apimachinery/equal.ts";
import {
  type FieldError,
  type FieldPath,
  invalid,
  required,
  unsupported,
} from "#apimachinery/field.ts";

export type Errors = FieldError[];
/** Adds what is wrong with a value that is there. */
export type Rule<T> = (errors: Errors, at: FieldPath, value: T) => void;

/**
 * A rule that asks about the same object once: what is valid and frozen stays valid, and the parts of a Pod
 * template come by the thousand as one and the same object. Only for rules that look at nothing else.
 */
export function remembered<T extends object>(rule: Rule<T>): Rule<T> {
  const sound = new WeakSet<T>();
  return (errors, at, value) => {
    if (sound.has(value)) return;
    const before = errors.length;
    rule(errors, at, value);
    if (errors.length === before) sound.add(value);
  };
}

/** The value's problems, each an `Invalid value`. */
export function named(
  errors: Errors,
  at: FieldPath,
  value: string,
  check: (value: string) => readonly string[],
): void {
  for (const problem of check(value)) errors.push(invalid(at, value, problem));
}
/** As `named`, and it must be there. */
export function requiredName(
  errors: Errors,
  at: FieldPath,
  value: string | undefined,
  check: (value: string) => readonly string[],
): void {
  if (!value) errors.push(required(at));
  else named(errors, at, value, check);
}
export function present(errors: Errors, at: FieldPath, value: string | undefined): void {
  if (!value) errors.push(required(at));
}

export const notNegativeText = "must be greater than or equal to 0";
export const notPositiveText = "must be greater than zero";
/** As `notNegativeText`, where upstream writes the number out. */
export const notNegativeWordText = "must be greater than or equal to zero";
export function notNegative(errors: Errors, at: FieldPath, value: number | undefined): void {
  if (value !== undefined && value < 0) errors.push(invalid(at, value, notNegativeText));
}

const mostInt32 = 2_147_483_647;
/** Undefined is in every range. */
export function between(
  errors: Errors,
  at: FieldPath,
  value: number | undefined,
  [least, most]: readonly [number, number],
): void {
  if (value !== undefined && (value < least || value > most))
    errors.push(invalid(at, value, `must be between ${least} and ${most}, inclusive`));
}
/** A user's or group's number. */
export const userRange = [0, mostInt32] as const;
export const positiveInt32 = [1, mostInt32] as const;
export const portRange = [1, 65_535] as const;

/** `supported` is printed sorted; nothing and "" are missing. */
export function oneOf(
  errors: Errors,
  at: FieldPath,
  value: string | undefined,
  supported: readonly string[],
): void {
  if (!value) errors.push(required(at));
  else if (!supported.includes(value)) errors.push(unsupported(at, value, supported));
}
/** As `oneOf`, printed in the order given. */
export function oneInOrder(
  errors: Errors,
  at: FieldPath,
  value: string | undefined,
  supported: readonly string[],
): void {
  if (!value) errors.push(required(at));
  else if (!supported.includes(value)) errors.push(unsupported(at, value, supported, "listed"));
}
/** As `oneOf`, but it may be left out. */
export function oneOfIfAny(
  errors: Errors,
  at: FieldPath,
  value: string | undefined,
  supported: readonly string[],
): void {
  if (value !== undefined && !supported.includes(value))
    errors.push(unsupported(at, value, supported));
}

export const immutableText = "field is immutable";
export function immutable(errors: Errors, at: FieldPath, next: unknown, previous: unknown): void {
  if (!equal(next, previous)) errors.push(invalid(at, next ?? null, immutableText));
}

/** Of each of the named counts of a status. */
export function notNegatives<T extends object>(
  errors: Errors,
  at: FieldPath,
  of: T,
  names: readonly (keyof T & string)[],
): void {
  for (const name of names) notNegative(errors, at.child(name), of[name] as number | undefined);
}
