/** Job. Upstream: pkg/registry/batch/job/strategy.go, pkg/apis/batch/validation/validation.go. */
import type { V1Job, V1JobSpec } from "#apimachinery/api/batch-v1.ts";
import type { V1PodSpec, V1PodTemplateSpec } from "#apimachinery/api/core-v1.ts";
import { humanDuration } from "#apimachinery/duration.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldError, FieldPath, invalid, required } from "#apimachinery/field.ts";
import { dns1123Label } from "#apimachinery/names.ts";
import { matches, selectorOf } from "#apimachinery/selector.ts";
import { msOf } from "#apimachinery/time.ts";
import {
  selection,
  spec as at,
  template,
  templateColumns,
} from "#apiserver/kinds/apps/workload.ts";
import { ageColumn, column, nameColumn, doc } from "#apiserver/kinds/columns.ts";
import { withSupportedTemplate } from "#apiserver/kinds/core/pod-spec/prepare.ts";
import { hostnameWarnings, podNames } from "#apiserver/kinds/core/pod-spec/warnings.ts";
import { at as change } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, immutable } from "#apiserver/kinds/rules/rule.ts";
import { jobSpec, jobSpecDefaults, jobWarnings } from "./job-spec.ts";
import { isTrue, jobStatus } from "./job-status.ts";

const uidLabel = "batch.kubernetes.io/controller-uid";
const nameLabel = "batch.kubernetes.io/job-name";
const oldUidLabel = "controller-uid";
const oldNameLabel = "job-name";

/** Jobs look for their own Pods alone: by uid, unless they are told otherwise. Upstream: generateSelector. */
function withSelector(job: V1Job): V1Job {
  const { spec, metadata } = job;
  const { name = "", uid = "" } = metadata;
  if (spec === undefined || spec.manualSelector === true) return job;
  const given = spec.template?.metadata?.labels;
  const labels = {
    [oldNameLabel]: name,
    [nameLabel]: name,
    [oldUidLabel]: uid,
    [uidLabel]: uid,
    ...given,
  };
  const selector = spec.selector ?? {};
  return {
    ...job,
    spec: {
      ...spec,
      template: { ...spec.template, metadata: { ...spec.template?.metadata, labels } },
      selector: { ...selector, matchLabels: { [uidLabel]: uid, ...selector.matchLabels } },
    },
  };
}
/** A Job without labels has those of its Pods. Upstream: SetDefaults_Job. */
function withLabels(job: V1Job): V1Job {
  const { metadata, spec } = job;
  const labels = spec?.template?.metadata?.labels;
  return labels === undefined || Object.keys(metadata.labels ?? {}).length > 0
    ? job
    : { ...job, metadata: { ...metadata, labels } };
}
/** Labels that came from the template by default follow it when its own are made. */
function withGenerated(job: V1Job): V1Job {
  const made = withSelector(job);
  const { labels } = job.metadata;
  if (labels === undefined || labels !== job.spec?.template?.metadata?.labels)
    return withLabels(made);
  const { labels: _old, ...metadata } = made.metadata;
  return withLabels({ ...made, metadata });
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
/** `isPrefixed`: the labels of newer versions must be there, too. */
function generatedSelector(errors: Errors, { metadata, spec }: V1Job, isPrefixed: boolean): void {
  if (spec === undefined || spec.manualSelector === true || spec.selector === undefined) return;
  const { uid = "", name = "" } = metadata;
  const expected = {
    [oldUidLabel]: uid,
    [oldNameLabel]: name,
    ...(isPrefixed ? { [uidLabel]: uid, [nameLabel]: name } : {}),
  };
  for (const [label, value] of Object.entries(expected))
    hasLabel(errors, spec.template, label, value);
  const parsed = selectorOf(spec.selector);
  if (parsed !== undefined && !matches(parsed, expected))
    errors.push(invalid(at.child("selector"), spec.selector, "`selector` not auto-generated"));
}

const nothing = {} as V1JobSpec;

function judged(job: V1Job, isPrefixed: boolean): Errors {
  const errors: Errors = [];
  const { metadata, spec = nothing } = job;
  generatedSelector(errors, job, isPrefixed);
  jobSpec(errors, at, spec);
  selection(errors, spec);
  const { name = "" } = metadata;
  const { completions: wanted = 0 } = spec;
  const last = `${name}-${wanted - 1}`;
  if (spec.completionMode === "Indexed" && wanted > 0 && dns1123Label(last).length > 0)
    errors.push(
      invalid(
        new FieldPath("metadata").child("name"),
        name,
        `will not able to create pod with invalid DNS label: ${last}`,
      ),
    );
  return errors;
}

/** Held without Pods, a Job may still be sent elsewhere, with other resources. Upstream: shouldAllowMutablePodTemplate. */
const isHeld = ({ spec, status }: V1Job): boolean =>
  spec?.suspend === true &&
  (status?.startTime === undefined || isTrue(status.conditions, "Suspended")) &&
  (status?.active ?? 0) === 0;

type Containers = V1PodSpec["containers"];
/** The old containers with the resources of the new ones of the same names. */
const withResources = (old: Containers, next: Containers | undefined): Containers =>
  next?.length === old.length
    ? old.map((one, i) =>
        next[i]?.name === one.name ? { ...one, resources: next[i]?.resources } : one,
      )
    : old;

/** The old Pods with what may be changed while none of them is there. */
function withDirectives(old: V1PodSpec, next: V1PodSpec): V1PodSpec {
  const { nodeAffinity: _old, ...others } = old.affinity ?? {};
  const affinity = {
    ...others,
    ...(next.affinity?.nodeAffinity === undefined
      ? {}
      : { nodeAffinity: next.affinity.nodeAffinity }),
  };
  const isBare = Object.keys(affinity).length === 0 && next.affinity === undefined;
  return {
    ...old,
    containers: withResources(old.containers ?? [], next.containers),
    initContainers: old.initContainers && withResources(old.initContainers, next.initContainers),
    affinity: isBare ? undefined : affinity,
    nodeSelector: next.nodeSelector,
    tolerations: next.tolerations,
    schedulingGates: next.schedulingGates,
  };
}
const noPods: V1PodSpec = { containers: [] };

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
  const { spec = nothing } = next;
  const { spec: old = nothing } = previous;
  const hadLabels = [nameLabel, uidLabel].every(
    (label) => old.template?.metadata?.labels?.[label] !== undefined,
  );
  const errors = judged(next, hadLabels);
  if (spec === old) return errors;
  completions(errors, spec, old);
  immutable(errors, at.child("selector"), spec.selector, old.selector);
  if (isHeld(previous)) {
    const pods = spec.template?.spec ?? noPods;
    immutable(
      errors,
      template.child("spec"),
      pods,
      withDirectives(old.template?.spec ?? noPods, pods),
    );
  } else immutable(errors, template, spec.template, old.template);
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
  orphans: {
    warning:
      "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning",
  },
  defaults: (object) => withLabels(change(object, "spec", jobSpecDefaults)),
  prepareForCreate: (object) => ({ ...withGenerated(withSupportedTemplate(object)), status: {} }),
  prepareForUpdate: withSupportedTemplate,
  validateCreate: (object) => judged(object, true),
  validateUpdate,
  validateStatusUpdate: jobStatus,
  specChanged: (next, previous) => !equal(next.spec, previous.spec),
  warnings(next, previous) {
    if (previous !== undefined && next.metadata.generation === previous.metadata.generation)
      return [];
    return [
      ...(previous === undefined ? hostnameWarnings(next.metadata.name, podNames) : []),
      ...jobWarnings(at, next.spec),
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
