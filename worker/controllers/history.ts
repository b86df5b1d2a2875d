/**
 * ControllerRevisions: what a workload's template was at each of its revisions. Told apart by the letters of their
 * data, as clients do (`kubectl rollout undo`), so the order of keys counts.
 * Upstream: pkg/controller/history/controller_history.go, pkg/controller/daemon/update.go.
 */
import type { V1ControllerRevision } from "#apimachinery/api/apps-v1.ts";

export const revisionKind = "apps/v1/ControllerRevision";
export const revisionHashLabel = "controller-revision-hash";

type Data = object;

/** Keys in the order in which Go writes a map's. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, sorted(field)]),
  );
}

const patches = new WeakMap<object, Data>();
/** The patch that brings this template back. Upstream: getPatch. */
export function templatePatch(template: object): Data {
  const known = patches.get(template);
  if (known !== undefined) return known;
  const made = sorted({ spec: { template: { ...template, $patch: "replace" } } }) as Data;
  patches.set(template, made);
  return made;
}

const texts = new WeakMap<object, string>();
function textOf(data: object): string {
  const known = texts.get(data);
  if (known !== undefined) return known;
  const text = JSON.stringify(data);
  texts.set(data, text);
  return text;
}
/** Is this the revision of that data? Upstream: Match, EqualRevision. */
export const hasData = ({ data }: V1ControllerRevision, wanted: Data): boolean =>
  data !== undefined && data !== null && textOf(data) === textOf(wanted);

export const newestRevision = (histories: readonly V1ControllerRevision[]): number =>
  histories.reduce((newest, { revision }) => Math.max(newest, revision ?? 0), 0);

/** Oldest first. Upstream: historiesByRevision. */
export const byRevision = (a: V1ControllerRevision, b: V1ControllerRevision): number =>
  (a.revision ?? 0) - (b.revision ?? 0);
