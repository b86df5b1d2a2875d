/**
 * Which Pods of a node would have to go to make room for another: as few and as unimportant ones as possible.
 * Upstream: pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go SelectVictimsOnNode.
 */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import type { V1PodDisruptionBudget } from "#apimachinery/api/policy-v1.ts";
import { matches, selectorOf } from "#apimachinery/selector.ts";
import { msOf } from "#apimachinery/time.ts";
import { type Filters, refusalOf, withoutPods, withPods } from "#scheduler/filtering.ts";
import { priorityOf } from "#scheduler/nominations.ts";
import type { NodeInfo } from "#scheduler/plugin.ts";

const noVictims = "No preemption victims found for incoming pod";

export interface Candidate {
  readonly node: string;
  /** The most important one first; never none. */
  readonly victims: readonly V1Pod[];
  /** How many of them a budget would keep. */
  readonly violations: number;
}

/** One that has not started counts as starting now. Upstream: GetPodStartTime. */
export const startMs = ({ status }: V1Pod, nowMs: number): number =>
  status?.startTime === undefined ? nowMs : msOf(status.startTime);

/** Higher priority first, then the older one. Upstream: MoreImportantPod. */
const byImportance =
  (nowMs: number) =>
  (a: V1Pod, b: V1Pod): number =>
    priorityOf(b) - priorityOf(a) || startMs(a, nowMs) - startMs(b, nowMs);

export const isVictim = (pod: V1Pod, preemptor: V1Pod): boolean =>
  priorityOf(pod) < priorityOf(preemptor);

/** The Pods that must go, or the reasons why none of them would help. */
export function victimsOn(
  filters: Filters,
  info: NodeInfo,
  budgets: readonly V1PodDisruptionBudget[],
  nowMs: number,
): Candidate | { readonly reasons: readonly string[] } {
  const { pod } = filters.cycle;
  const possible = info.pods.filter((one) => isVictim(one, pod)).toSorted(byImportance(nowMs));
  if (possible.length === 0) return { reasons: [noVictims] };
  let rest = withoutPods(info, possible);
  const refusal = refusalOf(filters, rest);
  if (refusal !== undefined) return { reasons: refusal.reasons };
  const { kept, free } = byBudget(possible, budgets);
  const victims: V1Pod[] = [];
  const spare = (one: V1Pod): void => {
    const again = withPods(rest, [one]);
    if (refusalOf(filters, again) === undefined) rest = again;
    else victims.push(one);
  };
  for (const one of kept) spare(one);
  const violations = victims.length;
  for (const one of free) spare(one);
  const node = info.node.metadata.name ?? "";
  return { node, victims: victims.toSorted(byImportance(nowMs)), violations };
}

/** Those that a budget has no room for, and the others. Upstream: filterPodsWithPDBViolation. */
function byBudget(
  pods: readonly V1Pod[],
  budgets: readonly V1PodDisruptionBudget[],
): { readonly kept: readonly V1Pod[]; readonly free: readonly V1Pod[] } {
  const allowed = budgets.map(({ status }) => status?.disruptionsAllowed ?? 0);
  const kept: V1Pod[] = [];
  const free: V1Pod[] = [];
  for (const pod of pods) {
    let isViolating = false;
    for (const [i, budget] of budgets.entries()) {
      if (!covers(budget, pod)) continue;
      const left = (allowed[i] ?? 0) - 1;
      allowed[i] = left;
      if (left < 0) isViolating = true;
    }
    (isViolating ? kept : free).push(pod);
  }
  return { kept, free };
}

/** An empty selector covers nothing here; what the API server counted already does not count twice. */
function covers({ metadata, spec, status }: V1PodDisruptionBudget, pod: V1Pod): boolean {
  const { labels, namespace, name = "" } = pod.metadata;
  if (labels === undefined || metadata.namespace !== namespace) return false;
  const selector = selectorOf(spec?.selector) ?? [];
  if (selector.length === 0 || !matches(selector, labels)) return false;
  return status?.disruptedPods?.[name] === undefined;
}
