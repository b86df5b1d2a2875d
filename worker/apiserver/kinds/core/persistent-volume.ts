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
import { internalTerm } from "./pod-spec/affinity.ts";
import { iscsiTooLong } from "./pod-spec/volume-sources.ts";
import { volumeWarnings } from "./storage-warnings.ts";

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
const mostIscsi = 64;
const mountOptions = "volume.beta.kubernetes.io/mount-options";
/** Sorts of volumes that the annotation is for. Upstream: pkg/volume/validation/pv_validation.go checkMountOption. */
const mountable = [
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "glusterfs",
  "nfs",
  "rbd",
  "quobyte",
  "iscsi",
  "cinder",
  "cephfs",
  "azureFile",
  "vsphereVolume",
  "azureDisk",
  "photonPersistentDisk",
] as const satisfies readonly (keyof V1PersistentVolumeSpec)[];
const successors: Readonly<Record<string, string>> = {
  "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
  "beta.kubernetes.io/os": "kubernetes.io/os",
  "beta.kubernetes.io/arch": "kubernetes.io/arch",
  "beta.kubernetes.io/instance-type": "node.kubernetes.io/instance-type",
};
type Affinity = V1PersistentVolumeSpec["nodeAffinity"];
const keysOf = (affinity: Affinity): readonly string[] =>
  (affinity?.required?.nodeSelectorTerms ?? []).flatMap(({ matchExpressions = [] }) =>
    matchExpressions.map(({ key }) => key),
  );
const renewed = (affinity: Affinity): unknown =>
  JSON.parse(JSON.stringify(affinity ?? null), (name, value: unknown) =>
    name === "key" && typeof value === "string" ? (successors[value] ?? value) : value,
  );
/** Some of its keys may have become what they are called now. */
function isSameAffinity(next: Affinity, old: Affinity): boolean {
  if (!equal(renewed(next), renewed(old))) return false;
  const before = keysOf(old);
  return keysOf(next).every((key, i) => {
    const was = before[i] ?? "";
    return key === was || key === successors[was];
  });
}

/** As upstream prints its internal type. */
const internalAffinity = (given: Affinity): unknown =>
  given === undefined
    ? null
    : {
        Required:
          given.required === undefined
            ? null
            : { NodeSelectorTerms: (given.required.nodeSelectorTerms ?? []).map(internalTerm) },
      };

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
  if (old.nodeAffinity !== undefined && !isSameAffinity(spec.nodeAffinity, old.nodeAffinity))
    errors.push(
      invalid(
        new FieldPath("nodeAffinity"),
        internalAffinity(spec.nodeAffinity),
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
    if (status === undefined) return next;
    const before = previous.status?.lastPhaseTransitionTime;
    const isSame = status.phase === previous.status?.phase;
    const { lastPhaseTransitionTime: own } = status;
    if (own !== undefined && (isSame || own !== before)) return next;
    const lastPhaseTransitionTime = isSame ? before : timeText(nowMs);
    return lastPhaseTransitionTime === undefined
      ? next
      : { ...next, status: { ...status, lastPhaseTransitionTime } };
  },
  validate({ spec = {}, metadata }) {
    const errors: Errors = [...volumeSpecErrors(spec, at, false)];
    const { initiatorName, targetPortal = "" } = spec.iscsi ?? {};
    if (initiatorName !== undefined && `${metadata.name}:${targetPortal}`.length > mostIscsi)
      errors.push(invalid(at.child("iscsi", "targetportal"), targetPortal, iscsiTooLong));
    if (metadata.annotations?.[mountOptions] !== undefined && !mountable.some((name) => spec[name]))
      errors.push(
        forbidden(
          new FieldPath("metadata").child("annotations", mountOptions),
          "may not specify mount options for this volume type",
        ),
      );
    return errors;
  },
  validateUpdate,
  warnings: volumeWarnings,
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
