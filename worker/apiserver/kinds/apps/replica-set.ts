/** ReplicaSet. Upstream: pkg/registry/apps/replicaset/strategy.go. */
import type { V1ReplicaSet } from "#apimachinery/api/apps-v1.ts";
import { type FieldError, FieldPath } from "#apimachinery/field.ts";
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

export const replicaSet: Kind<V1ReplicaSet> = {
  gvk: "apps/v1/ReplicaSet",
  defaults: (object) =>
    change(object, "spec", (spec) =>
      change(fill(spec, { replicas: 1 }), "template", podTemplateDefaults),
    ),
  prepareForCreate: ({ status: _status, ...object }) => ({ ...object, status: { replicas: 0 } }),
  validate(object) {
    const errors: FieldError[] = [];
    notNegative(errors, at.child("replicas"), object.spec?.replicas);
    notNegative(errors, at.child("minReadySeconds"), object.spec?.minReadySeconds);
    return [...errors, ...workloadErrors(object)];
  },
  validateUpdate: selectorFrozen,
  columns: [
    nameColumn,
    column("Desired", "integer", "Pods wanted.", ({ spec }) => spec?.replicas ?? 0),
    column("Current", "integer", "Pods there are.", ({ status }) => status?.replicas ?? 0),
    column("Ready", "integer", "Pods that are ready.", ({ status }) => status?.readyReplicas ?? 0),
    ageColumn,
    ...templateColumns,
  ],
  fields: { "status.replicas": ({ status }) => String(status?.replicas ?? 0) },
  scale: scaled,
};
