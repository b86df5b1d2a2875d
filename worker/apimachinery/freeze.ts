/** Freezes what is new; a frozen sub-tree was frozen whole, so the walk stops there. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  if (Array.isArray(value)) for (const item of value) deepFreeze(item);
  else for (const name in value) deepFreeze((value as Record<string, unknown>)[name]);
  return value;
}
