/** ReplicaSet. Upstream: pkg/registry/apps/replicaset/strategy.go, pkg/apis/apps/validation. */
import type { V1ReplicaSet, V1ReplicaSetSpec } from "#apimachinery/api/apps-v1.ts";
import type { FieldError } from "#apimachinery/field.ts";
import { ageColumn, nameColumn, replicaColumns } from "#apiserver/kinds/columns.ts";
import { podTemplateDefaults } from "#apiserver/kinds/core/pod-spec/defaults.ts";
import { withSupportedTemplate } from "#apiserver/kinds/core/pod-spec/prepare.ts";
import { lastingTemplate } from "#apiserver/kinds/core/pod-spec/validation.ts";
import { at as change, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, notNegative } from "#apiserver/kinds/rules/rule.ts";
import {
  scaled,
  selection,
  selectorFrozen,
  spec as at,
  statusCounts,
  template,
  templateColumns,
  workloadWarnings,
} from "./workload.ts";

const nothing = {} as V1ReplicaSetSpec;

function validate({ spec = nothing }: V1ReplicaSet): readonly FieldError[] {
  const errors: Errors = [];
  notNegative(errors, at.child("replicas"), spec.replicas);
  notNegative(errors, at.child("minReadySeconds"), spec.minReadySeconds);
  if (selection(errors, spec, { kind: "deployment", unreadable: "invalid label selector" }))
    lastingTemplate(errors, template, spec.template, "ReplicaSet");
  return errors;
}

export const replicaSet: Kind<V1ReplicaSet> = {
  gvk: "apps/v1/ReplicaSet",
  defaults: (object) =>
    change(object, "spec", (spec) =>
      change(fill(spec, { replicas: 1 }), "template", podTemplateDefaults),
    ),
  prepareForCreate: (object) => ({ ...withSupportedTemplate(object), status: { replicas: 0 } }),
  prepareForUpdate: withSupportedTemplate,
  validate,
  validateUpdate(next, previous) {
    const errors: Errors = [];
    selectorFrozen(errors, next, previous);
    return errors;
  },
  validateStatusUpdate({ status }) {
    const errors: Errors = [];
    const parts = ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"] as const;
    if (status !== undefined)
      statusCounts(
        errors,
        status,
        ["replicas", ...parts, "observedGeneration", "terminatingReplicas"],
        parts,
      );
    return errors;
  },
  warnings: workloadWarnings,
  columns: [
    nameColumn,
    ...replicaColumns("apps.v1.ReplicaSet"),
    ageColumn,
    ...templateColumns("apps.v1.ReplicaSet"),
  ],
  scale: scaled,
};
