/** Event, as core/v1 stores it. Upstream: pkg/registry/core/event/strategy.go. */
import type { V1Event } from "#apimachinery/api/core-v1.ts";
import { column, doc, nameColumn, since, wide } from "#apiserver/kinds/columns.ts";
import { plainErrors } from "#apiserver/kinds/events/event-rules.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";

const firstSeen = ({ firstTimestamp, eventTime }: V1Event): string | null | undefined =>
  firstTimestamp || eventTime;
const lastSeen = (event: V1Event): string | null | undefined =>
  event.series === undefined
    ? event.lastTimestamp || firstSeen(event)
    : event.series.lastObservedTime;

export const event: Kind<V1Event> = {
  gvk: "v1/Event",
  createOnUpdate: true,
  hasDependents: false,
  validate: (one) => plainErrors(one, "reportingComponent"),
  columns: [
    column("Last Seen", "string", doc("core.v1.Event.lastTimestamp"), (one, nowMs) =>
      since(lastSeen(one), nowMs),
    ),
    column("Type", "string", doc("core.v1.Event.type"), ({ type }) => type ?? ""),
    column("Reason", "string", doc("core.v1.Event.reason"), ({ reason }) => reason ?? ""),
    column(
      "Object",
      "string",
      doc("core.v1.Event.involvedObject"),
      ({ involvedObject: { kind = "", name } }) =>
        name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase(),
    ),
    wide(
      "Subobject",
      doc("core.v1.ObjectReference.fieldPath"),
      ({ involvedObject: { fieldPath = "" } }) => fieldPath,
    ),
    wide(
      "Source",
      doc("core.v1.Event.source"),
      ({ source, reportingComponent = "", reportingInstance = "" }) => {
        const instance = source?.host || reportingInstance;
        return (source?.component || reportingComponent) + (instance === "" ? "" : `, ${instance}`);
      },
    ),
    column("Message", "string", doc("core.v1.Event.message"), ({ message }) =>
      (message ?? "").trim(),
    ),
    wide("First Seen", doc("core.v1.Event.firstTimestamp"), (one, nowMs) =>
      since(firstSeen(one), nowMs),
    ),
    wide("Count", doc("core.v1.Event.count"), ({ count, series }) =>
      series === undefined ? count || 1 : (series.count ?? 0),
    ),
    { ...nameColumn, priority: 1 },
  ],
  fields: {
    "involvedObject.kind": ({ involvedObject: { kind } }) => kind ?? "",
    "involvedObject.namespace": ({ involvedObject: { namespace } }) => namespace ?? "",
    "involvedObject.name": ({ involvedObject: { name } }) => name ?? "",
    "involvedObject.uid": ({ involvedObject: { uid } }) => uid ?? "",
    "involvedObject.apiVersion": ({ involvedObject: { apiVersion } }) => apiVersion ?? "",
    "involvedObject.resourceVersion": ({ involvedObject: { resourceVersion } }) =>
      resourceVersion ?? "",
    "involvedObject.fieldPath": ({ involvedObject: { fieldPath } }) => fieldPath ?? "",
    reason: ({ reason }) => reason ?? "",
    reportingComponent: ({ reportingComponent }) => reportingComponent ?? "",
    source: ({ source, reportingComponent }) => source?.component || reportingComponent || "",
    type: ({ type }) => type ?? "",
  },
};
