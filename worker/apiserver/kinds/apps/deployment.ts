/** Deployment. Upstream: pkg/registry/apps/deployment/strategy.go, pkg/apis/apps/v1/defaults.go, pkg/apis/apps/validation. */
import type { V1Deployment, V1DeploymentSpec } from "#apimachinery/api/apps-v1.ts";
import {
  type FieldError,
  FieldPath,
  forbidden,
  invalid,
  unsupported,
} from "#apimachinery/field.ts";
import { ageColumn, column, nameColumn } from "#apiserver/kinds/columns.ts";
import { at as change, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { podTemplateDefaults } from "#apiserver/kinds/core/pod-spec/defaults.ts";
import {
  notNegative,
  scaled,
  selectorFrozen,
  templateColumns,
  workloadErrors,
} from "./workload.ts";

const at = new FieldPath("spec");

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

/** A number or a percentage, as text to judge. */
function countProblem(
  value: number | string | undefined,
  mostPercent: boolean,
): string | undefined {
  if (typeof value === "number")
    return value < 0 ? "must be greater than or equal to 0" : undefined;
  if (value === undefined) return undefined;
  if (!/^\d+%$/.test(value))
    return "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%', or '93%', regex used for validation is '[0-9]+%')";
  return mostPercent && Number.parseInt(value, 10) > 100
    ? "must not be greater than 100%"
    : undefined;
}

function strategyErrors(spec: V1DeploymentSpec): readonly FieldError[] {
  const { type, rollingUpdate } = spec.strategy ?? {};
  const here = at.child("strategy");
  if (type === "Recreate") {
    return rollingUpdate === undefined
      ? []
      : [
          forbidden(
            here.child("rollingUpdate"),
            "may not be specified when strategy `type` is 'Recreate'",
          ),
        ];
  }
  if (type !== "RollingUpdate")
    return [unsupported(here.child("type"), type, ["Recreate", "RollingUpdate"])];
  const errors: FieldError[] = [];
  const { maxSurge, maxUnavailable } = rollingUpdate ?? {};
  const surge = countProblem(maxSurge, false);
  const unavailable = countProblem(maxUnavailable, true);
  if (unavailable !== undefined)
    errors.push(
      invalid(here.child("rollingUpdate", "maxUnavailable"), maxUnavailable, unavailable),
    );
  if (surge !== undefined)
    errors.push(invalid(here.child("rollingUpdate", "maxSurge"), maxSurge, surge));
  const isZero = (value: number | string | undefined): boolean => value === 0 || value === "0%";
  if (isZero(maxSurge) && isZero(maxUnavailable))
    errors.push(
      invalid(
        here.child("rollingUpdate", "maxUnavailable"),
        maxUnavailable,
        "may not be 0 when `maxSurge` is 0",
      ),
    );
  return errors;
}

function validate(object: V1Deployment): readonly FieldError[] {
  const { spec } = object;
  const errors: FieldError[] = [];
  notNegative(errors, at.child("replicas"), spec?.replicas);
  errors.push(...workloadErrors(object));
  if (spec === undefined) return errors;
  errors.push(...strategyErrors(spec));
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
  defaults: (object) => change(object, "spec", specDefaults),
  validate,
  validateUpdate: selectorFrozen,
  columns: [
    nameColumn,
    column(
      "Ready",
      "string",
      "Ready Pods, of those wanted.",
      ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
    ),
    column(
      "Up-to-date",
      "integer",
      "Pods of the newest template.",
      ({ status }) => status?.updatedReplicas ?? 0,
    ),
    column(
      "Available",
      "integer",
      "Pods ready for at least minReadySeconds.",
      ({ status }) => status?.availableReplicas ?? 0,
    ),
    ageColumn,
    ...templateColumns,
  ],
  scale: scaled,
};
