/** Job. Upstream: pkg/registry/batch/job/strategy.go, pkg/apis/batch/validation/validation.go. */
import type { V1Job, V1JobSpec, V1JobStatus } from "#apimachinery/api/batch-v1.ts";
import type { V1PodTemplateSpec } from "#apimachinery/api/core-v1.ts";
import { humanDuration } from "#apimachinery/duration.ts";
import { equal } from "#apimachinery/equal.ts";
import { duplicate, type FieldError, invalid, required } from "#apimachinery/field.ts";
import { dns1123Label } from "#apimachinery/names.ts";
import { matches, selectorOf } from "#apimachinery/selector.ts";
import { msOf } from "#apimachinery/time.ts";
import {
  matchesTemplate,
  spec as at,
  status as statusAt,
  template,
  templateColumns,
  workloadWarnings,
} from "#apiserver/kinds/apps/workload.ts";
import { ageColumn, column, nameColumn, doc } from "#apiserver/kinds/columns.ts";
import { withSupportedTemplate } from "#apiserver/kinds/core/pod-spec/prepare.ts";
import { at as change } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, immutable, notNegatives } from "#apiserver/kinds/rules/rule.ts";
import { labelSelector } from "#apiserver/kinds/rules/selector.ts";
import { indexRangesProblem } from "./indexes.ts";
import { jobSpec, jobSpecDefaults } from "./job-spec.ts";

const uidLabel = "batch.kubernetes.io/controller-uid";
const nameLabel = "batch.kubernetes.io/job-name";
const oldUidLabel = "controller-uid";
const oldNameLabel = "job-name";

/** Jobs look for their own Pods alone: by uid, unless they are told otherwise. Upstream: generateSelector. */
function withSelector(job: V1Job): V1Job {
  const { spec, metadata } = job;
  const { name = "", uid = "" } = metadata;
  if (spec === undefined || spec.manualSelector === true) return job;
  const labels = { ...spec.template?.metadata?.labels };
  for (const label of [oldUidLabel, uidLabel]) labels[label] ||= uid;
  for (const label of [oldNameLabel, nameLabel]) labels[label] ||= name;
  const selector = spec.selector ?? {};
  return {
    ...job,
    spec: {
      ...spec,
      template: {
        ...spec.template,
        metadata: { ...spec.template?.metadata, labels },
      },
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [uidLabel]: uid } },
    },
  };
}

function hasLabel(
  errors: Errors,
  given: V1PodTemplateSpec | undefined,
  label: string,
  expected: string,
): void {
  const labels = given?.metadata?.labels;
  const here = template.child("metadata", "labels").key(label);
  if (labels?.[label] === undefined) errors.push(required(here, `must be '${expected}'`));
  else if (labels[label] !== expected) errors.push(invalid(here, labels, `must be '${expected}'`));
}
function generatedSelector(errors: Errors, { metadata, spec }: V1Job): void {
  if (spec === undefined || spec.manualSelector === true || spec.selector === undefined) return;
  const { uid = "", name = "" } = metadata;
  const expected = {
    [oldUidLabel]: uid,
    [oldNameLabel]: name,
    [uidLabel]: uid,
    [nameLabel]: name,
  };
  for (const [label, value] of Object.entries(expected))
    hasLabel(errors, spec.template, label, value);
  const parsed = selectorOf(spec.selector);
  if (parsed !== undefined && !matches(parsed, expected))
    errors.push(invalid(at.child("selector"), spec.selector, "`selector` not auto-generated"));
}

function validate({ spec }: V1Job): readonly FieldError[] {
  const errors: Errors = [];
  if (spec === undefined) return [required(at.child("selector"))];
  jobSpec(errors, at, spec);
  if (spec.selector === undefined) errors.push(required(at.child("selector")));
  else labelSelector(errors, at.child("selector"), spec.selector);
  matchesTemplate(errors, spec.selector, spec.template?.metadata?.labels);
  return errors;
}
function validateCreate(job: V1Job): readonly FieldError[] {
  const errors: Errors = [];
  generatedSelector(errors, job);
  const { metadata, spec } = job;
  const { name = "" } = metadata;
  const last = `${name}-${(spec?.completions ?? 0) - 1}`;
  if (
    spec?.completionMode === "Indexed" &&
    (spec.completions ?? 0) > 0 &&
    dns1123Label(last).length > 0
  )
    errors.push({
      reason: "FieldValueInvalid",
      field: "metadata.name",
      message: `Invalid value: ${JSON.stringify(name)}: will not able to create pod with invalid DNS label: ${last}`,
    });
  return errors;
}

