/** DaemonSet. Upstream: pkg/registry/apps/daemonset/strategy.go, pkg/apis/apps/validation. */
import type { V1DaemonSet, V1DaemonSetSpec } from "#apimachinery/api/apps-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldError, invalid, required, unsupported } from "#apimachinery/field.ts";
import { ageColumn, column, labelsText, nameColumn, doc } from "#apiserver/kinds/columns.ts";
import { podTemplateDefaults } from "#apiserver/kinds/core/pod-spec/defaults.ts";
import { withSupportedTemplate } from "#apiserver/kinds/core/pod-spec/prepare.ts";
import { lastingTemplate } from "#apiserver/kinds/core/pod-spec/validation.ts";
import { at as change, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { count, countOf, notMoreThanAll } from "#apiserver/kinds/rules/count.ts";
import { type Errors, notNegative, notNegatives } from "#apiserver/kinds/rules/rule.ts";
import {
  notDecremented,
  selection,
  selectorFrozen,
  spec as at,
  status as statusAt,
  template,
  templateColumns,
  workloadWarnings,
} from "./workload.ts";

function specDefaults(given: V1DaemonSetSpec): V1DaemonSetSpec {
  let spec = fill(given, { revisionHistoryLimit: 10, updateStrategy: { type: "RollingUpdate" } });
  spec = change(spec, "updateStrategy", (strategy) => {
    const typed = fill(strategy, { type: "RollingUpdate" });
    if (typed.type !== "RollingUpdate") return typed;
    return change(fill(typed, { rollingUpdate: {} }), "rollingUpdate", (rolling) =>
      fill(rolling, { maxSurge: 0, maxUnavailable: 1 }),
    );
  });
  return change(spec, "template", podTemplateDefaults);
}

function strategy(errors: Errors, { updateStrategy }: V1DaemonSetSpec): void {
  const { type, rollingUpdate } = updateStrategy ?? {};
  const here = at.child("updateStrategy");
  const rolling = here.child("rollingUpdate");
  if (type === "OnDelete") return;
  if (type !== "RollingUpdate") {
    const shown = { Type: type ?? "", RollingUpdate: rollingUpdate ?? null };
    errors.push(unsupported(here, shown, ["RollingUpdate", "OnDelete"], "listed"));
    return;
  }
  if (rollingUpdate === undefined) {
    errors.push(required(rolling));
    return;
  }
  const { maxSurge, maxUnavailable } = rollingUpdate;
  count(errors, rolling.child("maxUnavailable"), maxUnavailable);
  count(errors, rolling.child("maxSurge"), maxSurge);
  notMoreThanAll(errors, rolling.child("maxUnavailable"), maxUnavailable);
  notMoreThanAll(errors, rolling.child("maxSurge"), maxSurge);
  const surges = countOf(maxSurge) !== 0;
  const goesDown = countOf(maxUnavailable) !== 0;
  if (surges && goesDown)
    errors.push(
      invalid(
        rolling.child("maxSurge"),
        maxSurge,
        "may not be set when maxUnavailable is non-zero",
      ),
    );
  if (!surges && !goesDown)
    errors.push(required(rolling.child("maxUnavailable"), "cannot be 0 when maxSurge is 0"));
}

const nothing = {} as V1DaemonSetSpec;

function validate({ spec = nothing }: V1DaemonSet): readonly FieldError[] {
  const errors: Errors = [];
  selection(errors, spec, { kind: "daemonset", optional: true });
  lastingTemplate(errors, template, spec.template, "DaemonSet");
  notNegative(errors, at.child("minReadySeconds"), spec.minReadySeconds);
  strategy(errors, spec);
  notNegative(errors, at.child("revisionHistoryLimit"), spec.revisionHistoryLimit);
  return errors;
}

const zero = {
  currentNumberScheduled: 0,
  desiredNumberScheduled: 0,
  numberMisscheduled: 0,
  numberReady: 0,
};
const counts = [
  "currentNumberScheduled",
  "numberMisscheduled",
  "desiredNumberScheduled",
  "numberReady",
  "observedGeneration",
  "updatedNumberScheduled",
  "numberAvailable",
  "numberUnavailable",
  "collisionCount",
] as const;

/** Kept for clients of older versions, where it was a field. Upstream: pkg/apis/apps/v1/conversion.go. */
const templateGeneration = "deprecated.daemonset.template.generation";
const generationOf = ({ metadata }: V1DaemonSet): number =>
  Number(metadata.annotations?.[templateGeneration] ?? 0) || 0;
function withTemplateGeneration(object: V1DaemonSet, value: number): V1DaemonSet {
  const { metadata } = object;
  if (metadata.annotations?.[templateGeneration] === String(value)) return object;
  const annotations = { ...metadata.annotations, [templateGeneration]: String(value) };
  return { ...object, metadata: { ...metadata, annotations } };
}

export const daemonSet: Kind<V1DaemonSet> = {
  gvk: "apps/v1/DaemonSet",
  defaults: (object) => change(object, "spec", specDefaults),
  prepareForCreate: (object) =>
    withTemplateGeneration(
      { ...withSupportedTemplate(object), status: zero },
      Math.max(1, generationOf(object)),
    ),
  prepareForUpdate: (next, previous) =>
    withTemplateGeneration(
      withSupportedTemplate(next),
      Math.max(1, generationOf(previous)) +
        (equal(next.spec?.template, previous.spec?.template) ? 0 : 1),
    ),
  validate,
  validateUpdate(next, previous) {
    const errors: Errors = [];
    selectorFrozen(errors, next, previous);
    return errors;
  },
  validateStatusUpdate({ status }, previous) {
    const errors: Errors = [];
    if (status !== undefined) notNegatives(errors, statusAt, status, counts);
    notDecremented(errors, status, previous.status);
    return errors;
  },
  warnings: (next, previous) =>
    equal(next.spec?.template, previous?.spec?.template)
      ? []
      : workloadWarnings(next, previous, false),
  columns: [
    nameColumn,
    column(
      "Desired",
      "integer",
      doc("apps.v1.DaemonSetStatus.desiredNumberScheduled"),
      ({ status }) => status?.desiredNumberScheduled ?? 0,
    ),
    column(
      "Current",
      "integer",
      doc("apps.v1.DaemonSetStatus.currentNumberScheduled"),
      ({ status }) => status?.currentNumberScheduled ?? 0,
    ),
    column(
      "Ready",
      "integer",
      doc("apps.v1.DaemonSetStatus.numberReady"),
      ({ status }) => status?.numberReady ?? 0,
    ),
    column(
      "Up-to-date",
      "integer",
      doc("apps.v1.DaemonSetStatus.updatedNumberScheduled"),
      ({ status }) => status?.updatedNumberScheduled ?? 0,
    ),
    column(
      "Available",
      "integer",
      doc("apps.v1.DaemonSetStatus.numberAvailable"),
      ({ status }) => status?.numberAvailable ?? 0,
    ),
    column("Node Selector", "string", doc("core.v1.PodSpec.nodeSelector"), ({ spec }) =>
      labelsText(spec?.template.spec?.nodeSelector),
    ),
    ageColumn,
    ...templateColumns("apps.v1.DaemonSet"),
  ],
};
