/** PodDisruptionBudget. Upstream: pkg/registry/policy/poddisruptionbudget/strategy.go, pkg/apis/policy/validation. */
import type { V1PodDisruptionBudget } from "#apimachinery/api/policy-v1.ts";
import { type FieldError, FieldPath, invalid } from "#apimachinery/field.ts";
import { column, columnsOf } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { conditions } from "#apiserver/kinds/rules/condition.ts";
import { count, notMoreThanAll } from "#apiserver/kinds/rules/count.ts";
import { asInternal } from "#apiserver/kinds/rules/internal.ts";
import { type Errors, notNegatives, oneOfIfAny } from "#apiserver/kinds/rules/rule.ts";
import { labelSelector } from "#apiserver/kinds/rules/selector.ts";

const at = new FieldPath("spec");
const none = "N/A";

function validate({ spec = {} }: V1PodDisruptionBudget): readonly FieldError[] {
  const errors: Errors = [];
  const { minAvailable, maxUnavailable, selector } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined)
    errors.push(
      invalid(
        at,
        asInternal(spec, [
          "minAvailable",
          "selector",
          "maxUnavailable",
          "unhealthyPodEvictionPolicy",
        ]),
        "minAvailable and maxUnavailable cannot be both set",
      ),
    );
  for (const [name, value] of [
    ["minAvailable", minAvailable],
    ["maxUnavailable", maxUnavailable],
  ] as const) {
    count(errors, at.child(name), value);
    notMoreThanAll(errors, at.child(name), value);
  }
  labelSelector(errors, at.child("selector"), selector);
  oneOfIfAny(errors, at.child("unhealthyPodEvictionPolicy"), spec.unhealthyPodEvictionPolicy, [
    "AlwaysAllow",
    "IfHealthyBudget",
  ]);
  return errors;
}

export const podDisruptionBudget: Kind<V1PodDisruptionBudget> = {
  gvk: "policy/v1/PodDisruptionBudget",
  unconditionalUpdate: false,
  prepareForCreate: ({ status: _status, ...object }) => ({
    ...object,
    status: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
  }),
  validate,
  validateStatusUpdate({ status }) {
    const errors: Errors = [];
    if (status === undefined) return errors;
    const here = new FieldPath("status");
    conditions(errors, here.child("conditions"), status.conditions);
    notNegatives(errors, here, status, [
      "disruptionsAllowed",
      "currentHealthy",
      "desiredHealthy",
      "expectedPods",
    ]);
    return errors;
  },
  columns: columnsOf(
    column(
      "Min Available",
      "string",
      "The minimum number of pods that must be available.",
      ({ spec }: V1PodDisruptionBudget) => String(spec?.minAvailable ?? none),
    ),
    column(
      "Max Unavailable",
      "string",
      "The maximum number of pods that may be unavailable.",
      ({ spec }: V1PodDisruptionBudget) => String(spec?.maxUnavailable ?? none),
    ),
    column(
      "Allowed Disruptions",
      "integer",
      "Calculated number of pods that may be disrupted at this time.",
      ({ status }: V1PodDisruptionBudget) => status?.disruptionsAllowed ?? 0,
    ),
  ),
};