/** Until it has begun, a suspended Job may still be sent elsewhere. */
const isNotStarted = ({ spec, status }: V1Job): boolean =>
  spec?.suspend === true && !status?.startTime;

/** The old template with what may be changed before a Job has begun. */
function withDirectives(old: V1PodTemplateSpec, next: V1PodTemplateSpec): V1PodTemplateSpec {
  const { nodeAffinity: _old, ...others } = old.spec?.affinity ?? {};
  const affinity = {
    ...others,
    ...(next.spec?.affinity?.nodeAffinity === undefined
      ? {}
      : { nodeAffinity: next.spec.affinity.nodeAffinity }),
  };
  const isBare = Object.keys(affinity).length === 0 && next.spec?.affinity === undefined;
  return {
    ...old,
    metadata: {
      ...old.metadata,
      labels: next.metadata?.labels,
      annotations: next.metadata?.annotations,
    },
    spec: {
      containers: [],
      ...old.spec,
      affinity: isBare ? undefined : affinity,
      nodeSelector: next.spec?.nodeSelector,
      tolerations: next.spec?.tolerations,
      schedulingGates: next.spec?.schedulingGates,
    },
  };
}

function completions(errors: Errors, next: V1JobSpec, old: V1JobSpec): void {
  const here = at.child("completions");
  if (next.completionMode !== "Indexed") immutable(errors, here, next.completions, old.completions);
  else if (
    next.completions !== undefined &&
    next.completions !== old.completions &&
    next.completions !== next.parallelism
  )
    errors.push(
      invalid(
        here,
        next.completions,
        `can only be modified in tandem with ${at.child("parallelism")}`,
      ),
    );
}

function validateUpdate(next: V1Job, previous: V1Job): readonly FieldError[] {
  const { spec } = next;
  const { spec: old } = previous;
  if (spec === undefined || old === undefined || spec === old) return [];
  const errors: Errors = [];
  completions(errors, spec, old);
  immutable(errors, at.child("selector"), spec.selector, old.selector);
  const before = isNotStarted(previous)
    ? withDirectives(old.template, spec.template)
    : old.template;
  immutable(errors, template, spec.template, before);
  for (const name of [
    "completionMode",
    "podFailurePolicy",
    "backoffLimitPerIndex",
    "managedBy",
    "successPolicy",
  ] as const)
    immutable(errors, at.child(name), spec[name], old[name]);
  return errors;
}

type Conditions = NonNullable<V1JobStatus["conditions"]>;
const isTrue = (conditions: Conditions | undefined, type: string): boolean =>
  conditions?.some((one) => one.type === type && one.status === "True") === true;

