/**
 * HorizontalPodAutoscaler, as autoscaling/v2 stores it. Upstream: pkg/registry/autoscaling/horizontalpodautoscaler,
 * pkg/apis/autoscaling/v2/defaults.go, pkg/apis/autoscaling/validation.
 */
import type {
  V2HorizontalPodAutoscaler,
  V2HPAScalingRules,
  V2MetricSpec,
} from "#apimachinery/api/autoscaling-v2.ts";
import { FieldPath, invalid, required } from "#apimachinery/field.ts";
import { column, columnsOf, doc } from "#apiserver/kinds/columns.ts";
import { at as change, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, notNegatives } from "#apiserver/kinds/rules/rule.ts";
import { targets } from "./metric-columns.ts";
import {
  behavior,
  describedNeed,
  type GroupNeed,
  metrics,
  type Reference,
  reference,
} from "./metric-rules.ts";

const at = new FieldPath("spec");
const usual: readonly V2MetricSpec[] = [
  {
    type: "Resource",
    resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
  },
];
const everything = { type: "Percent", value: 100, periodSeconds: 15 };
const up: V2HPAScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: "Max",
  policies: [{ type: "Pods", value: 4, periodSeconds: 15 }, everything],
};
const down: V2HPAScalingRules = { selectPolicy: "Max", policies: [everything] };

function judged(
  { spec }: V2HorizontalPodAutoscaler,
  before?: V2HorizontalPodAutoscaler["spec"],
): Errors {
  const errors: Errors = [];
  const { minReplicas, maxReplicas = 0, scaleTargetRef: target } = spec ?? {};
  if (minReplicas !== undefined && minReplicas < 1)
    errors.push(
      invalid(at.child("minReplicas"), minReplicas, "must be greater than or equal to 1"),
    );
  const most = at.child("maxReplicas");
  if (maxReplicas === 0) errors.push(required(most, "must be set and greater than 0"));
  else if (maxReplicas < 0)
    errors.push(invalid(most, maxReplicas, "must be greater than or equal to 1"));
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    errors.push(invalid(most, maxReplicas, "must be greater than or equal to `minReplicas`"));
  reference(errors, at.child("scaleTargetRef"), target, targetNeed(target, before?.scaleTargetRef));
  metrics(errors, at.child("metrics"), spec?.metrics, describedNeed(before?.metrics));
  behavior(errors, at.child("behavior"), spec?.behavior);
  return errors;
}
function targetNeed(next: Reference | undefined, before: Reference | undefined): GroupNeed {
  if (
    before !== undefined &&
    before.kind === next?.kind &&
    (before.apiVersion ?? "") === (next?.apiVersion ?? "")
  )
    return "ignored";
  // The one that scales and has no group.
  return next?.kind === "ReplicationController" ? "optional" : "required";
}

export const horizontalPodAutoscaler: Kind<V2HorizontalPodAutoscaler> = {
  gvk: "autoscaling/v2/HorizontalPodAutoscaler",
  defaults: (object) =>
    change(object, "spec", (spec) =>
      change(
        fill(spec, {
          minReplicas: 1,
          ...((spec.metrics ?? []).length === 0 ? { metrics: usual } : {}),
        }),
        "behavior",
        (given) => {
          const made = change(fill(given, { scaleUp: up, scaleDown: down }), "scaleUp", (rules) =>
            fill(rules, up),
          );
          return change(made, "scaleDown", (rules) => fill(rules, down));
        },
      ),
    ),
  prepareForCreate: ({ status: _status, ...object }) => ({
    ...object,
    status: { desiredReplicas: 0 },
  }),
  validateCreate: (object) => judged(object),
  validateUpdate: (next, { spec }) => judged(next, spec),
  validateStatusUpdate({ status }) {
    const errors: Errors = [];
    if (status !== undefined)
      notNegatives(errors, new FieldPath("status"), status, ["currentReplicas", "desiredReplicas"]);
    return errors;
  },
  columns: columnsOf(
    column(
      "Reference",
      "string",
      doc("autoscaling.v2.HorizontalPodAutoscalerSpec.scaleTargetRef"),
      ({ spec }: V2HorizontalPodAutoscaler) =>
        `${spec?.scaleTargetRef.kind}/${spec?.scaleTargetRef.name}`,
    ),
    column("Targets", "string", doc("autoscaling.v2.HorizontalPodAutoscalerSpec.metrics"), targets),
    column(
      "MinPods",
      "string",
      doc("autoscaling.v2.HorizontalPodAutoscalerSpec.minReplicas"),
      ({ spec }: V2HorizontalPodAutoscaler) => String(spec?.minReplicas ?? "<unset>"),
    ),
    column(
      "MaxPods",
      "string",
      doc("autoscaling.v2.HorizontalPodAutoscalerSpec.maxReplicas"),
      ({ spec }: V2HorizontalPodAutoscaler) => spec?.maxReplicas ?? 0,
    ),
    column(
      "Replicas",
      "string",
      doc("autoscaling.v2.HorizontalPodAutoscalerStatus.currentReplicas"),
      ({ status }: V2HorizontalPodAutoscaler) => status?.currentReplicas ?? 0,
    ),
  ),
};
