/** What the store hands out: the state of one key at one revision. */

export type Revision = number & { readonly __revision: true };
export const revision = (n: number): Revision => n as Revision;

export interface Entry<T = unknown> {
  readonly key: string;
  /** Parsed, deep-frozen, shared by all readers; without field ownership. */
  readonly value: T;
  /** Revision that created this life of the key. */
  readonly createRevision: Revision;
  /** Revision of this state. */
  readonly modRevision: Revision;
  /** Writes in this life of the key, 1 at creation. */
  readonly version: number;
  /** Field ownership, in the API server's own form; null = none. */
  readonly ownership: string | null;
  /** The JSON text as stored. */
  text(): string;
}

/** One write, as subscribers see it after it is in the log. */
export interface Change {
  readonly type: "PUT" | "DELETE";
  readonly revision: Revision;
  /** The new state; on DELETE the last one, as the tombstone holds it. */
  readonly entry: Entry;
  readonly previous: Entry | undefined;
  readonly who: string;
  readonly cause: number;
}

/** Freezes what is new; a frozen sub-tree was frozen whole, so the walk stops there. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  if (Array.isArray(value)) for (const item of value) deepFreeze(item);
  else for (const name in value) deepFreeze((value as Record<string, unknown>)[name]);
  return value;
}
