/**
 * Volumes, claims and attribute classes stay until nobody uses them: their protection controllers take the
 * finalizer away. Upstream: plugin/pkg/admission/storage/storageobjectinuseprotection/admission.go.
 */
import type { Admission } from "./admission.ts";

const finalizers: Readonly<Record<string, string>> = {
  persistentvolumes: "kubernetes.io/pv-protection",
  persistentvolumeclaims: "kubernetes.io/pvc-protection",
  volumeattributesclasses: "kubernetes.io/vac-protection",
};

export const storageObjectInUseProtection: Admission = {
  name: "StorageObjectInUseProtection",
  on: {
    resources: [
      "persistentvolumes",
      "persistentvolumeclaims",
      "volumeattributesclasses.storage.k8s.io",
    ],
    operations: ["CREATE"],
  },
  mutate({ object, info }) {
    const finalizer = finalizers[info.resource];
    if (object === undefined || finalizer === undefined) return object;
    const { metadata } = object;
    const present = metadata.finalizers ?? [];
    if (present.includes(finalizer)) return object;
    return { ...object, metadata: { ...metadata, finalizers: [...present, finalizer] } };
  },
};
