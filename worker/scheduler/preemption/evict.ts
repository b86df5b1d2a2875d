/** Making the room that was decided on. Upstream: pkg/scheduler/framework/preemption/executor.go. */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { withPodCondition } from "#apimachinery/pod-condition.ts";
import { isReason } from "#apimachinery/status.ts";
import type { Step } from "#client/component.ts";
import { schedulerName } from "#scheduler/profile.ts";
import type { Candidate } from "./victims.ts";

/** Why a victim goes: reason of its condition DisruptionTarget. */
export const preempted = "PreemptionByScheduler";

/** The victims go, and those of lower priority that counted on the node look elsewhere. Upstream: prepareCandidate, PreemptPod. */
export function evict(
  { node, victims }: Candidate,
  preemptor: V1Pod,
  nominated: readonly V1Pod[],
  step: Step,
): void {
  for (const pod of nominated) withoutNomination(pod, step);
  for (const pod of victims) {
    if (pod.metadata.deletionTimestamp === undefined) evictOne(pod, node, preemptor, step);
  }
}

function withoutNomination({ metadata }: V1Pod, step: Step): void {
  const { name = "", namespace } = metadata;
  try {
    step.client.patch<V1Pod>(
      { kind: "v1/Pod", namespace, name, subresource: "status" },
      (current) => nominatedTo(current, ""),
    );
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
}
/** The Pod waits for that node; the same Pod when it does already. */
export function nominatedTo(pod: V1Pod, node: string): V1Pod {
  const { nominatedNodeName = "", ...status } = pod.status ?? {};
  if (nominatedNodeName === node) return pod;
  return { ...pod, status: node === "" ? status : { ...status, nominatedNodeName: node } };
}

function evictOne(victim: V1Pod, node: string, preemptor: V1Pod, step: Step): void {
  const { name = "", namespace, generation, uid } = victim.metadata;
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    reason: preempted,
    message: `${schedulerName}: preempting to accommodate a higher priority pod`,
    observedGeneration: generation,
  } as const;
  try {
    step.client.patch<V1Pod>(
      { kind: "v1/Pod", namespace, name, subresource: "status" },
      (current) => {
        const status = withPodCondition(current, condition, step.nowMs);
        return status === current.status ? current : { ...current, status };
      },
    );
    step.client.delete({ kind: "v1/Pod", namespace, name }, { uid });
  } catch (error) {
    if (isReason(error, "NotFound", "Conflict")) return;
    throw error;
  }
  const note = `Preempted by pod ${preemptor.metadata.uid} on node ${node}`;
  step.recorder.eventV1(victim, "Normal", "Preempted", "Preempting", note, preemptor);
}
