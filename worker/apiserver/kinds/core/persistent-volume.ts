/** PersistentVolume. Upstream: pkg/registry/core/persistentvolume/strategy.go, pkg/apis/core/validation ValidatePersistentVolume. */
import type { V1PersistentVolume, V1PersistentVolumeSpec } from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldError, FieldPath, forbidden, invalid } from "#apimachinery/field.ts";
import { timeText } from "#apimachinery/time.ts";
import { ageColumn, column, nameColumn, wide, doc } from "#apiserver/kinds/columns.ts";
import { at as change, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { type Errors, immutable, immutableText } from "#apiserver/kinds/rules/rule.ts";
import { accessModesText, phaseText, unset } from "./claim-spec.ts";
import { sources, volumeSpecErrors } from "./persistent-volume-spec.ts";

const at = new FieldPath("spec");
const sourceOf = (spec: V1PersistentVolumeSpec): unknown =>
  Object.fromEntries(
    sources.flatMap(([name]) => (spec[name] === undefined ? [] : [[name, spec[name]]])),
  );
/** A secret for growing may be added later. */
function withoutNewSecret(
  spec: V1PersistentVolumeSpec,
  old: V1PersistentVolumeSpec,
): V1PersistentVolumeSpec {
  if (spec.csi === undefined || old.csi === undefined) return spec;
  if (old.csi.controllerExpandSecretRef !== undefined) return spec;
  const { controllerExpandSecretRef: _added, ...csiOf } = spec.csi;
  return { ...spec, csi: csiOf };
}
const successors: Readonly<Record<string, string>> = {
  "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
  "beta.kubernetes.io/os": "kubernetes.io/os",
  "beta.kubernetes.io/arch": "kubernetes.io/arch",
  "beta.kubernetes.io/instance-type": "node.kubernetes.io/instance-type",
};
const renewed = (affinity: unknown): unknown =>
  JSON.parse(JSON.stringify(affinity ?? null), (name, value: unknown) =>
    name === "key" && typeof value === "string" ? (successors[value] ?? value) : value,
  );

function validateUpdate(
  { spec = {} }: V1PersistentVolume,
  { spec: old = {} }: V1PersistentVolume,
): readonly FieldError[] {
  const errors: Errors = [];
  if (!equal(sourceOf(withoutNewSecret(spec, old)), sourceOf(old)))
    errors.push(
      forbidden(
        at.child("persistentvolumesource"),
        "spec.persistentvolumesource is immutable after creation",
      ),
    );
  immutable(errors, new FieldPath("volumeMode"), spec.volumeMode, old.volumeMode);
  if (
    old.nodeAffinity !== undefined &&
    !equal(spec.nodeAffinity, old.nodeAffinity) &&
    !equal(spec.nodeAffinity, renewed(old.nodeAffinity))
  )
    errors.push(
      invalid(
        new FieldPath("nodeAffinity"),
        spec.nodeAffinity ?? null,
        `${immutableText}, except for updating from beta label to GA`,
      ),
    );
  if (old.volumeAttributesClassName !== undefined && spec.volumeAttributesClassName === undefined)
    errors.push(
      forbidden(
        at.child("volumeAttributesClassName"),
        "update from non-nil value to nil is forbidden",
      ),
    );
  return errors;
}

export const persistentVolume: Kind<V1PersistentVolume> = {
  gvk: "v1/PersistentVolume",
  defaults: (object) =>
    change(object, "spec", (spec) =>
      fill(spec, { persistentVolumeReclaimPolicy: "Retain", volumeMode: "Filesystem" }),
    ),
  prepareForCreate: ({ status: _status, ...object }, { nowMs }) => ({
    ...object,
    status: { phase: "Pending", lastPhaseTransitionTime: timeText(nowMs) },
  }),
  prepareForStatusUpdate(next, previous, { nowMs }) {
    const { status } = next;
    if (status === undefined || status.phase === previous.status?.phase) return next;
    if (status.lastPhaseTransitionTime !== previous.status?.lastPhaseTransitionTime) return next;
    return { ...next, status: { ...status, lastPhaseTransitionTime: timeText(nowMs) } };
  },
  validate: ({ spec = {} }) => volumeSpecErrors(spec, at, false),
  validateUpdate,
  columns: [
    nameColumn,
    column(
      "Capacity",
      "string",
      doc("core.v1.PersistentVolumeSpec.capacity"),
      ({ spec }) => spec?.capacity?.["storage"] ?? "0",
    ),
    column("Access Modes", "string", doc("core.v1.PersistentVolumeSpec.accessModes"), ({ spec }) =>
      accessModesText(spec?.accessModes),
    ),
    column(
      "Reclaim Policy",
      "string",
      doc("core.v1.PersistentVolumeSpec.persistentVolumeReclaimPolicy"),
      ({ spec }) => spec?.persistentVolumeReclaimPolicy ?? "",
    ),
    column("Status", "string", doc("core.v1.PersistentVolumeStatus.phase"), phaseText),
    column("Claim", "string", doc("core.v1.PersistentVolumeSpec.claimRef"), ({ spec }) =>
      spec?.claimRef === undefined ? "" : `${spec.claimRef.namespace}/${spec.claimRef.name}`,
    ),
    column(
      "StorageClass",
      "string",
      "StorageClass of the pv",
      ({ spec, metadata }) =>
        metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ??
        spec?.storageClassName ??
        "",
    ),
    column(
      "VolumeAttributesClass",
      "string",
      "VolumeAttributesClass of the pv",
      ({ spec }) => spec?.volumeAttributesClassName ?? unset,
    ),
    column(
      "Reason",
      "string",
      doc("core.v1.PersistentVolumeStatus.reason"),
      ({ status }) => status?.reason ?? "",
    ),
    ageColumn,
    wide(
      "VolumeMode",
      doc("core.v1.PersistentVolumeSpec.volumeMode"),
      ({ spec }) => spec?.volumeMode ?? unset,
    ),
  ],
};
