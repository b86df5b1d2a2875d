/** Conditions of definitions. Upstream: apiextensions-apiserver/pkg/apihelpers/helpers.go. */
import type {
  V1CustomResourceDefinition as Definition,
  V1CustomResourceDefinitionCondition as Condition,
} from "#apimachinery/api/apiextensions-v1.ts";
import { isReason } from "#apimachinery/status.ts";
import { timeText } from "#apimachinery/time.ts";
import type { Client } from "#client/client.ts";

export const conditionOf = ({ status }: Definition, type: string): Condition | undefined =>
  status?.conditions?.find((one) => one.type === type);
export const isTrue = (definition: Definition, type: string): boolean =>
  conditionOf(definition, type)?.status === "True";

/** The same reference when it says so already. The time moves with the status alone. */
export function withCondition(
  definition: Definition,
  condition: Omit<Condition, "lastTransitionTime">,
  nowMs: number,
): Definition {
  const { status = {} } = definition;
  const { conditions = [] } = status;
  const old = conditionOf(definition, condition.type);
  if (
    old !== undefined &&
    old.status === condition.status &&
    old.reason === condition.reason &&
    old.message === condition.message
  )
    return definition;
  const lastTransitionTime =
    old?.status === condition.status ? old.lastTransitionTime : timeText(nowMs);
  const { type, ...rest } = condition;
  const next: Condition = { lastTransitionTime, ...rest, type };
  return {
    ...definition,
    status: {
      ...status,
      conditions:
        old === undefined
          ? [...conditions, next]
          : conditions.map((one) => (one === old ? next : one)),
    },
  };
}

/** Writes the status; somebody else's change in the meantime brings the key back by itself. */
export function writeStatus(client: Client, next: Definition): Definition | undefined {
  try {
    return client.updateStatus(next);
  } catch (error) {
    if (isReason(error, "NotFound", "Conflict")) return undefined;
    throw error;
  }
}
