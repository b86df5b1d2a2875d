/** Volumes and claims: served and shown. Upstream: pkg/registry/core/{persistentvolume,persistentvolumeclaim}. */
import type { V1PersistentVolume, V1PersistentVolumeClaim } from "#apimachinery/api/core-v1.ts";
import { ageColumn, column, nameColumn, wide } from "#apiserver/kinds/columns.ts";
import { at as change, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";

const short: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};
const modes = (list: readonly string[] | undefined): string =>
  (list ?? []).map((mode) => short[mode] ?? mode).join(",");
const unset = "<unset>";

export const persistentVolume: Kind<V1PersistentVolume> = {
  gvk: "v1/PersistentVolume",
  defaults: (object) =>
    change(object, "spec", (spec) =>
      fill(spec, { persistentVolumeReclaimPolicy: "Retain", volumeMode: "Filesystem" }),
    ),
  prepareForCreate: ({ status: _status, ...object }) => ({
    ...object,
    status: { phase: "Pending" },
  }),
  columns: [
    nameColumn,
    column(
      "Capacity",
      "string",
      "How much it holds.",
      ({ spec }) => spec?.capacity?.["storage"] ?? "",
    ),
    column("Access Modes", "string", "Who may mount it.", ({ spec }) => modes(spec?.accessModes)),
    column(
      "Reclaim Policy",
      "string",
      "What becomes of it afterwards.",
      ({ spec }) => spec?.persistentVolumeReclaimPolicy ?? "",
    ),
    column("Status", "string", "Whether it is bound.", ({ status, metadata }) =>
      metadata.deletionTimestamp === undefined ? (status?.phase ?? "") : "Terminating",
    ),
    column("Claim", "string", "Whose it is.", ({ spec }) =>
      spec?.claimRef === undefined ? "" : `${spec.claimRef.namespace}/${spec.claimRef.name}`,
    ),
    column("StorageClass", "string", "Its class.", ({ spec }) => spec?.storageClassName ?? ""),
    column(
      "VolumeAttributesClass",
      "string",
      "Its attributes' class.",
      ({ spec }) => spec?.volumeAttributesClassName ?? unset,
    ),
    column("Reason", "string", "Why it is as it is.", ({ status }) => status?.reason ?? ""),
    ageColumn,
    wide("VolumeMode", "File system or block.", ({ spec }) => spec?.volumeMode ?? unset),
  ],
};
export const persistentVolumeClaim: Kind<V1PersistentVolumeClaim> = {
  gvk: "v1/PersistentVolumeClaim",
  defaults: (object) => change(object, "spec", (spec) => fill(spec, { volumeMode: "Filesystem" })),
  prepareForCreate: ({ status: _status, ...object }) => ({
    ...object,
    status: { phase: "Pending" },
  }),
  columns: [
    nameColumn,
    column("Status", "string", "Whether it is bound.", ({ status, metadata }) =>
      metadata.deletionTimestamp === undefined ? (status?.phase ?? "") : "Terminating",
    ),
    column("Volume", "string", "The volume it has.", ({ spec }) => spec?.volumeName ?? ""),
    column("Capacity", "string", "How much that holds.", ({ spec, status }) =>
      spec?.volumeName ? (status?.capacity?.["storage"] ?? "") : "",
    ),
    column("Access Modes", "string", "Who may mount it.", ({ spec, status }) =>
      spec?.volumeName ? modes(status?.accessModes) : "",
    ),
    column("StorageClass", "string", "Its class.", ({ spec }) => spec?.storageClassName ?? ""),
    column(
      "VolumeAttributesClass",
      "string",
      "Its attributes' class.",
      ({ spec }) => spec?.volumeAttributesClassName ?? unset,
    ),
    ageColumn,
    wide("VolumeMode", "File system or block.", ({ spec }) => spec?.volumeMode ?? unset),
  ],
};
