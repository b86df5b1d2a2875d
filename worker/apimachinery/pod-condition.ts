/** One condition of a Pod, kept as every component keeps it. Upstream: pkg/api/v1/pod/util.go UpdatePodCondition. */
import type { V1Pod, V1PodCondition, V1PodStatus } from "./api/core-v1.ts";
import { timeText } from "./time.ts";

export interface ToldCondition {
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason?: string;
  readonly message?: string;
  /** Of the Pod it speaks of; left out where upstream leaves it out. */
  readonly observedGeneration?: number | undefined;
}

/** The Pod's status with the condition in its place; the same reference when it says so already. Its time changes with its status. */
export function withPodCondition(
  { status = {} }: V1Pod,
  { type, status: is, reason, message, observedGeneration }: ToldCondition,
  nowMs: number,
): V1PodStatus {
  const { conditions = [] } = status;
  const before = conditions.find((one) => one.type === type);
  if (
    before?.status === is &&
    before.reason === reason &&
    before.message === message &&
    before.observedGeneration === observedGeneration
  )
    return status;
  const told: V1PodCondition = {
    type,
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    status: is,
    lastProbeTime: null,
    lastTransitionTime: before?.status === is ? (before.lastTransitionTime ?? "") : timeText(nowMs),
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  };
  const kept =
    before === undefined
      ? [...conditions, told]
      : conditions.map((one) => (one === before ? told : one));
  return { ...status, conditions: kept };
}
