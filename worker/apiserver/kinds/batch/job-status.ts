/**
 * What cannot be true of a Job at once, or any more. Most is asked only of what changes, so that a status which
 * is wrong already can still be written.
 * Upstream: pkg/registry/batch/job/strategy.go getStatusValidationOptions, pkg/apis/batch/validation ValidateJobStatusUpdate.
 */
import type { V1Job, V1JobSpec, V1JobStatus } from "#apimachinery/api/batch-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { duplicate, FieldPath, invalid, invalidSilently, required } from "#apimachinery/field.ts";
import { msOf } from "#apimachinery/time.ts";
import { type Errors, notNegatives } from "#apiserver/kinds/rules/rule.ts";
import { countIndexes, overlap } from "./indexes.ts";

const at = new FieldPath("status");
const conditionsAt = at.child("conditions");

type Conditions = V1JobStatus["conditions"];
export const isTrue = (conditions: Conditions, type: string): boolean =>
  conditions?.some((one) => one.type === type && one.status === "True") === true;

/** What the rules ask of one status. */
interface Facts {
  readonly isComplete: boolean;
  readonly isFailed: boolean;
  readonly isFinished: boolean;
  readonly isFailureTarget: boolean;
  readonly isSuccessful: boolean;
}
function factsOf({ conditions }: V1JobStatus): Facts {
  const isComplete = isTrue(conditions, "Complete");
  const isFailed = isTrue(conditions, "Failed");
  return {
    isComplete,
    isFailed,
    isFinished: isComplete || isFailed,
    isFailureTarget: isTrue(conditions, "FailureTarget"),
    isSuccessful: isTrue(conditions, "SuccessCriteriaMet"),
  };
}

interface Asked {
  readonly spec: Partial<V1JobSpec>;
  readonly status: V1JobStatus;
  readonly before: V1JobStatus;
  readonly is: Facts;
  readonly was: Facts;
}
/** Adds what is wrong. */
type StatusRule = (errors: Errors, asked: Asked) => void;

const changed = (
  { status, before, is, was }: Asked,
  ...names: readonly (keyof V1JobStatus | keyof Facts)[]
): boolean =>
  names.some((name) =>
    name in is
      ? is[name as keyof Facts] !== was[name as keyof Facts]
      : !equal(status[name as keyof V1JobStatus], before[name as keyof V1JobStatus]),
  );
const refuse = (errors: Errors, why: string): void => {
  errors.push(invalidSilently(conditionsAt, why));
};

const counts: StatusRule = (errors, { status }) => {
  notNegatives(errors, at, status, ["active", "succeeded", "failed", "ready", "terminating"]);
  const seen = new Set<string>();
  for (const name of ["succeeded", "failed"] as const)
    for (const [i, uid] of (status.uncountedTerminatedPods?.[name] ?? []).entries()) {
      const here = at.child("uncountedTerminatedPods", name).index(i);
      if (uid === "") errors.push(invalid(here, uid, "must not be empty"));
      else if (seen.has(uid)) errors.push(duplicate(here, uid));
      seen.add(uid);
    }
};

const completion: StatusRule = (errors, asked) => {
  const { is, status } = asked;
  const here = at.child("completionTime");
  const { completionTime: end, startTime: start } = status;
  if (changed(asked, "isComplete", "isFailed") && is.isComplete && is.isFailed)
    refuse(errors, "cannot set Complete=True and Failed=true conditions");
  if (changed(asked, "isComplete", "isFailureTarget") && is.isComplete && is.isFailureTarget)
    refuse(errors, "cannot set Complete=True and FailureTarget=true conditions");
  if (changed(asked, "isComplete", "completionTime")) {
    if (end !== undefined && !is.isComplete)
      errors.push(
        invalid(here, end, "cannot set completionTime when there is no Complete=True condition"),
      );
    if (end === undefined && is.isComplete)
      errors.push(required(here, "completionTime is required for Complete jobs"));
  }
  if (
    changed(asked, "startTime", "completionTime") &&
    start !== undefined &&
    end !== undefined &&
    msOf(end) < msOf(start)
  )
    errors.push(invalid(here, end, "must be equal to or after `startTime`"));
  if (changed(asked, "isFailed", "failedIndexes") && is.isFailed && !is.isFailureTarget)
    refuse(errors, "cannot set Failed=True condition without the FailureTarget=true condition");
  if (changed(asked, "isComplete", "isSuccessful") && is.isComplete && !is.isSuccessful)
    refuse(
      errors,
      "cannot set Complete=True condition without the SuccessCriteriaMet=true condition",
    );
};

const finished: StatusRule = (errors, asked) => {
  const { is, status, spec } = asked;
  if (!is.isFinished) return;
  const { active = 0, startTime, uncountedTerminatedPods: pods } = status;
  if (changed(asked, "isFinished", "active") && active > 0)
    errors.push(invalid(at.child("active"), active, "active>0 is invalid for finished job"));
  const isHeldEmpty = spec.suspend === true && spec.completions === 0;
  if (changed(asked, "isFinished", "startTime") && !isHeldEmpty && startTime === undefined)
    errors.push(required(at.child("startTime"), "startTime is required for finished job"));
  const uncounted = (pods?.failed?.length ?? 0) + (pods?.succeeded?.length ?? 0);
  if (changed(asked, "isFinished", "uncountedTerminatedPods") && uncounted > 0)
    errors.push(
      invalid(
        at.child("uncountedTerminatedPods"),
        { Succeeded: pods?.succeeded ?? null, Failed: pods?.failed ?? null },
        "must be empty for finished job",
      ),
    );
};

