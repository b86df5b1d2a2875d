/** StorageClass. Upstream: pkg/registry/storage/storageclass/strategy.go, pkg/apis/storage/validation. */
import type { V1TopologySelectorTerm } from "#apimachinery/api/core-v1.ts";
import type { V1StorageClass } from "#apimachinery/api/storage-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { duplicate, FieldPath, forbidden, required } from "#apimachinery/field.ts";
import { qualifiedName } from "#apimachinery/names.ts";
import { ageColumn, column, doc, markedDefault } from "#apiserver/kinds/columns.ts";
import { fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, immutable, named, oneOf, oneOfIfAny } from "#apiserver/kinds/rules/rule.ts";
import { parameters } from "./parameters.ts";

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
    const { provisioner, allowedTopologies = [] } = object;
    if (!provisioner) errors.push(required(new FieldPath("provisioner")));
    else
      named(errors, new FieldPath("provisioner"), provisioner, (text) =>
        qualifiedName(text.toLowerCase()),
      );
    parameters(errors, new FieldPath("parameters"), object.parameters);
    oneOfIfAny(errors, new FieldPath("reclaimPolicy"), object.reclaimPolicy, policies);
    oneOf(errors, new FieldPath("volumeBindingMode"), object.volumeBindingMode, modes);
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
    for (const field of ["parameters", "provisioner", "reclaimPolicy"] as const)
      if (!equal(next[field], previous[field]))
        errors.push(forbidden(new FieldPath(field), `updates to ${field} are forbidden.`));
    immutable(
      errors,
      new FieldPath("volumeBindingMode"),
      next.volumeBindingMode,
      previous.volumeBindingMode,
    );
    return errors;
  },
  columns: [
    markedDefault(...marks),
    column(
      "Provisioner",
      "string",
      doc("storage.v1.StorageClass.provisioner"),
      ({ provisioner }: V1StorageClass) => provisioner,
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
