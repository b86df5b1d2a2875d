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
import { toVersion1, toVersion2 } from "./kinds/autoscaling/version-1.ts";
import { newEventFields, validateNewEvent, validateNewEventUpdate } from "./kinds/events/event.ts";

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
  /** Errors of a new object that came by this face, instead of those the stored kind finds. */
  validateCreate?(object: Stored): readonly FieldError[];
  /** And of a change that came by it. */
  validateUpdate?(next: Stored, previous: Stored): readonly FieldError[];
}

const present = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

const newEvents: Face<NewEvent, CoreEvent> = {
  gvk: "events.k8s.io/v1/Event",
  stored: "v1/Event",
  fields: newEventFields,
  validateCreate: validateNewEvent,
  validateUpdate: validateNewEventUpdate,
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

const autoscalingV1: Face<V1HorizontalPodAutoscaler, V2HorizontalPodAutoscaler> = {
  gvk: "autoscaling/v1/HorizontalPodAutoscaler",
  stored: "autoscaling/v2/HorizontalPodAutoscaler",
  toStored: toVersion2,
  fromStored: toVersion1,
};

export const faces: readonly Face[] = [
  newEvents as unknown as Face,
  autoscalingV1 as unknown as Face,
];
