/**
 * The trace, derived: log rows and notes in, events in order out. Nothing is stored for it.
 *
 * A row gives, in order: the watch event that woke its writer, the facts the writer told, the
 * request, the commit. An event's id is (revision, sequence): rows count from 0, notes from 1000.
 */
import type { Explanation, FactData, FactType, TraceEvent } from "#apimachinery/trace.ts";
import { say } from "./say.ts";

/** One revision of the log, as far as the trace needs it. */
export interface TraceRow {
  readonly revision: number;
  /** `pods/default/web-1`. */
  readonly obj: string;
  readonly change: "ADDED" | "MODIFIED" | "DELETED";
  readonly who: string;
  readonly cause: number;
  readonly atMs: number;
  /** `create`, `patch status`, …: the verb, and the subresource after a space. */
  readonly verb: string;
  readonly explanation: Explanation | null;
}
/** What wrote nothing: reads, refusals, attempts. `seq` counts all notes of the cluster. */
export interface TraceNote {
  readonly seq: number;
  readonly rev: number;
  readonly cause: number;
  readonly atMs: number;
  readonly actor: string;
  readonly verb: string;
  readonly obj: string;
  readonly facts: Explanation;
}

/** What caused a row, by revision; undefined when it is compacted. */
export type CauseOf = (revision: number) => Pick<TraceRow, "obj" | "change"> | undefined;

const firstNote = 1000;

export function eventsOfRow(row: TraceRow, causeOf: CauseOf): TraceEvent[] {
  const events: TraceEvent[] = [];
  const [verb = "", sub = ""] = row.verb.split(" ");
  const obj = sub === "" ? row.obj : `${row.obj}/${sub}`;
  const add = <T extends FactType>(type: T, data: FactData[T], of = obj): void => {
    const { revision: rev, cause, atMs, who: actor } = row;
    const scene = { actor, verb, obj: of, rev };
    const id = `${rev}.${events.length}`;
    events.push({
      id,
      rev,
      cause,
      atMs,
      type,
      actor,
      verb,
      obj: of,
      data,
      say: say(type, data, scene),
    });
  };
  const told = row.explanation ?? [];
  const reason = row.cause > 0 ? causeOf(row.cause) : undefined;
  if (reason !== undefined) add("watch", { event: reason.change }, reason.obj);
  for (const fact of told) add(fact.type, fact.data, fact.obj);
  if (!told.some(({ type }) => type === "request")) {
    const code = verb === "create" ? 201 : 200;
    const contentType = "application/json";
    add("request", { code, dryRun: false, contentType, query: "", message: "", origin: null });
  }
  add("commit", { members: 1 });
  return events;
}

export function eventsOfNote(note: TraceNote): TraceEvent[] {
  const { rev, cause, atMs, actor, verb } = note;
  return note.facts.map(({ type, data, obj: of }, i) => {
    const obj = of ?? note.obj;
    const id = `${rev}.${firstNote + note.seq * 100 + i}`;
    const sentence = say(type, data as never, { actor, verb, obj, rev });
    return { id, rev, cause, atMs, type, actor, verb, obj, data, say: sentence };
  });
}

/** Orders ids: revision, then sequence. */
export function compareIds(a: string, b: string): number {
  const [aRev = 0, aSeq = 0] = a.split(".").map(Number);
  const [bRev = 0, bSeq = 0] = b.split(".").map(Number);
  return aRev - bRev || aSeq - bSeq;
}

/** Rows and notes (each in order) → the trace, in order. */
export function derive(
  rows: readonly TraceRow[],
  notes: readonly TraceNote[],
  causeOf: CauseOf,
): TraceEvent[] {
  const events = rows.flatMap((row) => eventsOfRow(row, causeOf));
  if (notes.length === 0) return events;
  return [...events, ...notes.flatMap(eventsOfNote)].toSorted((a, b) => compareIds(a.id, b.id));
}
