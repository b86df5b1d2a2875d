/**
 * Says of each FlowSchema whether the priority level that it names exists.
 * Upstream: apiserver/pkg/util/flowcontrol/apf_controller.go presyncFlowSchemaStatus.
 */
import type { V1FlowSchema, V1FlowSchemaCondition } from "#apimachinery/api/flowcontrol-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { isReason } from "#apimachinery/status.ts";
import { timeText } from "#apimachinery/time.ts";
import { done } from "#client/component.ts";
import type { Controller } from "./controller.ts";

const schemaKind = "flowcontrol.apiserver.k8s.io/v1/FlowSchema";
const levelKind = "flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration";
const byLevel = "level";

const levelOf = ({ spec }: V1FlowSchema): string => spec?.priorityLevelConfiguration.name ?? "";

/** Upstream: flowcontrol/apf_filter.go ConfigConsumerAsFieldManager. */
const fieldManager = "api-priority-and-fairness-config-consumer-v1";

/** Pure: what is to be applied; undefined when it says so already. */
export function judged(
  schema: V1FlowSchema,
  exists: boolean,
  nowMs: number,
): V1FlowSchema | undefined {
  const which = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(levelOf(schema))}`;
  const verdict = exists
    ? { status: "False", reason: "Found", message: `${which} and it exists` }
    : { status: "True", reason: "NotFound", message: `${which} but there is no such object` };
  const conditions = schema.status?.conditions ?? [];
  const old = conditions.find(({ type }) => type === "Dangling");
  if (
    old?.status === verdict.status &&
    old.reason === verdict.reason &&
    old.message === verdict.message
  )
    return undefined;
  const condition: V1FlowSchemaCondition = {
    type: "Dangling",
    ...verdict,
    lastTransitionTime: timeText(nowMs),
  };
  const { kind, apiVersion, metadata } = schema;
  return {
    kind,
    apiVersion,
    metadata: { name: metadata.name },
    status: { conditions: [condition] },
  };
}

export const flowSchema: Omit<Controller, "account"> = {
  name: "priority-and-fairness-config-consumer",
  watches: schemaKind,
  maps: {
    [levelKind]: ({ type, object, previous }, listers) =>
      type === "MODIFIED" && previous !== undefined
        ? []
        : listers
            .lister<V1FlowSchema>(schemaKind)
            .byIndex(byLevel, object.metadata.name ?? "")
            .map(({ metadata }: KubeObject) => metadata.name ?? ""),
  },
  indexes: { [schemaKind]: { [byLevel]: (schema: V1FlowSchema) => [levelOf(schema)] } },
  reconcile(key, step) {
    const schema = step.lister<V1FlowSchema>(schemaKind).get(key);
    if (schema === undefined) return done;
    const exists = step.lister(levelKind).get(levelOf(schema)) !== undefined;
    const configuration = judged(schema, exists, step.nowMs);
    if (configuration === undefined) return done;
    try {
      step.client.applyStatus(configuration, fieldManager);
    } catch (error) {
      if (!isReason(error, "NotFound")) throw error;
    }
    return done;
  },
};
