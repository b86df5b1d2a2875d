/**
 * The journey of one object: every revision of it, everything those revisions came from, back to
 * the person's request, and what was said about it on the way.
 */
import type { TraceEvent } from "#apimachinery/trace.ts";
import { compareIds, type CauseOf, derive, type TraceNote, type TraceRow } from "./derive.ts";

/** `pods/default/web-1` of `pods/default/web-1/status`. */
const subject = (obj: string, wanted: string): boolean =>
  obj === wanted || obj.startsWith(`${wanted}/`);

/** The rows of an object and their chain of causes, in order. `rows` = the whole kept history. */
export function rowsOfJourney(rows: readonly TraceRow[], obj: string): TraceRow[] {
  const byRevision = new Map(rows.map((row) => [row.revision, row]));
  const taken = new Map<number, TraceRow>();
  const take = (row: TraceRow | undefined): void => {
    for (
      let next = row;
      next !== undefined && !taken.has(next.revision);
      next = byRevision.get(next.cause)
    ) {
      taken.set(next.revision, next);
    }
  };
  const own = rows.filter((row) => row.obj === obj);
  const [first] = own;
  take(first);
  for (const row of own) taken.set(row.revision, row);
  return [...taken.values()].toSorted((a, b) => a.revision - b.revision);
}

export function journey(
  rows: readonly TraceRow[],
  notes: readonly TraceNote[],
  causeOf: CauseOf,
  obj: string,
): TraceEvent[] {
  const about = notes.filter(
    (note) =>
      subject(note.obj, obj) ||
      note.facts.some((fact) => fact.obj !== undefined && subject(fact.obj, obj)),
  );
  return derive(rowsOfJourney(rows, obj), about, causeOf).toSorted((a, b) =>
    compareIds(a.id, b.id),
  );
}

/** Plain text, one line an event; offsets in seconds from the first. */
export function journeyText(events: readonly TraceEvent[], obj: string): string {
  const [first] = events;
  if (first === undefined)
    return `nothing is known of ${obj}: name it as <resource>/<namespace>/<name>\n`;
  const lines = events.map(({ rev, type, atMs, say }) => {
    const offset = `+${((atMs - first.atMs) / 1000).toFixed(3)}s`;
    return `${offset.padStart(10)}  ${type === "commit" ? `rev ${rev}`.padEnd(9) : "         "} ${type === "commit" ? say.replace(/^rev \d+ /, "") : say}`;
  });
  return `the journey of ${obj}\n${lines.join("\n")}\n`;
}
