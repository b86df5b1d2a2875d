/**
 * One scheduler plugin, as a typed constant of pure functions. Verdicts are values, so that
 * "why not this node?" needs no second implementation.
 *
 * To add one: a file `plugins/<name>.ts` with its reasons as constants on top, one line in
 * `plugins/registry.ts`, in upstream's order. Upstream: pkg/scheduler/framework/interface.go.
 */
import type { V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";

/** A node as the scheduler sees it in one cycle. Upstream: framework/types.go NodeInfo. */
export interface NodeInfo {
  readonly node: V1Node;
  /** Pods assigned to it that are not terminal. */
  readonly pods: readonly V1Pod[];
  readonly requested: Resources;
  /** With 100m cpu and 200 MiB for containers without requests. */
  readonly nonZeroRequested: Resources;
  readonly allocatable: Resources;
  readonly podCount: number;
  /** Image name → size in bytes. */
  readonly images: ReadonlyMap<string, number>;
}
/** milli-cpu, bytes, and extended resources by name. */
export interface Resources {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly ephemeralBytes: number;
  readonly scalars: ReadonlyMap<string, number>;
}

export type Verdict =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** One plugin may give several (NodeResourcesFit). */
      readonly reasons: readonly string[];
      /** False: preemption cannot help (UnschedulableAndUnresolvable). */
      readonly resolvable: boolean;
      readonly data?: unknown;
    };
export const fits: Verdict = { ok: true };
export const rejects = (
  reasons: string | readonly string[],
  more: { readonly resolvable: boolean; readonly data?: unknown },
): Verdict => ({ ok: false, reasons: typeof reasons === "string" ? [reasons] : reasons, ...more });

/** One cycle's inputs; `state` is what PreFilter/PreScore of the same plugin computed. */
export interface Cycle {
  readonly pod: V1Pod;
  readonly nodes: readonly NodeInfo[];
  /** How many nodes have an image. */
  nodesWithImage(name: string): number;
}

export interface Plugin<S = unknown> {
  /** Upstream's name, e.g. `NodeResourcesFit`. */
  readonly name: string;
  /** Weight of the score; 0 or absent when it does not score. */
  readonly weight?: number;
  /** Cluster events that may make a refused Pod schedulable: `Node/Add`, `Node/UpdateTaint`, `Pod/Delete`, … */
  readonly requeueOn: readonly string[];
  /** Once per cycle, before Filter; a refusal ends the cycle for all nodes. */
  preFilter?(cycle: Cycle): { readonly state: S } | { readonly refuse: Verdict };
  filter?(cycle: Cycle, node: NodeInfo, state: S): Verdict;
  /** Once before scoring; `skip` = this plugin does not score this Pod. */
  preScore?(cycle: Cycle, feasible: readonly NodeInfo[]): { readonly state: S } | "skip";
  score?(cycle: Cycle, node: NodeInfo, state: S): number;
  /** Raw scores of all feasible nodes → 0..100. */
  normalize?(
    scores: readonly number[],
    cycle: Cycle,
    feasible: readonly NodeInfo[],
    state: S,
  ): readonly number[];
}
