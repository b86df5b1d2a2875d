/** CSIStorageCapacity. Upstream: pkg/registry/storage/csistoragecapacity/strategy.go, pkg/apis/storage/validation. */
import type { V1CSIStorageCapacity } from "#apimachinery/api/storage-v1.ts";
import { FieldPath } from "#apimachinery/field.ts";
import { dns1123Subdomain } from "#apimachinery/names.ts";
import { termWarnings } from "#apiserver/kinds/core/pod-spec/warnings.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { oldLabelWarnings } from "#apiserver/kinds/rules/old-labels.ts";
import { notNegativeAmount } from "#apiserver/kinds/rules/resource.ts";
import { type Errors, immutable, named } from "#apiserver/kinds/rules/rule.ts";
import { labelSelector } from "#apiserver/kinds/rules/selector.ts";

export const csiStorageCapacity: Kind<V1CSIStorageCapacity> = {
  gvk: "storage.k8s.io/v1/CSIStorageCapacity",
  unconditionalUpdate: false,
  validate({ nodeTopology, storageClassName = "", capacity }) {
    const errors: Errors = [];
    labelSelector(errors, new FieldPath("nodeTopology"), nodeTopology);
    named(errors, new FieldPath("storageClassName"), storageClassName, dns1123Subdomain);
    if (capacity !== undefined) notNegativeAmount(errors, new FieldPath("capacity"), capacity);
    return errors;
  },
  validateUpdate(next, previous) {
    const errors: Errors = [];
    for (const field of ["nodeTopology", "storageClassName"] as const)
      immutable(errors, new FieldPath(field), next[field], previous[field]);
    return errors;
  },
  warnings: ({ nodeTopology: given }) => {
    const at = new FieldPath("nodeTopology");
    return [
      ...termWarnings(at, { matchExpressions: given?.matchExpressions }, false),
      ...Object.keys(given?.matchLabels ?? {}).flatMap((label) =>
        oldLabelWarnings(at.child("matchLabels", label), label),
      ),
    ];
  },
};
