/**
 * Pods that the API server let go and that are still there: they count as gone for two minutes.
 * Upstream: pkg/controller/disruption/disruption.go buildDisruptedPodMap, countHealthyPods.
 */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { msOf } from "#apimachinery/time.ts";
import { isReady } from "#controllers/pods.ts";

const deletionTimeoutMs = 120_000;

export interface Disrupted {
  readonly disruptedPods: Readonly<Record<string, string>>;
  /** Those whose deletion never came. */
  readonly overdue: readonly V1Pod[];
  /** When the next of them is overdue. */
  readonly nextMs: number | undefined;
}

export function disrupted(
  before: Readonly<Record<string, string>>,
  pods: readonly V1Pod[],
  nowMs: number,
): Disrupted {
  const disruptedPods: Record<string, string> = {};
  const overdue: V1Pod[] = [];
  let nextMs: number | undefined;
  for (const pod of pods) {
    const { name = "", deletionTimestamp } = pod.metadata;
    const sinceText = before[name];
    if (deletionTimestamp !== undefined || sinceText === undefined) continue;
    const untilMs = msOf(sinceText) + deletionTimeoutMs;
    if (untilMs < nowMs) {
      overdue.push(pod);
      continue;
    }
    disruptedPods[name] = sinceText;
    nextMs = Math.min(nextMs ?? untilMs + 1, untilMs + 1);
  }
  return { disruptedPods, overdue, nextMs };
}

export const healthy = (
  pods: readonly V1Pod[],
  disruptedPods: Readonly<Record<string, string>>,
): number =>
  pods.filter(
    (pod) =>
      pod.metadata.deletionTimestamp === undefined &&
      disruptedPods[pod.metadata.name ?? ""] === undefined &&
      isReady(pod),
  ).length;
