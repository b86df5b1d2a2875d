/** CSIStorageCapacity. Upstream: pkg/registry/storage/csistoragecapacity/strategy.go, pkg/apis/storage/validation. */
import type { V1CSIStorageCapacity } from "#apimachinery/api/storage-v1.ts";
import { FieldPath, required } from "#apimachinery/field.ts";
import { dns1123Subdomain } from "#apimachinery/names.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { notNegativeAmount } from "#apiserver/kinds/rules/resource.ts";
import { type Errors, immutable, named } from "#apiserver/kinds/rules/rule.ts";
import { labelSelector } from "#apiserver/kinds/rules/selector.ts";

export const csiStorageCapacity: Kind<V1CSIStorageCapacity> = {
  gvk: "storage.k8s.io/v1/CSIStorageCapacity",
  unconditionalUpdate: false,
  validate({ nodeTopology, storageClassName, capacity, maximumVolumeSize }) {
    const errors: Errors = [];
    labelSelector(errors, new FieldPath("nodeTopology"), nodeTopology);
    const at = new FieldPath("storageClassName");
    if (!storageClassName) errors.push(required(at));
    else named(errors, at, storageClassName, dns1123Subdomain);
    for (const [field, amount] of Object.entries({ capacity, maximumVolumeSize }))
      if (amount !== undefined) notNegativeAmount(errors, new FieldPath(field), amount);
    return errors;
  },
  validateUpdate(next, previous) {
    const errors: Errors = [];
    for (const field of ["nodeTopology", "storageClassName"] as const)
      immutable(errors, new FieldPath(field), next[field], previous[field]);
    return errors;
  },
};
