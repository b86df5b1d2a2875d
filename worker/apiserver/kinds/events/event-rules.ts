/**
 * What every event must say, by either API. One with an eventTime is of the new sort and says more.
 * Upstream: pkg/apis/core/validation/events.go legacyValidateEvent, validateV1EventSeries.
 */
import type { V1Event } from "#apimachinery/api/core-v1.ts";
import { FieldPath, invalid, required } from "#apimachinery/field.ts";
import { dns1123Subdomain, qualifiedName } from "#apimachinery/names.ts";
import { textBytes } from "#apiserver/kinds/rules/data.ts";
import { type Errors, named } from "#apiserver/kinds/rules/rule.ts";

const longest = 128;
const longestNote = 1024;
const leastInSeries = 2;
const at = (field: string): FieldPath => new FieldPath(field);
/** Where events may be about what has no namespace. */
const common = "default";
const system = "kube-system";

/** The new sort's reporter is called otherwise in each API. */
export type ReporterField = "reportingComponent" | "reportingController";

export function plainErrors(event: V1Event, reporter: ReporterField): Errors {
  const errors: Errors = [];
  const { eventTime, involvedObject, metadata } = event;
  const about = involvedObject?.namespace ?? "";
  const own = metadata.namespace ?? "";
  const isElsewhere = eventTime
    ? about === "" && own !== common && own !== system
    : about === ""
      ? own !== "" && own !== common
      : about !== own;
  if (isElsewhere)
    errors.push(
      invalid(at("involvedObject").child("namespace"), about, "does not match event.namespace"),
    );
  if (eventTime) reported(errors, event, reporter);
  named(errors, at("namespace"), own, dns1123Subdomain);
  return errors;
}

function reported(errors: Errors, event: V1Event, reporter: ReporterField): void {
  const { reportingComponent = "", message = "" } = event;
  if (reportingComponent === "") errors.push(required(at(reporter)));
  named(errors, at(reporter), reportingComponent, qualifiedName);
  for (const field of ["reportingInstance", "action", "reason"] as const) {
    const text = event[field] ?? "";
    if (text === "") errors.push(required(at(field)));
    if (textBytes(text) > longest)
      errors.push(invalid(at(field), "", `can have at most ${longest} characters`));
  }
  if (textBytes(message) > longestNote)
    errors.push(invalid(at("message"), "", `can have at most ${longestNote} characters`));
}

export function seriesErrors({ series }: V1Event): Errors {
  const errors: Errors = [];
  if (series === undefined) return errors;
  if ((series.count ?? 0) < leastInSeries)
    errors.push(invalid(at("series.count"), "", `should be at least ${leastInSeries}`));
  if (!series.lastObservedTime) errors.push(required(at("series.lastObservedTime")));
  return errors;
}
