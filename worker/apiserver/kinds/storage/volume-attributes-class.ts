/** VolumeAttributesClass. Upstream: pkg/registry/storage/volumeattributesclass/strategy.go, pkg/apis/storage/validation. */
import type { V1VolumeAttributesClass } from "#apimachinery/api/storage-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { FieldPath, forbidden } from "#apimachinery/field.ts";
import { column, columnsOf, doc } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import type { Errors } from "#apiserver/kinds/rules/rule.ts";
import { parameters } from "./parameters.ts";
import { provisioner } from "./provisioner.ts";

export const volumeAttributesClass: Kind<V1VolumeAttributesClass> = {
  gvk: "storage.k8s.io/v1/VolumeAttributesClass",
  validate(object) {
    const errors: Errors = [];
    provisioner(errors, new FieldPath("driverName"), object.driverName);
    parameters(errors, new FieldPath("parameters"), object.parameters, false);
    return errors;
  },
  validateUpdate(next, previous) {
    const errors: Errors = [];
    for (const field of ["driverName", "parameters"] as const)
      if (!equal(next[field], previous[field]))
        errors.push(forbidden(new FieldPath(field), `updates to ${field} are forbidden.`));
    return errors;
  },
  columns: columnsOf(
    column(
      "DriverName",
      "string",
      doc("storage.v1.VolumeAttributesClass.driverName"),
      ({ driverName }: V1VolumeAttributesClass) => driverName,
    ),
  ),
};
