/** A claim grows only when its class allows it. Upstream: plugin/pkg/admission/storage/persistentvolume/resize/admission.go. */
import type { V1PersistentVolumeClaim } from "#apimachinery/api/core-v1.ts";
import type { V1StorageClass } from "#apimachinery/api/storage-v1.ts";
import { compareQuantities } from "#apimachinery/quantity.ts";
import type { Admission } from "./admission.ts";
import { refusal } from "./refusal.ts";

const unbound = "Only bound persistent volume claims can be expanded";
const notExpandable =
  "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize";

const sizeOf = ({ spec }: V1PersistentVolumeClaim): string | number =>
  spec?.resources?.requests?.["storage"] ?? 0;
const classOf = ({ spec, metadata }: V1PersistentVolumeClaim): string =>
  metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec?.storageClassName ?? "";

export const persistentVolumeClaimResize: Admission<V1PersistentVolumeClaim> = {
  name: "PersistentVolumeClaimResize",
  on: { resources: ["persistentvolumeclaims"], operations: ["UPDATE"] },
  validate(request) {
    const { object: next, previous: old, context } = request;
    if (next === undefined || old === undefined) return;
    if (compareQuantities(sizeOf(next), sizeOf(old)) <= 0) return;
    if (old.status?.phase !== "Bound") throw refusal(request, unbound);
    const name = classOf(next);
    const found =
      name === "" || name !== classOf(old)
        ? undefined
        : context.get<V1StorageClass>("storage.k8s.io/v1/StorageClass", "", name);
    if (found?.allowVolumeExpansion !== true) throw refusal(request, notExpandable);
  },
};
