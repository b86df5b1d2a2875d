/**
 * When notes are stored: with the next write, whose turn is paid for already, or a moment later.
 *
 * A read leaves a note and no revision; were the note stored at once, every read would wait for the disk.
 * What an instance that dies takes with it are the notes of its last moments, never a revision.
 */
import type { Timers } from "#apiserver/http/timers.ts";
import type { TraceFeed } from "./trace/feed.ts";

/** Wall time that a note may wait for a write to ride on. */
const mostWaitMs = 1000;
/** Notes that may wait. */
const mostWaiting = 500;

export class NoteKeeper {
  readonly #feed: TraceFeed;
  readonly #timers: Timers;
  /** The newest revision when notes were last stored. */
  #revision = -1;
  #cancel: (() => void) | undefined;

  constructor(feed: TraceFeed, timers: Timers) {
    this.#feed = feed;
    this.#timers = timers;
  }

  /** Call at the end of each turn, with the newest revision. */
  keep(revision: number): void {
    if (revision > this.#revision || this.#feed.pending >= mostWaiting) {
      this.#revision = revision;
      this.#store();
    } else if (this.#feed.pending > 0) {
      this.#cancel ??= this.#timers.after(mostWaitMs, () => this.#store());
    }
  }

  #store(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#feed.flush();
  }
}
