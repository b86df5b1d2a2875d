/**
 * Event as events.k8s.io/v1 takes it: stricter than core/v1 about what a new one must say.
 * Upstream: pkg/apis/core/validation/events.go ValidateEventCreate, pkg/apis/events/v1/conversion.go.
 */
import type { V1Event } from "#apimachinery/api/core-v1.ts";
import { FieldPath, invalid, required } from "#apimachinery/field.ts";
import { qualifiedName } from "#apimachinery/names.ts";
import { type Errors, named } from "#apiserver/kinds/rules/rule.ts";

const longest = 128;
const longestNote = 1024;
const leastInSeries = 2;
const at = (field: string): FieldPath => new FieldPath(field);

function short(errors: Errors, field: string, text = ""): void {
  if (text === "") errors.push(required(at(field)));
  if (text.length > longest)
    errors.push(invalid(at(field), "", `can have at most ${longest} characters`));
}

/** What only the old form may say. */
const old: readonly (readonly [string, (event: V1Event) => unknown])[] = [
  ["firstTimestamp", ({ firstTimestamp }) => firstTimestamp],
  ["lastTimestamp", ({ lastTimestamp }) => lastTimestamp],
  ["count", ({ count }) => count],
  ["source", ({ source }) => source?.component || source?.host],
];

/** Errors of a new event that came by events.k8s.io/v1, in the form it is stored in. */
export function validateNewEvent(event: V1Event): Errors {
  const errors: Errors = [];
  const { eventTime, type = "", series, reportingComponent = "", message = "" } = event;
  if (eventTime) {
    if (reportingComponent === "") errors.push(required(at("reportingController")));
    else named(errors, at("reportingController"), reportingComponent, qualifiedName);
    short(errors, "reportingInstance", event.reportingInstance);
    short(errors, "action", event.action);
    short(errors, "reason", event.reason);
    if (message.length > longestNote)
      errors.push(invalid(at("message"), "", `can have at most ${longestNote} characters`));
  }
  if (series !== undefined) {
    if ((series.count ?? 0) < leastInSeries)
      errors.push(invalid(at("series.count"), "", `should be at least ${leastInSeries}`));
    if (!series.lastObservedTime) errors.push(required(at("series.lastObservedTime")));
  }
  if (!eventTime) errors.push(required(at("eventTime")));
  if (type !== "Normal" && type !== "Warning")
    errors.push(invalid(at("type"), "", `has invalid value: ${type}`));
  for (const [field, read] of old)
    if (read(event)) errors.push(invalid(at(field), "", "needs to be unset"));
  return errors;
}

/** Field selectors, by those of core/v1. */
export const newEventFields: Readonly<Record<string, string>> = {
  reason: "reason",
  "regarding.kind": "involvedObject.kind",
  "regarding.namespace": "involvedObject.namespace",
  "regarding.name": "involvedObject.name",
  "regarding.uid": "involvedObject.uid",
  "regarding.apiVersion": "involvedObject.apiVersion",
  "regarding.resourceVersion": "involvedObject.resourceVersion",
  "regarding.fieldPath": "involvedObject.fieldPath",
  reportingController: "reportingComponent",
  type: "type",
};
