/** Defaults, and what is dropped, without copies: what is as it should be comes back as it was. */

/** `object` with these fields where it has none. */
export function fill<T extends object>(object: T, defaults: Partial<T>): T {
  for (const name in defaults) {
    if (object[name] === undefined && defaults[name] !== undefined)
      return { ...defaults, ...definedOf(object) };
  }
  return object;
}
/** As `fill`, where upstream's fields are no pointers: "" and 0 are nothing, too. */
export function fillZero<T extends object>(object: T, defaults: Partial<T>): T {
  const missing = Object.keys(defaults).filter((name) => !object[name as keyof T]) as (keyof T)[];
  if (missing.length === 0) return object;
  return { ...object, ...Object.fromEntries(missing.map((name) => [name, defaults[name]])) };
}
const definedOf = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;

/** `object` without these fields; the same object when it has none of them. */
export function without<T extends object>(object: T, ...names: readonly (keyof T)[]): T {
  if (names.every((name) => object[name] === undefined)) return object;
  const rest = { ...object };
  for (const name of names) delete rest[name];
  return rest;
}

/** The list with each item changed; the same list when no item is. */
export function each<T>(items: readonly T[], change: (item: T) => T): readonly T[] {
  let made: T[] | undefined;
  for (const [i, item] of items.entries()) {
    const next = change(item);
    if (next !== item) (made ??= [...items])[i] = next;
  }
  return made ?? items;
}

/** `object` with one field changed by a function; nothing happens where the field is missing. */
export function at<T extends object, K extends keyof T>(
  object: T,
  name: K,
  change: (value: NonNullable<T[K]>) => T[K],
): T {
  const value = object[name];
  if (value === undefined || value === null) return object;
  const next = change(value as NonNullable<T[K]>);
  return next === value ? object : { ...object, [name]: next };
}
