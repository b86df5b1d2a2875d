/** CronJob. Upstream: pkg/registry/batch/cronjob/strategy.go, pkg/apis/batch/validation/validation.go. */
import type { V1CronJob, V1CronJobSpec } from "#apimachinery/api/batch-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldError, FieldPath, invalid, required, unsupported } from "#apimachinery/field.ts";
import { selectorText } from "#apimachinery/selector.ts";
import {
  ageColumn,
  column,
  containerColumns,
  nameColumn,
  orNone,
  since,
  wide,
  doc,
} from "#apiserver/kinds/columns.ts";
import { supportedTemplate } from "#apiserver/kinds/core/pod-spec/prepare.ts";
import { hostnameWarnings, podNames } from "#apiserver/kinds/core/pod-spec/warnings.ts";
import { at as change, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, notNegatives, oneInOrder } from "#apiserver/kinds/rules/rule.ts";
import { jobSpec, jobSpecDefaults, jobWarnings } from "./job-spec.ts";
import { scheduleProblem } from "./schedule.ts";

const at = new FieldPath("spec");
const longestName = 52;

function specDefaults(given: V1CronJobSpec): V1CronJobSpec {
  const spec = fill(given, {
    concurrencyPolicy: "Allow",
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  });
  // A Job's own defaults come with the Job; those of its Pods stand here already.
  return change(spec, "jobTemplate", (job) =>
    change(job, "spec", (inner) => {
      const { template } = jobSpecDefaults(inner);
      return template === inner.template ? inner : { ...inner, template };
    }),
  );
}

function schedule(errors: Errors, spec: V1CronJobSpec, mayHaveZone: boolean): void {
  const here = at.child("schedule");
  const { schedule: text = "", timeZone } = spec;
  if (text === "") {
    errors.push(required(here));
    return;
  }
  const problem = scheduleProblem(text);
  if (problem !== undefined) errors.push(invalid(here, text, problem));
  if (!text.includes("TZ")) return;
  if (!mayHaveZone)
    errors.push(
      invalid(here, text, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"),
    );
  else if (timeZone !== undefined)
    errors.push(
      invalid(here, text, "cannot use both timeZone field and TZ or CRON_TZ in schedule"),
    );
}

const zonePart = /^[A-Za-z.\-_0-9+]{1,14}$/;
/** As Go finds zones: by their exact name. */
function isZone(name: string): boolean {
  try {
    const { timeZone: known } = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    return known === name || known.toLowerCase() !== name.toLowerCase();
  } catch {
    return name === "Local";
  }
}
function timeZone(errors: Errors, name: string): void {
  const here = at.child("timeZone");
  const isPart = (part: string): boolean =>
    part !== "." && part !== ".." && !part.startsWith("-") && zonePart.test(part);
  const unknown = invalid(here, name, `unknown time zone ${name}`);
  if (name === "") errors.push(invalid(here, name, "timeZone must be nil or non-empty string"));
  else if (!name.split("/").every(isPart)) errors.push(unknown);
  else {
    if (name.toLowerCase() === "local")
      errors.push(
        invalid(
          here,
          name,
          "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones",
        ),
      );
    if (!isZone(name)) errors.push(unknown);
  }
}

function jobTemplate(errors: Errors, { jobTemplate: template }: V1CronJobSpec): void {
  const here = at.child("jobTemplate", "spec");
  const spec = template?.spec;
  jobSpec(errors, here, spec ?? { template: {} });
  if (spec?.selector !== undefined)
    errors.push(
      invalid(here.child("selector"), spec.selector, "`selector` will be auto-generated"),
    );
  if (spec?.manualSelector === true)
    errors.push(unsupported(here.child("manualSelector"), true, ["nil", "false"], "listed"));
}

function specErrors(spec: V1CronJobSpec, old: V1CronJobSpec | undefined): readonly FieldError[] {
  const errors: Errors = [];
  schedule(errors, spec, old?.schedule.includes("TZ") === true);
  notNegatives(errors, at, spec, ["startingDeadlineSeconds"]);
  if (spec.timeZone !== undefined && spec.timeZone !== old?.timeZone)
    timeZone(errors, spec.timeZone);
  oneInOrder(errors, at.child("concurrencyPolicy"), spec.concurrencyPolicy, [
    "Allow",
    "Forbid",
    "Replace",
  ]);
  jobTemplate(errors, spec);
  notNegatives(errors, at, spec, ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"]);
  return errors;
}

const nothing: V1CronJobSpec = { schedule: "", jobTemplate: {} };
const supported = (object: V1CronJob): V1CronJob =>
  change(object, "spec", (spec) =>
    change(spec, "jobTemplate", (job) =>
      change(job, "spec", (inner) => change(inner, "template", supportedTemplate)),
    ),
  );

export const cronJob: Kind<V1CronJob> = {
  gvk: "batch/v1/CronJob",
  defaults: (object) => change(object, "spec", specDefaults),
  prepareForCreate: (object) => ({ ...supported(object), status: {} }),
  prepareForUpdate: supported,
  validateCreate({ metadata, spec = nothing }) {
    const { name = "" } = metadata;
    const here = new FieldPath("metadata").child("name");
    return [
      ...specErrors(spec, undefined),
      ...(name.length > longestName
        ? [invalid(here, name, `must be no more than ${longestName} characters`)]
        : []),
    ];
  },
  validateUpdate: ({ spec = nothing }, { spec: old }) => specErrors(spec, old),
  warnings(next, previous) {
    const { spec } = next;
    return [
      ...(previous === undefined ? hostnameWarnings(next.metadata.name, podNames) : []),
      ...(previous === undefined || !equal(spec, previous.spec)
        ? jobWarnings(at.child("jobTemplate", "spec"), spec?.jobTemplate?.spec)
        : []),
      ...(previous !== undefined && spec?.schedule.includes("TZ") === true
        ? [
            // The path is upstream's.
            "cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details",
          ]
        : []),
    ];
  },
  columns: [
    nameColumn,
    column(
      "Schedule",
      "string",
      doc("batch.v1.CronJobSpec.schedule"),
      ({ spec }) => spec?.schedule ?? "",
    ),
    column(
      "Timezone",
      "string",
      doc("batch.v1.CronJobSpec.timeZone"),
      ({ spec }) => spec?.timeZone ?? "<none>",
    ),
    column("Suspend", "boolean", doc("batch.v1.CronJobSpec.suspend"), ({ spec }) =>
      spec?.suspend === undefined ? "<unset>" : spec.suspend ? "True" : "False",
    ),
    column(
      "Active",
      "integer",
      doc("batch.v1.CronJobStatus.active"),
      ({ status }) => (status?.active ?? []).length,
    ),
    column(
      "Last Schedule",
      "string",
      doc("batch.v1.CronJobStatus.lastScheduleTime"),
      ({ status }, nowMs) =>
        status?.lastScheduleTime ? since(status.lastScheduleTime, nowMs) : "<none>",
    ),
    ageColumn,
    ...containerColumns<V1CronJob>(({ spec }) => spec?.jobTemplate.spec?.template.spec?.containers),
    wide("Selector", doc("batch.v1.JobSpec.selector"), ({ spec }) =>
      orNone(selectorText(spec?.jobTemplate.spec?.selector)),
    ),
  ],
};
