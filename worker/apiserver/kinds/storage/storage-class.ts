/** StorageClass. Upstream: pkg/registry/storage/storageclass/strategy.go, pkg/apis/storage/validation. */
import type { V1TopologySelectorTerm } from "#apimachinery/api/core-v1.ts";
import type { V1StorageClass } from "#apimachinery/api/storage-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { duplicate, FieldPath, required } from "#apimachinery/field.ts";
import { qualifiedName } from "#apimachinery/names.ts";
import { ageColumn, column, doc, markedDefault } from "#apiserver/kinds/columns.ts";
import { fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { oldLabelWarnings } from "#apiserver/kinds/rules/old-labels.ts";
import { type Errors, immutable, named, oneOfIfAny } from "#apiserver/kinds/rules/rule.ts";
import { parameters } from "./parameters.ts";
import { provisioner } from "./provisioner.ts";

const policies = ["Delete", "Retain"];
const modes = ["Immediate", "WaitForFirstConsumer"];

function topology(errors: Errors, at: FieldPath, term: V1TopologySelectorTerm): void {
  const keys = new Set<string>();
  for (const [i, { key, values = [] }] of (term.matchLabelExpressions ?? []).entries()) {
    const here = at.child("matchLabelExpressions").index(i);
    if (values.length === 0) errors.push(required(here.child("values")));
    for (const [n, value] of values.entries())
      if (values.indexOf(value) < n) errors.push(duplicate(here.child("values").index(n), value));
    named(errors, here.child("key"), key, qualifiedName);
    if (keys.has(key)) errors.push(duplicate(here.child("key"), key));
    keys.add(key);
  }
}

const marks = [
  "storageclass.kubernetes.io/is-default-class",
  "storageclass.beta.kubernetes.io/is-default-class",
];

export const storageClass: Kind<V1StorageClass> = {
  gvk: "storage.k8s.io/v1/StorageClass",
  defaults: (object) => fill(object, { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" }),
  validate(object) {
    const errors: Errors = [];
    const { allowedTopologies = [], reclaimPolicy, volumeBindingMode: mode = "" } = object;
    provisioner(errors, new FieldPath("provisioner"), object.provisioner);
    parameters(errors, new FieldPath("parameters"), object.parameters);
    if (reclaimPolicy) oneOfIfAny(errors, new FieldPath("reclaimPolicy"), reclaimPolicy, policies);
    oneOfIfAny(errors, new FieldPath("volumeBindingMode"), mode, modes);
    for (const [i, term] of allowedTopologies.entries()) {
      const at = new FieldPath("allowedTopologies").index(i);
      topology(errors, at, term);
      if (allowedTopologies.slice(0, i).some((one) => equal(one, term)))
        errors.push(duplicate(at.child("matchLabelExpressions"), ""));
    }
    return errors;
  },
  validateUpdate(next, previous) {
    const errors: Errors = [];
    for (const field of [
      "parameters",
      "provisioner",
      "reclaimPolicy",
      "volumeBindingMode",
    ] as const)
      immutable(errors, new FieldPath(field), next[field], previous[field]);
    return errors;
  },
  warnings: ({ allowedTopologies = [] }) =>
    allowedTopologies.flatMap(({ matchLabelExpressions = [] }, i) =>
      matchLabelExpressions.flatMap(({ key }, j) => {
        const at = new FieldPath("allowedTopologies").index(i);
        return oldLabelWarnings(at.child("matchLabelExpressions").index(j).child("key"), key);
      }),
    ),
  columns: [
    markedDefault(...marks),
    column(
      "Provisioner",
      "string",
      doc("storage.v1.StorageClass.provisioner"),
      ({ provisioner: name }: V1StorageClass) => name,
    ),
    column(
      "ReclaimPolicy",
      "string",
      doc("storage.v1.StorageClass.reclaimPolicy"),
      ({ reclaimPolicy }) => reclaimPolicy ?? "Delete",
    ),
    column(
      "VolumeBindingMode",
      "string",
      doc("storage.v1.StorageClass.volumeBindingMode"),
      ({ volumeBindingMode }) => volumeBindingMode ?? "Immediate",
    ),
    column(
      "AllowVolumeExpansion",
      "string",
      doc("storage.v1.StorageClass.allowVolumeExpansion"),
      ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false,
    ),
    ageColumn,
  ],
};
