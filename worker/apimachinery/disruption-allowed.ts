/**
 * The condition DisruptionAllowed of a PodDisruptionBudget, which the disruption controller and the API server's
 * eviction both keep. Upstream: component-helpers/apps/poddisruptionbudget/helpers.go, apimachinery/pkg/api/meta/conditions.go.
 */
import type { V1Condition } from "./api/meta-v1.ts";
import type { V1PodDisruptionBudgetStatus } from "./api/policy-v1.ts";
import { timeText } from "./time.ts";

const type = "DisruptionAllowed";
type Told = Pick<V1Condition, "status" | "reason" | "message">;

/** What the number of disruptions that are allowed comes to. */
const verdictOf = ({ disruptionsAllowed = 0 }: V1PodDisruptionBudgetStatus): Told =>
  disruptionsAllowed > 0
    ? { status: "True", reason: "SufficientPods", message: "" }
    : { status: "False", reason: "InsufficientPods", message: "" };

export function isConditionTrueToStatus(status: V1PodDisruptionBudgetStatus): boolean {
  const found = status.conditions?.find((one) => one.type === type);
  const wanted = verdictOf(status);
  return found?.status === wanted.status && found.reason === wanted.reason;
}

/** The status with the condition that follows from it, or (`told`) with another one; its time stays while its status does. */
export function withDisruptionAllowed(
  status: V1PodDisruptionBudgetStatus,
  nowMs: number,
  told: Told = verdictOf(status),
): V1PodDisruptionBudgetStatus {
  const { conditions = [], observedGeneration } = status;
  const before = conditions.find((one) => one.type === type);
  const lastTransitionTime =
    before?.status === told.status ? before.lastTransitionTime : timeText(nowMs);
  const made: V1Condition = {
    type,
    status: told.status,
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    lastTransitionTime,
    reason: told.reason,
    message: told.message,
  };
  return {
    ...status,
    conditions:
      before === undefined
        ? [...conditions, made]
        : conditions.map((one) => (one === before ? made : one)),
  };
}