function uncounted(errors: Errors, { uncountedTerminatedPods: pods }: V1JobStatus): void {
  const seen = new Set<string>();
  for (const name of ["succeeded", "failed"] as const)
    for (const [i, uid] of (pods?.[name] ?? []).entries()) {
      const here = statusAt.child("uncountedTerminatedPods", name).index(i);
      if (uid === "") errors.push(invalid(here, uid, "must not be empty"));
      else if (seen.has(uid)) errors.push(duplicate(here, uid));
      seen.add(uid);
    }
}
/** What cannot be true of a Job at once, or any more. Upstream: pkg/registry/batch/job/strategy.go getStatusValidationOptions, validateJobStatus. */
function outcome(errors: Errors, next: V1Job, previous: V1Job): void {
  const { status = {}, spec } = next;
  const before = previous.status;
  const { conditions, completionTime, startTime } = status;
  const here = statusAt.child("conditions");
  const complete = isTrue(conditions, "Complete");
  const failed = isTrue(conditions, "Failed");
  const refuse = (at: typeof statusAt, value: unknown, why: string): unknown =>
    errors.push(invalid(at, value, why));
  if (complete && failed)
    refuse(here, conditions, "cannot set Complete=True and Failed=true conditions");
  for (const type of ["Complete", "Failed", "FailureTarget", "SuccessCriteriaMet"])
    if (isTrue(before?.conditions, type) && !isTrue(conditions, type))
      refuse(here, conditions, `cannot disable the terminal ${type}=True condition`);
  if (complete && !completionTime)
    errors.push(
      required(statusAt.child("completionTime"), "completionTime is required for Complete jobs"),
    );
  if (!complete && completionTime)
    refuse(
      statusAt.child("completionTime"),
      completionTime,
      "cannot set completionTime when there is no Complete=True condition",
    );
  if ((complete || failed) && (status.active ?? 0) > 0)
    refuse(statusAt.child("active"), status.active, "active>0 is invalid for finished job");
  if (completionTime && startTime && msOf(completionTime) < msOf(startTime))
    refuse(
      statusAt.child("completionTime"),
      completionTime,
      "completionTime cannot be set before startTime",
    );
  indexes(errors, spec, status);
}
function indexes(errors: Errors, spec: V1JobSpec | undefined, status: V1JobStatus): void {
  for (const name of ["completedIndexes", "failedIndexes"] as const) {
    const text = status[name];
    if (!text) continue;
    const here = statusAt.child(name);
    if (spec?.completionMode !== "Indexed")
      errors.push(
        invalid(here, text, `cannot set non-empty ${name} when non-indexed completion mode`),
      );
    else {
      const problem = indexRangesProblem(text, spec.completions ?? 0);
      if (problem !== undefined)
        errors.push(invalid(here, text, `error parsing ${name}: ${problem}`));
    }
  }
}
function validateStatusUpdate(next: V1Job, previous: V1Job): readonly FieldError[] {
  const errors: Errors = [];
  const { status } = next;
  if (status === undefined || status === previous.status) return errors;
  notNegatives(errors, statusAt, status, ["active", "succeeded", "failed", "ready", "terminating"]);
  uncounted(errors, status);
  outcome(errors, next, previous);
  return errors;
}

function shownStatus({ status, metadata }: V1Job): string {
  const is = (type: string): boolean => isTrue(status?.conditions, type);
  if (is("Complete")) return "Complete";
  if (is("Failed")) return "Failed";
  if (metadata.deletionTimestamp !== undefined) return "Terminating";
  return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].find((type) => is(type)) ?? "Running";
}
function shownCompletions({ spec, status }: V1Job): string {
  const done = status?.succeeded ?? 0;
  if (spec?.completions !== undefined) return `${done}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`;
}
function duration({ status }: V1Job, nowMs: number): string {
  if (!status?.startTime) return "";
  const endMs = status.completionTime ? msOf(status.completionTime) : nowMs;
  return humanDuration(endMs - msOf(status.startTime));
}

export const job: Kind<V1Job> = {
  gvk: "batch/v1/Job",
  defaults: (object) => change(object, "spec", jobSpecDefaults),
  prepareForCreate: (object) => ({ ...withSelector(withSupportedTemplate(object)), status: {} }),
  prepareForUpdate: withSupportedTemplate,
  validate,
  validateCreate,
  validateUpdate,
  validateStatusUpdate,
  specChanged: (next, previous) => !equal(next.spec, previous.spec),
  warnings(next, previous) {
    const { completionMode, completions: wanted = 0, parallelism = 0 } = next.spec ?? {};
    return [
      ...workloadWarnings(next, previous),
      ...(completionMode === "Indexed" && wanted > 100_000 && parallelism > 10_000
        ? [
            "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail",
          ]
        : []),
    ];
  },
  columns: [
    nameColumn,
    column("Status", "string", "Status of the job.", shownStatus),
    column("Completions", "string", doc("batch.v1.JobStatus.succeeded"), shownCompletions),
    column("Duration", "string", "Time required to complete the job.", duration),
    ageColumn,
    ...templateColumns("batch.v1.Job"),
  ],
  fields: { "status.successful": ({ status }) => String(status?.succeeded ?? 0) },
};
