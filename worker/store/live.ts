/** One state of a key: what is in memory of it, and how to get the rest from its row. */
import { deepFreeze } from "#apimachinery/freeze.ts";
import type { Entry, Revision } from "./entry.ts";

/** Reads the text of a row; given by the store. */
export type ReadText = (rev: Revision) => string;

export class Live implements Entry {
  readonly key: string;
  readonly modRevision: Revision;
  readonly createRevision: Revision;
  readonly version: number;
  readonly ownership: string | null;
  readonly #read: ReadText;
  /** Kept parsed? Events are not: nobody but a list ever reads them. */
  readonly #kept: boolean;
  #value: unknown;

  constructor(
    row: {
      readonly key: string;
      readonly rev: Revision;
      readonly created: Revision;
      readonly version: number;
      readonly ownership: string | null;
    },
    read: ReadText,
    kept: boolean,
    value?: unknown,
  ) {
    this.key = row.key;
    this.modRevision = row.rev;
    this.createRevision = row.created;
    this.version = row.version;
    this.ownership = row.ownership;
    this.#read = read;
    this.#kept = kept;
    if (kept) this.#value = value;
  }

  get value(): unknown {
    if (this.#value !== undefined) return this.#value;
    const value: unknown = deepFreeze(JSON.parse(this.text()));
    if (this.#kept) this.#value = value;
    return value;
  }
  get parsed(): boolean {
    return this.#value !== undefined;
  }
  /** Takes a text that was read for other reasons, so that it need not be read again. */
  load(text: string): void {
    if (this.#kept && this.#value === undefined) this.#value = deepFreeze(JSON.parse(text));
  }
  text(): string {
    return this.#read(this.modRevision);
  }
}
