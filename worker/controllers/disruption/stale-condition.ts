/**
 * A Pod that was to be disrupted and is still there after two minutes is not to be disrupted any more.
 * Upstream: pkg/controller/disruption/disruption.go syncStalePodDisruption.
 */
import type { V1Pod, V1PodCondition } from "#apimachinery/api/core-v1.ts";
import { withPodCondition } from "#apimachinery/pod-condition.ts";
import { isReason } from "#apimachinery/status.ts";
import { msOf } from "#apimachinery/time.ts";
import { splitKey } from "#client/client.ts";
import { done, requeueAt, type Result } from "#client/component.ts";
import type { Controller, ControllerStep } from "#controllers/controller.ts";
import { isActive } from "#controllers/pods.ts";

const kind = "v1/Pod";
const type = "DisruptionTarget";
const staleAfterMs = 120_000;
/** The kubelet's own: the Pod's end may take as long as it takes. */
const byKubelet = "TerminationByKubelet";

/** Undefined: nothing waits for the Pod's end, or the Pod is over, or on its way. */
function waiting(pod: V1Pod): V1PodCondition | undefined {
  const told = pod.status?.conditions?.find((one) => one.type === type);
  return told?.status === "True" && told.reason !== byKubelet && isActive(pod) ? told : undefined;
}

function reconcile(key: string, step: ControllerStep): Result {
  const pod = step.lister<V1Pod>(kind).get(key);
  const told = pod === undefined ? undefined : waiting(pod);
  if (told === undefined) return done;
  const atMs = msOf(told.lastTransitionTime ?? "") + staleAfterMs;
  if (!step.reached(atMs, "wait")) return requeueAt(atMs);
  try {
    step.client.patch<V1Pod>({ kind, ...splitKey(key), subresource: "status" }, (current) => {
      if (waiting(current) === undefined) return current;
      const observedGeneration = current.metadata.generation;
      const over = { type, status: "False", observedGeneration } as const;
      return { ...current, status: withPodCondition(current, over, step.nowMs) };
    });
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
  return done;
}

export const stalePodDisruption: Controller = {
  name: "stale-pod-disruption",
  account: "disruption-controller",
  watches: kind,
  heeds: ({ object }) => waiting(object as V1Pod) !== undefined,
  reconcile,
};
