/**
 * The trace as it is asked for: a window of history, and what comes live.
 * Live events are derived once for all listeners, after a slice or a request, when they are durable.
 */
import type { TraceEvent } from "#apimachinery/trace.ts";
import { type CauseOf, compareIds, derive, type TraceNote, type TraceRow } from "./derive.ts";
import { journey } from "./journey.ts";

/** Where the trace comes from: the log and the notes ring. */
export interface TraceSource {
  readonly revision: number;
  readonly oldestRevision: number;
  /** Rows after `after`, up to `to`, in order. */
  rows(after: number, to: number): readonly TraceRow[];
  row(revision: number): TraceRow | undefined;
  /** Notes with seq > after, in order. */
  notes(after: number): readonly TraceNote[];
  addNotes(notes: readonly TraceNote[]): void;
  /** The last seq ever given. */
  readonly noteSeq: number;
}

export interface TraceQuery {
  /** Events after this id. */
  readonly since?: string | undefined;
  /** Only events about this object or anything below it (`pods`, `pods/default`, `pods/default/web-1`). */
  readonly obj?: string | undefined;
  readonly type?: string | undefined;
  readonly actor?: string | undefined;
}

export type Listener = (events: readonly TraceEvent[]) => void;

/** Events an answer holds at most; the newest are kept when more match. */
export const mostEvents = 20_000;

export class TraceFeed {
  readonly #source: TraceSource;
  readonly #listeners = new Set<Listener>();
  /** Notes told but not stored yet: one row for all of a slice. */
  #pending: TraceNote[] = [];
  #seq: number;
  /** Up to where listeners have been told. */
  #toldRevision: number;
  #toldNote: number;

  constructor(source: TraceSource) {
    this.#source = source;
    this.#seq = source.noteSeq;
    this.#toldRevision = source.revision;
    this.#toldNote = source.noteSeq;
  }

  note(note: Omit<TraceNote, "seq">): void {
    this.#seq += 1;
    this.#pending.push({ ...note, seq: this.#seq });
  }

  /** Notes that a loss of the instance would take away. */
  get pending(): number {
    return this.#pending.length;
  }

  /** Stores pending notes as one row. */
  flush(): void {
    if (this.#pending.length === 0) return;
    this.#source.addNotes(this.#pending);
    this.#pending = [];
  }

  /** Tells listeners what is new since the last call. Call when it is durable. */
  publish(): void {
    const { revision } = this.#source;
    const isNew = revision > this.#toldRevision || this.#seq > this.#toldNote;
    if (isNew && this.#listeners.size > 0) {
      const rows = this.#source.rows(this.#toldRevision, revision);
      const notes = this.#notesSince(this.#toldNote);
      const events = derive(rows, notes, this.#causeOf);
      for (const listener of this.#listeners) listener(events);
    }
    this.#toldRevision = revision;
    this.#toldNote = this.#seq;
  }

  get following(): boolean {
    return this.#listeners.size > 0;
  }

  /** Live events from now on; call the result to stop. */
  follow(listener: Listener): () => void {
    this.publish();
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  query({ since, obj, type, actor }: TraceQuery): readonly TraceEvent[] {
    const from = since === undefined ? this.#source.oldestRevision : Number(since.split(".")[0]);
    // Events of the revision itself may lie behind `since`: notes come after the row.
    const rows = this.#source.rows(Math.max(0, from - 1), this.#source.revision);
    const notes = this.#notesSince(0).filter(({ rev }) => rev >= from);
    const events = derive(rows, notes, this.#causeOf).filter(
      (event) =>
        (since === undefined || compareIds(event.id, since) > 0) &&
        (obj === undefined || event.obj === obj || event.obj.startsWith(`${obj}/`)) &&
        (type === undefined || event.type === type) &&
        (actor === undefined || event.actor === actor),
    );
    return events.length > mostEvents ? events.slice(-mostEvents) : events;
  }

  journey(obj: string): readonly TraceEvent[] {
    const rows = this.#source.rows(this.#source.oldestRevision, this.#source.revision);
    return journey(rows, this.#notesSince(0), this.#causeOf, obj);
  }

  /** Events of the rows (after, to] and of notes made since `noteAfter`: what one step did. */
  between(after: number, to: number, noteAfter: number): readonly TraceEvent[] {
    return derive(this.#source.rows(after, to), this.#notesSince(noteAfter), this.#causeOf);
  }

  /** Stored or not yet, in order. */
  #notesSince(seq: number): readonly TraceNote[] {
    const pending = this.#pending.filter((note) => note.seq > seq);
    return [...this.#source.notes(seq), ...pending];
  }

  get noteSeq(): number {
    return this.#seq;
  }

  readonly #causeOf: CauseOf = (revision) => this.#source.row(revision);
}

/** The newest attempt's facts, for `why`: everything since the last `schedule` fact but one. */
export function lastAttempt(events: readonly TraceEvent[]): readonly TraceEvent[] {
  const verdicts = events.filter(
    ({ type }) => type === "filter" || type === "score" || type === "schedule",
  );
  const end = verdicts.findLastIndex(({ type }) => type === "schedule");
  const start = verdicts.findLastIndex(({ type }, i) => type === "schedule" && i < end);
  return verdicts.slice(start + 1, end + 1);
}

/** One line an event, for `curl -N`: a revision, or what led to it with who it was, once. */
export function traceLine({ type, actor, say }: TraceEvent): string {
  if (type === "commit") return say;
  const isSaid = actor === "" || actor === "learner" || say.startsWith(actor);
  return `    ${isSaid ? "" : `${actor}: `}${say}`;
}
