/** What a DaemonSet says of its Pods. Upstream: pkg/controller/daemon/daemon_controller.go updateDaemonSetStatus. */
import type { V1DaemonSet, V1DaemonSetStatus } from "#apimachinery/api/apps-v1.ts";
import type { V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import { done, requeueAt, type Result, sooner } from "#client/component.ts";
import { isReady } from "#controllers/pods.ts";
import { availableFrom, isAvailable } from "./availability.ts";
import { fits, isUpdated } from "./placement.ts";
import { byAge } from "./plan.ts";

/** `result`: when the next of its Pods has been ready for long enough. */
export function statusOf(
  set: V1DaemonSet,
  nodes: readonly V1Node[],
  perNode: ReadonlyMap<string, readonly V1Pod[]>,
  hash: string,
  nowMs: number,
): { readonly status: V1DaemonSetStatus; readonly result: Result } {
  const counts = { current: 0, misscheduled: 0, desired: 0, ready: 0, updated: 0, available: 0 };
  for (const node of nodes) {
    const [pod] = (perNode.get(node.metadata.name ?? "") ?? []).toSorted(byAge);
    if (!fits(set, node).run) {
      if (pod !== undefined) counts.misscheduled += 1;
      continue;
    }
    counts.desired += 1;
    if (pod === undefined) continue;
    counts.current += 1;
    if (isUpdated(set, pod, hash)) counts.updated += 1;
    if (!isReady(pod)) continue;
    counts.ready += 1;
    if (isAvailable(set, pod, nowMs)) counts.available += 1;
  }
  const unavailable = counts.desired - counts.available;
  const { generation } = set.metadata;
  const { collisionCount, conditions } = set.status ?? {};
  const status: V1DaemonSetStatus = {
    currentNumberScheduled: counts.current,
    numberMisscheduled: counts.misscheduled,
    desiredNumberScheduled: counts.desired,
    numberReady: counts.ready,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...(counts.updated === 0 ? {} : { updatedNumberScheduled: counts.updated }),
    ...(counts.available === 0 ? {} : { numberAvailable: counts.available }),
    ...(unavailable === 0 ? {} : { numberUnavailable: unavailable }),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    ...(conditions === undefined ? {} : { conditions }),
  };
  return { status, result: nextAvailable(set, perNode, nowMs) };
}

function nextAvailable(
  set: V1DaemonSet,
  perNode: ReadonlyMap<string, readonly V1Pod[]>,
  nowMs: number,
): Result {
  if (!set.spec?.minReadySeconds) return done;
  let result: Result = done;
  for (const pods of perNode.values()) {
    for (const pod of pods) {
      const atMs = availableFrom(set, pod) ?? 0;
      if (atMs > nowMs) result = sooner(result, requeueAt(atMs));
    }
  }
  return result;
}
