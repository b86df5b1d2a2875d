/** Deployment. Upstream: pkg/registry/apps/deployment/strategy.go, pkg/apis/apps/v1/defaults.go, pkg/apis/apps/validation. */
import type { V1Deployment, V1DeploymentSpec } from "#apimachinery/api/apps-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldError, forbidden, invalid, required, unsupported } from "#apimachinery/field.ts";
import { ageColumn, column, nameColumn, doc } from "#apiserver/kinds/columns.ts";
import { podTemplateDefaults } from "#apiserver/kinds/core/pod-spec/defaults.ts";
import { withSupportedTemplate } from "#apiserver/kinds/core/pod-spec/prepare.ts";
import { lastingTemplate } from "#apiserver/kinds/core/pod-spec/validation.ts";
import { at as change, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { count, countOf, notMoreThanAll } from "#apiserver/kinds/rules/count.ts";
import { type Errors, notNegative } from "#apiserver/kinds/rules/rule.ts";
import {
  notDecremented,
  scaled,
  selection,
  selectorFrozen,
  spec as at,
  statusCounts,
  template,
  templateColumns,
  workloadWarnings,
} from "./workload.ts";

function specDefaults(given: V1DeploymentSpec): V1DeploymentSpec {
  let spec = fill(given, {
    replicas: 1,
    strategy: { type: "RollingUpdate" },
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  });
  spec = change(spec, "strategy", (strategy) => {
    const typed = fill(strategy, { type: "RollingUpdate" });
    if (typed.type !== "RollingUpdate") return typed;
    return change(fill(typed, { rollingUpdate: {} }), "rollingUpdate", (rolling) =>
      fill(rolling, { maxSurge: "25%", maxUnavailable: "25%" }),
    );
  });
  return change(spec, "template", podTemplateDefaults);
}

function strategy(errors: Errors, spec: V1DeploymentSpec): void {
  const { type, rollingUpdate } = spec.strategy ?? {};
  const here = at.child("strategy");
  const rolling = here.child("rollingUpdate");
  if (type === "Recreate") {
    if (rollingUpdate !== undefined)
      errors.push(forbidden(rolling, "may not be specified when strategy `type` is 'Recreate'"));
  } else if (type !== "RollingUpdate") {
    const shown = { Type: type ?? "", RollingUpdate: rollingUpdate ?? null };
    errors.push(unsupported(here, shown, ["Recreate", "RollingUpdate"], "listed"));
  } else if (rollingUpdate === undefined)
    errors.push(required(rolling, "this should be defaulted and never be nil"));
  else {
    const { maxSurge, maxUnavailable } = rollingUpdate;
    count(errors, rolling.child("maxUnavailable"), maxUnavailable);
    count(errors, rolling.child("maxSurge"), maxSurge);
    if (countOf(maxUnavailable) === 0 && countOf(maxSurge) === 0)
      errors.push(
        invalid(
          rolling.child("maxUnavailable"),
          maxUnavailable,
          "may not be 0 when `maxSurge` is 0",
        ),
      );
    notMoreThanAll(errors, rolling.child("maxUnavailable"), maxUnavailable);
  }
}

const nothing = {} as V1DeploymentSpec;

function validate({ spec = nothing }: V1Deployment): readonly FieldError[] {
  const errors: Errors = [];
  notNegative(errors, at.child("replicas"), spec.replicas);
  if (selection(errors, spec, { kind: "deployment", unreadable: "invalid label selector" }))
    lastingTemplate(errors, template, spec.template, "ReplicaSet");
  strategy(errors, spec);
  notNegative(errors, at.child("minReadySeconds"), spec.minReadySeconds);
  notNegative(errors, at.child("revisionHistoryLimit"), spec.revisionHistoryLimit);
  const { progressDeadlineSeconds: deadline, minReadySeconds = 0 } = spec;
  notNegative(errors, at.child("progressDeadlineSeconds"), deadline);
  if (deadline !== undefined && deadline <= minReadySeconds)
    errors.push(
      invalid(
        at.child("progressDeadlineSeconds"),
        deadline,
        "must be greater than minReadySeconds",
      ),
    );
  return errors;
}

export const deployment: Kind<V1Deployment> = {
  gvk: "apps/v1/Deployment",
  statusKeeps: ["labels"],
  defaults: (object) => change(object, "spec", specDefaults),
  prepareForCreate: ({ status: _status, ...object }) => ({
    ...withSupportedTemplate(object),
    status: {},
  }),
  prepareForUpdate: withSupportedTemplate,
  // Its ReplicaSets get its annotations.
  specChanged: ({ spec, metadata }, { spec: oldSpec, metadata: old }) =>
    !equal(spec, oldSpec) || !equal(metadata.annotations ?? {}, old.annotations ?? {}),
  validate,
  validateUpdate(next, previous) {
    const errors: Errors = [];
    selectorFrozen(errors, next, previous);
    return errors;
  },
  validateStatusUpdate({ status = {} }, previous) {
    const errors: Errors = [];
    const parts = ["updatedReplicas", "readyReplicas", "availableReplicas"] as const;
    statusCounts(
      errors,
      status,
      [
        "observedGeneration",
        "replicas",
        ...parts,
        "unavailableReplicas",
        "terminatingReplicas",
        "collisionCount",
      ],
      parts,
    );
    notDecremented(errors, status, previous.status);
    return errors;
  },
  warnings: workloadWarnings,
  columns: [
    nameColumn,
    column(
      "Ready",
      "string",
      "Number of the pod with ready state",
      ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
    ),
    column(
      "Up-to-date",
      "string",
      doc("apps.v1.DeploymentStatus.updatedReplicas"),
      ({ status }) => status?.updatedReplicas ?? 0,
    ),
    column(
      "Available",
      "string",
      doc("apps.v1.DeploymentStatus.availableReplicas"),
      ({ status }) => status?.availableReplicas ?? 0,
    ),
    ageColumn,
    ...templateColumns("apps.v1.Deployment"),
  ],
  scale: scaled,
};
