/** A Deployment's status and conditions. Pure. Upstream: pkg/controller/deployment/{sync,progress}.go. */
import type {
  V1Deployment,
  V1DeploymentCondition,
  V1DeploymentStatus,
  V1ReplicaSet,
} from "#apimachinery/api/apps-v1.ts";
import { msOf, timeText } from "#apimachinery/time.ts";
import { actualOf, availableOf, maxUnavailable, sizeOf, sum, wantedOf } from "./arithmetic.ts";

type Conditions = readonly V1DeploymentCondition[];
const noDeadline = 2 ** 31 - 1;

export const deadlineOf = ({ spec }: V1Deployment): number | undefined => {
  const seconds = spec?.progressDeadlineSeconds;
  return seconds === undefined || seconds === noDeadline ? undefined : seconds;
};
export const conditionOf = (
  conditions: Conditions | undefined,
  type: string,
): V1DeploymentCondition | undefined => conditions?.find((one) => one.type === type);

export function newCondition(
  type: string,
  status: string,
  reason: string,
  message: string,
  nowMs: number,
): V1DeploymentCondition {
  const now = timeText(nowMs);
  return { type, status, lastUpdateTime: now, lastTransitionTime: now, reason, message };
}
/** The same list when status and reason are as they were. */
export function withCondition(
  conditions: Conditions,
  condition: V1DeploymentCondition,
): Conditions {
  const old = conditionOf(conditions, condition.type);
  if (old !== undefined && old.status === condition.status && old.reason === condition.reason)
    return conditions;
  const kept =
    old?.status === condition.status
      ? { ...condition, lastTransitionTime: old.lastTransitionTime }
      : condition;
  return [...conditions.filter(({ type }) => type !== condition.type), kept];
}
const without = (conditions: Conditions, type: string): Conditions =>
  conditions.some((one) => one.type === type)
    ? conditions.filter((one) => one.type !== type)
    : conditions;

/** Counts, and whether it is available. Upstream: calculateStatus. */
export function countedStatus(
  deployment: V1Deployment,
  all: readonly V1ReplicaSet[],
  fresh: V1ReplicaSet | undefined,
  nowMs: number,
): V1DeploymentStatus {
  const available = sum(all, availableOf);
  const old = deployment.status ?? {};
  const isAvailable = available >= wantedOf(deployment) - maxUnavailable(deployment);
  const condition = isAvailable
    ? newCondition(
        "Available",
        "True",
        "MinimumReplicasAvailable",
        "Deployment has minimum availability.",
        nowMs,
      )
    : newCondition(
        "Available",
        "False",
        "MinimumReplicasUnavailable",
        "Deployment does not have minimum availability.",
        nowMs,
      );
  return statusOf({
    observedGeneration: deployment.metadata.generation,
    replicas: sum(all, actualOf),
    updatedReplicas: fresh === undefined ? 0 : actualOf(fresh),
    readyReplicas: sum(all, ({ status }) => status?.readyReplicas ?? 0),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum(all, sizeOf) - available),
    terminatingReplicas: sum(all, ({ status }) => status?.terminatingReplicas ?? 0),
    conditions: withCondition(old.conditions ?? [], condition),
    collisionCount: old.collisionCount,
  });
}
/** Zeros are left out, as Go's omitempty does; terminatingReplicas is a pointer and stays. */
function statusOf(status: V1DeploymentStatus): V1DeploymentStatus {
  const kept = Object.entries(status).filter(
    ([name, value]) => value !== undefined && (value !== 0 || name === "terminatingReplicas"),
  );
  return Object.fromEntries(kept) as V1DeploymentStatus;
}

export const isComplete = (
  deployment: V1Deployment,
  {
    updatedReplicas = 0,
    replicas = 0,
    availableReplicas = 0,
    observedGeneration = 0,
  }: V1DeploymentStatus,
): boolean =>
  updatedReplicas === wantedOf(deployment) &&
  replicas === wantedOf(deployment) &&
  availableReplicas === wantedOf(deployment) &&
  observedGeneration >= (deployment.metadata.generation ?? 0);

function isProgressing({ status: old = {} }: V1Deployment, next: V1DeploymentStatus): boolean {
  const { updatedReplicas = 0, replicas = 0, readyReplicas = 0, availableReplicas = 0 } = next;
  const before = (old.replicas ?? 0) - (old.updatedReplicas ?? 0);
  return (
    updatedReplicas > (old.updatedReplicas ?? 0) ||
    replicas - updatedReplicas < before ||
    readyReplicas > (old.readyReplicas ?? 0) ||
    availableReplicas > (old.availableReplicas ?? 0)
  );
}

function isTimedOut(
  deployment: V1Deployment,
  { conditions }: V1DeploymentStatus,
  nowMs: number,
): boolean {
  const condition = conditionOf(conditions, "Progressing");
  const deadline = deadlineOf(deployment);
  if (
    condition === undefined ||
    deadline === undefined ||
    condition.reason === "NewReplicaSetAvailable"
  )
    return false;
  if (condition.reason === "ProgressDeadlineExceeded") return true;
  return msOf(condition.lastUpdateTime ?? "") + deadline * 1000 < nowMs;
}

/** The status at the end of a rollout's step. Upstream: syncRolloutStatus. */
export function rolloutStatus(
  deployment: V1Deployment,
  all: readonly V1ReplicaSet[],
  fresh: V1ReplicaSet | undefined,
  nowMs: number,
): V1DeploymentStatus {
  const counted = countedStatus(deployment, all, fresh, nowMs);
  const name = deployment.metadata.name;
  const subject =
    fresh === undefined
      ? `Deployment ${JSON.stringify(name)}`
      : `ReplicaSet ${JSON.stringify(fresh.metadata.name)}`;
  let conditions = counted.conditions ?? [];
  if (deadlineOf(deployment) === undefined) conditions = without(conditions, "Progressing");
  const current = conditionOf(deployment.status?.conditions, "Progressing");
  const isOver =
    (counted.replicas ?? 0) === (counted.updatedReplicas ?? 0) &&
    current?.reason === "NewReplicaSetAvailable";
  if (deadlineOf(deployment) !== undefined && !isOver) {
    if (isComplete(deployment, counted)) {
      conditions = withCondition(
        conditions,
        newCondition(
          "Progressing",
          "True",
          "NewReplicaSetAvailable",
          `${subject} has successfully progressed.`,
          nowMs,
        ),
      );
    } else if (isProgressing(deployment, counted)) {
      const made = newCondition(
        "Progressing",
        "True",
        "ReplicaSetUpdated",
        `${subject} is progressing.`,
        nowMs,
      );
      const kept =
        current?.status === "True"
          ? { ...made, lastTransitionTime: current.lastTransitionTime }
          : made;
      conditions = [...without(conditions, "Progressing"), kept];
    } else if (isTimedOut(deployment, counted, nowMs)) {
      conditions = withCondition(
        conditions,
        newCondition(
          "Progressing",
          "False",
          "ProgressDeadlineExceeded",
          `${subject} has timed out progressing.`,
          nowMs,
        ),
      );
    }
  }
  const failure = [...(fresh === undefined ? [] : [fresh]), ...all]
    .flatMap(({ status }) => status?.conditions ?? [])
    .find(({ type }) => type === "ReplicaFailure");
  conditions =
    failure === undefined
      ? without(conditions, "ReplicaFailure")
      : withCondition(conditions, {
          ...newCondition(
            "ReplicaFailure",
            failure.status,
            failure.reason ?? "",
            failure.message ?? "",
            nowMs,
          ),
        });
  return { ...counted, conditions };
}
