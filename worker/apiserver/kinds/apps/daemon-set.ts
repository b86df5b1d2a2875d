/** DaemonSet. Upstream: pkg/registry/apps/daemonset/strategy.go. */
import type { V1DaemonSet, V1DaemonSetSpec } from "#apimachinery/api/apps-v1.ts";
import { type FieldError, FieldPath } from "#apimachinery/field.ts";
import { ageColumn, column, labelsText, nameColumn } from "#apiserver/kinds/columns.ts";
import { at as change, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { podTemplateDefaults } from "#apiserver/kinds/core/pod-spec/defaults.ts";
import { notNegative, selectorFrozen, templateColumns, workloadErrors } from "./workload.ts";

const at = new FieldPath("spec");

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
const zero = {
  currentNumberScheduled: 0,
  desiredNumberScheduled: 0,
  numberMisscheduled: 0,
  numberReady: 0,
};

export const daemonSet: Kind<V1DaemonSet> = {
  gvk: "apps/v1/DaemonSet",
  defaults: (object) => change(object, "spec", specDefaults),
  prepareForCreate: ({ status: _status, ...object }) => ({ ...object, status: zero }),
  validate(object) {
    const errors: FieldError[] = [];
    notNegative(errors, at.child("minReadySeconds"), object.spec?.minReadySeconds);
    notNegative(errors, at.child("revisionHistoryLimit"), object.spec?.revisionHistoryLimit);
    return [...workloadErrors(object), ...errors];
  },
  validateUpdate: selectorFrozen,
  columns: [
    nameColumn,
    column(
      "Desired",
      "integer",
      "Nodes that should run its Pod.",
      ({ status }) => status?.desiredNumberScheduled ?? 0,
    ),
    column(
      "Current",
      "integer",
      "Nodes that run its Pod and should.",
      ({ status }) => status?.currentNumberScheduled ?? 0,
    ),
    column(
      "Ready",
      "integer",
      "Nodes whose Pod is ready.",
      ({ status }) => status?.numberReady ?? 0,
    ),
    column(
      "Up-to-date",
      "integer",
      "Nodes whose Pod is of the newest template.",
      ({ status }) => status?.updatedNumberScheduled ?? 0,
    ),
    column(
      "Available",
      "integer",
      "Nodes whose Pod is available.",
      ({ status }) => status?.numberAvailable ?? 0,
    ),
    column("Node Selector", "string", "Which nodes it is for.", ({ spec }) =>
      labelsText(spec?.template.spec?.nodeSelector),
    ),
    ageColumn,
    ...templateColumns,
  ],
};
