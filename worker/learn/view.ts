/** What a lesson's check sees of a cluster. The host gives it; nothing here reads or waits. */
import type { TraceEvent } from "#apimachinery/trace.ts";

/** An API object, as far as a check cares. */
export interface CheckedObject {
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
  readonly [field: string]: unknown;
}

export type Answer = string | number | boolean | readonly string[];
/** The learner's answers by name; `q` is the prediction's. */
export type Answers = Readonly<Record<string, Answer>>;

/** One cluster of the learner's collection. */
export interface FleetCluster {
  readonly id: string;
  readonly name: string;
  readonly controlPlane: number;
  readonly workers: number;
}

export interface ClusterView {
  /** Namespaced resources: those in `namespace`, `default` when left out; the others: all. */
  list(resource: string, namespace?: string): readonly CheckedObject[];
  /** By name, in `default` or without a namespace; `null`: there is none. */
  get(resource: string, name: string): CheckedObject | null;
  /** Events since the lesson started, in order. */
  trace(): readonly TraceEvent[];
  readonly answer: Answers;
  readonly fleet: readonly FleetCluster[];
}

/** Resource (plural) → its objects in all namespaces. */
export type ObjectSet = Readonly<Record<string, readonly CheckedObject[]>>;

export interface ViewParts {
  readonly objects: ObjectSet;
  readonly trace: readonly TraceEvent[];
  readonly answer: Answers;
  readonly fleet: readonly FleetCluster[];
}

export function viewOf({ objects, trace, answer, fleet }: ViewParts): ClusterView {
  const list = (resource: string, namespace = "default"): readonly CheckedObject[] =>
    (objects[resource] ?? []).filter(
      ({ metadata }) => metadata.namespace === undefined || metadata.namespace === namespace,
    );
  return {
    list,
    get: (resource, name) => list(resource).find(({ metadata }) => metadata.name === name) ?? null,
    trace: () => trace,
    answer,
    fleet,
  };
}
