/**
 * Event as events.k8s.io/v1 takes it: stricter than core/v1 about what a new one must say, and only its series
 * may change. Upstream: pkg/apis/core/validation/events.go ValidateEventCreate, ValidateEventUpdate.
 */
import type { V1Event } from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { FieldPath, invalid, required } from "#apimachinery/field.ts";
import { dns1123Subdomain } from "#apimachinery/names.ts";
import { msOf } from "#apimachinery/time.ts";
import { type Errors, immutable, named } from "#apiserver/kinds/rules/rule.ts";
import { plainErrors, seriesErrors } from "./event-rules.ts";

const at = (field: string): FieldPath => new FieldPath(field);

/** What only the old form may say. */
const old: readonly (readonly [string, (event: V1Event) => unknown])[] = [
  ["firstTimestamp", ({ firstTimestamp }) => firstTimestamp],
  ["lastTimestamp", ({ lastTimestamp }) => lastTimestamp],
  ["count", ({ count }) => count],
  ["source", ({ source }) => source?.component || source?.host],
];

/** Errors of a new event that came by events.k8s.io/v1, in the form it is stored in. */
export function validateNewEvent(event: V1Event): Errors {
  const { eventTime, type = "", metadata } = event;
  const errors = [...plainErrors(event, "reportingController")];
  named(errors, at("metadata").child("name"), metadata.name ?? "", dns1123Subdomain);
  errors.push(...seriesErrors(event));
  if (!eventTime) errors.push(required(at("eventTime")));
  if (type !== "Normal" && type !== "Warning")
    errors.push(invalid(at("type"), "", `has invalid value: ${type}`));
  for (const [field, read] of old)
    if (read(event)) errors.push(invalid(at(field), "", "needs to be unset"));
  return errors;
}

/** All but the series, in upstream's order, reason twice. */
const fixed: readonly (readonly [string, (event: V1Event) => unknown])[] = [
  ["involvedObject", ({ involvedObject }) => involvedObject],
  ["reason", ({ reason }) => reason ?? ""],
  ["message", ({ message }) => message ?? ""],
  ["source", ({ source }) => source ?? {}],
  ["firstTimestamp", ({ firstTimestamp }) => firstTimestamp ?? null],
  ["lastTimestamp", ({ lastTimestamp }) => lastTimestamp ?? null],
  ["count", ({ count }) => count ?? 0],
  ["reason", ({ reason }) => reason ?? ""],
  ["type", ({ type }) => type ?? ""],
  ["eventTime", ({ eventTime }) => eventTime ?? null],
  ["action", ({ action }) => action ?? ""],
  ["related", ({ related }) => related ?? null],
  ["reportingController", ({ reportingComponent }) => reportingComponent ?? ""],
  ["reportingInstance", ({ reportingInstance }) => reportingInstance ?? ""],
];

/** What is finer than a microsecond does not count. */
const toMicroseconds = (time: string | null | undefined): string | null => {
  if (!time) return null;
  const [, fraction = ""] = /\.(\d+)/.exec(time) ?? [];
  return `${Math.floor(msOf(time) / 1000)}.${fraction.slice(0, 6).padEnd(6, "0")}`;
};

export function validateNewEventUpdate(next: V1Event, previous: V1Event): Errors {
  const errors = [...plainErrors(next, "reportingController")];
  if (!equal(next.series, previous.series)) errors.push(...seriesErrors(next));
  const isSameTime = toMicroseconds(next.eventTime) === toMicroseconds(previous.eventTime);
  for (const [field, read] of fixed)
    if (field !== "eventTime" || !isSameTime)
      immutable(errors, at(field), read(next), read(previous));
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
