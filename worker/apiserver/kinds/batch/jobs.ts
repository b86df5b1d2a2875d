/** Job and CronJob: served and shown; nothing acts on them yet. Upstream: pkg/registry/batch. */
import type { V1CronJob, V1Job } from "#apimachinery/api/batch-v1.ts";
import { humanDuration } from "#apimachinery/duration.ts";
import { selectorText } from "#apimachinery/selector.ts";
import { msOf } from "#apimachinery/time.ts";
import {
  ageColumn,
  column,
  imagesOf,
  nameColumn,
  namesOf,
  since,
  wide,
} from "#apiserver/kinds/columns.ts";
import { at as change, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { podTemplateDefaults } from "#apiserver/kinds/core/pod-spec/defaults.ts";

function jobStatus({ status, metadata }: V1Job): string {
  const is = (type: string): boolean =>
    status?.conditions?.some((one) => one.type === type && one.status === "True") === true;
  if (is("Complete")) return "Complete";
  if (is("Failed")) return "Failed";
  if (metadata.deletionTimestamp !== undefined) return "Terminating";
  if (is("Suspended")) return "Suspended";
  return is("FailureTarget")
    ? "FailureTarget"
    : is("SuccessCriteriaMet")
      ? "SuccessCriteriaMet"
      : "Running";
}
function completions({ spec, status }: V1Job): string {
  const done = status?.succeeded ?? 0;
  if (spec?.completions !== undefined) return `${done}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`;
}
const duration = ({ status }: V1Job, nowMs: number): string => {
  if (!status?.startTime) return "";
  return humanDuration(
    (status.completionTime ? msOf(status.completionTime) : nowMs) - msOf(status.startTime),
  );
};

export const job: Kind<V1Job> = {
  gvk: "batch/v1/Job",
  defaults: (object) =>
    change(object, "spec", (given) => {
      const both =
        given.completions === undefined && given.parallelism === undefined
          ? { completions: 1, parallelism: 1 }
          : { parallelism: 1 };
      return change(
        fill(given, {
          ...both,
          backoffLimit: 6,
          completionMode: "NonIndexed",
          suspend: false,
          podReplacementPolicy: "TerminatingOrFailed",
          manualSelector: false,
        }),
        "template",
        podTemplateDefaults,
      );
    }),
  columns: [
    nameColumn,
    column("Status", "string", "How far it is.", jobStatus),
    column("Completions", "string", "Pods that succeeded, of those wanted.", completions),
    column("Duration", "string", "How long it has run.", duration),
    ageColumn,
    wide("Containers", "Names of the template's containers.", ({ spec }) =>
      namesOf(spec?.template.spec?.containers),
    ),
    wide("Images", "Images of the template's containers.", ({ spec }) =>
      imagesOf(spec?.template.spec?.containers),
    ),
    wide("Selector", "Which Pods belong to it.", ({ spec }) => selectorText(spec?.selector)),
  ],
  fields: { "status.successful": ({ status }) => String(status?.succeeded ?? 0) },
};

export const cronJob: Kind<V1CronJob> = {
  gvk: "batch/v1/CronJob",
  defaults: (object) =>
    change(object, "spec", (given) =>
      change(
        fill(given, {
          concurrencyPolicy: "Allow",
          suspend: false,
          successfulJobsHistoryLimit: 3,
          failedJobsHistoryLimit: 1,
        }),
        "jobTemplate",
        (template) =>
          change(template, "spec", (spec) => change(spec, "template", podTemplateDefaults)),
      ),
    ),
  columns: [
    nameColumn,
    column(
      "Schedule",
      "string",
      "When it runs, in cron's words.",
      ({ spec }) => spec?.schedule ?? "",
    ),
    column("Timezone", "string", "Whose time that is.", ({ spec }) => spec?.timeZone ?? "<none>"),
    column("Suspend", "boolean", "Whether it is held.", ({ spec }) => spec?.suspend ?? false),
    column(
      "Active",
      "integer",
      "Jobs that run now.",
      ({ status }) => (status?.active ?? []).length,
    ),
    column("Last Schedule", "string", "When it ran last.", ({ status }, nowMs) =>
      status?.lastScheduleTime ? since(status.lastScheduleTime, nowMs) : "<none>",
    ),
    ageColumn,
    wide("Containers", "Names of the template's containers.", ({ spec }) =>
      namesOf(spec?.jobTemplate.spec?.template.spec?.containers),
    ),
    wide("Images", "Images of the template's containers.", ({ spec }) =>
      imagesOf(spec?.jobTemplate.spec?.template.spec?.containers),
    ),
  ],
};
