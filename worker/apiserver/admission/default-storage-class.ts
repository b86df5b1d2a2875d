/**
 * A claim that names no class gets the default one: the newest of those that are marked.
 * Upstream: plugin/pkg/admission/storage/storageclass/setdefault/admission.go, pkg/volume/util/storageclass.go.
 */
import type { V1PersistentVolumeClaim } from "#apimachinery/api/core-v1.ts";
import type { V1StorageClass } from "#apimachinery/api/storage-v1.ts";
import type { Admission } from "./admission.ts";
import { newestMarked } from "./newest-marked.ts";

const classAnnotation = "volume.beta.kubernetes.io/storage-class";
const marks = [
  "storageclass.kubernetes.io/is-default-class",
  "storageclass.beta.kubernetes.io/is-default-class",
];

export const defaultStorageClass: Admission<V1PersistentVolumeClaim> = {
  name: "DefaultStorageClass",
  on: { resources: ["persistentvolumeclaims"], operations: ["CREATE"] },
  mutate({ object, context }) {
    const { spec, metadata } = object as V1PersistentVolumeClaim;
    if (spec?.storageClassName !== undefined) return object;
    if (metadata.annotations?.[classAnnotation] !== undefined) return object;
    const found = newestMarked(
      context.list<V1StorageClass>("storage.k8s.io/v1/StorageClass"),
      marks,
    );
    const storageClassName = found?.metadata.name;
    if (storageClassName === undefined) return object;
    return { ...(object as V1PersistentVolumeClaim), spec: { ...spec, storageClassName } };
  },
};
