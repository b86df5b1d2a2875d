/** Event, as core/v1 stores it. Upstream: pkg/registry/core/event/strategy.go. */
import type { V1Event } from "#apimachinery/api/core-v1.ts";
import { column, since, wide } from "#apiserver/kinds/columns.ts";
import { plainErrors } from "#apiserver/kinds/events/event-rules.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";

const firstSeen = ({ firstTimestamp, eventTime }: V1Event): string | null | undefined =>
  firstTimestamp || eventTime;
const lastSeen = (event: V1Event): string | null | undefined =>
  event.series?.lastObservedTime || event.lastTimestamp || firstSeen(event);

export const event: Kind<V1Event> = {
  gvk: "v1/Event",
  createOnUpdate: true,
  validate: (one) => plainErrors(one, "reportingComponent"),
  columns: [
    column("Last Seen", "string", "When it happened last.", (one, nowMs) =>
      since(lastSeen(one), nowMs),
    ),
    column("Type", "string", "Normal or Warning.", ({ type }) => type ?? ""),
    column("Reason", "string", "Why, in one word.", ({ reason }) => reason ?? ""),
    column("Object", "string", "What it is about.", ({ involvedObject: { kind = "", name } }) =>
      name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase(),
    ),
    wide("Subobject", "Which part of it.", ({ involvedObject: { fieldPath = "" } }) => fieldPath),
    wide("Source", "Who tells.", ({ source, reportingComponent }) =>
      source?.component
        ? [source.component, source.host].filter(Boolean).join(", ")
        : (reportingComponent ?? ""),
    ),
    column("Message", "string", "What happened.", ({ message }) => (message ?? "").trim()),
    wide("First Seen", "When it happened first.", (one, nowMs) => since(firstSeen(one), nowMs)),
    wide("Count", "How often.", ({ count, series }) => String(series?.count ?? (count || 1))),
    wide("Name", "The event's own name.", ({ metadata }) => metadata.name ?? ""),
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