function format(
  errors: Errors,
  name: "completedIndexes" | "failedIndexes",
  text: string,
  completions: number,
): void {
  const problem = countIndexes(text, completions);
  if (typeof problem === "string")
    errors.push(invalid(at.child(name), text, `error parsing ${name}: ${problem}`));
}
const indexes: StatusRule = (errors, asked) => {
  const { status, spec } = asked;
  const { completedIndexes: completed = "", failedIndexes: failed } = status;
  const { completions, backoffLimitPerIndex } = spec;
  const isCompletedChanged = changed(asked, "completedIndexes");
  const isFailedChanged = changed(asked, "failedIndexes");
  if (isCompletedChanged && completions !== undefined)
    format(errors, "completedIndexes", completed, completions);
  if (
    isFailedChanged &&
    completions !== undefined &&
    backoffLimitPerIndex !== undefined &&
    failed !== undefined
  )
    format(errors, "failedIndexes", failed, completions);
  if (isCompletedChanged && completed !== "" && spec.completionMode !== "Indexed")
    errors.push(
      invalid(
        at.child("completedIndexes"),
        completed,
        "cannot set non-empty completedIndexes when non-indexed completion mode",
      ),
    );
  if (failed === undefined) return;
  const here = at.child("failedIndexes");
  if (isFailedChanged && backoffLimitPerIndex === undefined)
    errors.push(
      invalid(here, failed, "cannot set non-null failedIndexes when backoffLimitPerIndex is null"),
    );
  if ((isFailedChanged || isCompletedChanged) && completions !== undefined) {
    const both = overlap(completed, failed, completions);
    if (both !== undefined)
      errors.push(
        invalid(here, failed, `failedIndexes and completedIndexes overlap at index: ${both}`),
      );
  }
};

const pods: StatusRule = (errors, asked) => {
  const { terminating, ready, active = 0 } = asked.status;
  if (
    changed(asked, "isFinished", "terminating") &&
    asked.is.isFinished &&
    terminating !== undefined &&
    terminating > 0
  )
    errors.push(
      invalid(at.child("terminating"), terminating, "terminating>0 is invalid for finished job"),
    );
  if (changed(asked, "ready", "active") && ready !== undefined && ready > active)
    errors.push(invalid(at.child("ready"), ready, "cannot set more ready pods than active"));
};

const success: StatusRule = (errors, { is, spec }) => {
  if (is.isSuccessful && is.isFailed)
    refuse(errors, "cannot set SuccessCriteriaMet=True and Failed=true conditions");
  if (is.isSuccessful && is.isFailureTarget)
    refuse(errors, "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
  if (spec.successPolicy !== undefined && !is.isSuccessful && is.isComplete)
    refuse(
      errors,
      "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True",
    );
};

function notLess(
  errors: Errors,
  here: FieldPath,
  value: number,
  before: number,
  what: string,
): void {
  if (value < before) errors.push(invalid(here, value, `cannot decrease the ${what} counter`));
}
const transitions: StatusRule = (errors, asked) => {
  const { status, before, is, was, spec } = asked;
  for (const type of ["Failed", "Complete", "FailureTarget"])
    if (isTrue(before.conditions, type) && !isTrue(status.conditions, type))
      refuse(errors, `cannot disable the terminal ${type}=True condition`);
  notLess(errors, at.child("failed"), status.failed ?? 0, before.failed ?? 0, "failed");
  // An indexed Job that grows and shrinks with its parallelism may lose some.
  if (spec.completionMode !== "Indexed" || spec.completions !== spec.parallelism)
    notLess(
      errors,
      at.child("succeeded"),
      status.succeeded ?? 0,
      before.succeeded ?? 0,
      "succeeded",
    );
  const { completionTime, startTime } = status;
  if (
    completionTime !== undefined &&
    before.completionTime !== undefined &&
    changed(asked, "completionTime")
  )
    errors.push(invalid(at.child("completionTime"), completionTime, "field is immutable"));
  const resumes =
    isTrue(before.conditions, "Suspended") &&
    status.conditions?.some((one) => one.type === "Suspended" && one.status === "False") === true;
  if (
    changed(asked, "startTime") &&
    !resumes &&
    before.startTime !== undefined &&
    spec.suspend !== true
  )
    errors.push(
      invalid(at.child("startTime"), startTime, "field is immutable for unsuspended job once set"),
    );
  if (was.isSuccessful && !is.isSuccessful)
    refuse(errors, "cannot disable the SuccessCriteriaMet=True condition");
  if (was.isComplete && !was.isSuccessful && is.isSuccessful)
    refuse(
      errors,
      "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions",
    );
};

const rules: readonly StatusRule[] = [
  counts,
  completion,
  finished,
  indexes,
  pods,
  success,
  transitions,
];

export function jobStatus(next: V1Job, previous: V1Job): Errors {
  const errors: Errors = [];
  const { status = {}, spec = {} } = next;
  const { status: before = {} } = previous;
  if (status === before) return errors;
  const asked: Asked = { spec, status, before, is: factsOf(status), was: factsOf(before) };
  for (const rule of rules) rule(errors, asked);
  return errors;
}
