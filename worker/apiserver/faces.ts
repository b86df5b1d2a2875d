/**
 * Second faces of stored objects: another group version of the same data, converted on the way in and out.
 * Upstream: pkg/apis/core/v1/conversion.go, pkg/apis/events/v1/conversion.go, pkg/apis/autoscaling/v1/conversion.go.
 */
import type { V1Event as CoreEvent } from "#apimachinery/api/core-v1.ts";
import type { V1Event as NewEvent } from "#apimachinery/api/events-v1.ts";
import type { V1HorizontalPodAutoscaler } from "#apimachinery/api/autoscaling-v1.ts";
import type { V2HorizontalPodAutoscaler } from "#apimachinery/api/autoscaling-v2.ts";
import type { FieldError } from "#apimachinery/field.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { newEventFields, validateNewEvent } from "./kinds/events/event.ts";

export interface Face<
  Mine extends KubeObject = KubeObject,
  Stored extends KubeObject = KubeObject,
> {
  readonly gvk: string;
  readonly stored: string;
  toStored(object: Mine): Stored;
  fromStored(object: Stored): Mine;
  /** Its field selectors, by those of the stored kind. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Errors that a new object which came by this face has beside the stored kind's. */
  validateCreate?(object: Stored): readonly FieldError[];
}

const present = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

const newEvents: Face<NewEvent, CoreEvent> = {
  gvk: "events.k8s.io/v1/Event",
  stored: "v1/Event",
  fields: newEventFields,
  validateCreate: validateNewEvent,
  toStored: ({
    metadata,
    regarding,
    note,
    deprecatedSource,
    deprecatedFirstTimestamp,
    deprecatedLastTimestamp,
    deprecatedCount,
    reportingController,
    ...same
  }) =>
    present<CoreEvent>({
      ...same,
      kind: "Event",
      apiVersion: "v1",
      metadata,
      involvedObject: regarding ?? {},
      message: note,
      source: deprecatedSource ?? {},
      firstTimestamp: deprecatedFirstTimestamp,
      lastTimestamp: deprecatedLastTimestamp,
      count: deprecatedCount,
      reportingComponent: reportingController ?? "",
      reportingInstance: same.reportingInstance ?? "",
    }),
  fromStored: ({
    metadata,
    involvedObject,
    message,
    source,
    firstTimestamp,
    lastTimestamp,
    count,
    reportingComponent,
    ...same
  }) =>
    present({
      ...same,
      kind: "Event",
      apiVersion: "events.k8s.io/v1",
      metadata,
      regarding: involvedObject,
      note: message,
      deprecatedSource: source,
      deprecatedFirstTimestamp: firstTimestamp,
      deprecatedLastTimestamp: lastTimestamp,
      deprecatedCount: count,
      reportingController: reportingComponent,
      eventTime: same.eventTime ?? null,
    }) as unknown as NewEvent,
};

const cpu = "cpu";

const autoscalingV1: Face<V1HorizontalPodAutoscaler, V2HorizontalPodAutoscaler> = {
  gvk: "autoscaling/v1/HorizontalPodAutoscaler",
  stored: "autoscaling/v2/HorizontalPodAutoscaler",
  toStored: ({ metadata, spec, status }) => {
    const percent = spec?.targetCPUUtilizationPercentage;
    const target = { type: "Utilization", averageUtilization: percent };
    const metrics =
      percent === undefined ? undefined : [{ type: "Resource", resource: { name: cpu, target } }];
    const { scaleTargetRef = { kind: "", name: "" }, minReplicas, maxReplicas = 0 } = spec ?? {};
    return present<V2HorizontalPodAutoscaler>({
      kind: "HorizontalPodAutoscaler",
      apiVersion: "autoscaling/v2",
      metadata,
      spec: present({ scaleTargetRef, minReplicas, maxReplicas, metrics }),
      // One that says nothing is none: it is shown to whoever reads the object, and comes back with it.
      status:
        status?.currentReplicas || status?.desiredReplicas
          ? { currentReplicas: status.currentReplicas, desiredReplicas: status.desiredReplicas }
          : undefined,
    });
  },
  fromStored: ({ metadata, spec, status }) => {
    const {
      scaleTargetRef = { kind: "", name: "" },
      minReplicas,
      maxReplicas = 0,
      metrics = [],
    } = spec ?? {};
    const utilization = metrics.find(({ resource }) => resource?.name === cpu)?.resource?.target
      .averageUtilization;
    return present<V1HorizontalPodAutoscaler>({
      kind: "HorizontalPodAutoscaler",
      apiVersion: "autoscaling/v1",
      metadata,
      spec: present({
        scaleTargetRef,
        minReplicas,
        maxReplicas,
        targetCPUUtilizationPercentage: utilization,
      }),
      status: {
        currentReplicas: status?.currentReplicas ?? 0,
        desiredReplicas: status?.desiredReplicas ?? 0,
      },
    });
  },
};

export const faces: readonly Face[] = [
  newEvents as unknown as Face,
  autoscalingV1 as unknown as Face,
];
