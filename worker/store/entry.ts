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
