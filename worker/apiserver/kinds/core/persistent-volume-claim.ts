/** PersistentVolumeClaim. Upstream: pkg/registry/core/persistentvolumeclaim/strategy.go, pkg/apis/core/validation. */
import type {
  V1PersistentVolumeClaim,
  V1PersistentVolumeClaimSpec,
} from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { type FieldError, FieldPath, forbidden, invalid, required } from "#apimachinery/field.ts";
import { compareQuantities } from "#apimachinery/quantity.ts";
import { ageColumn, column, nameColumn, wide, doc } from "#apiserver/kinds/columns.ts";
import { at as change } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { notNegativeAmount } from "#apiserver/kinds/rules/resource.ts";
import { type Errors, immutable } from "#apiserver/kinds/rules/rule.ts";
import {
  accessModesText,
  claimDefaults,
  claimSpec,
  claimWarnings,
  phaseText,
  unset,
} from "./claim-spec.ts";

const at = new FieldPath("spec");
const className = "volume.beta.kubernetes.io/storage-class";

/** The volume's binder writes it once, the user's size may grow. */
function withoutChangeable(
  spec: V1PersistentVolumeClaimSpec,
  old: V1PersistentVolumeClaimSpec,
  isBound: boolean,
): V1PersistentVolumeClaimSpec {
  const volumeName = old.volumeName ? spec.volumeName : old.volumeName;
  const requests =
    isBound && old.resources?.requests?.["storage"] !== undefined
      ? { ...spec.resources?.requests, storage: old.resources.requests["storage"] }
      : spec.resources?.requests;
  return {
    ...spec,
    volumeName,
    ...(spec.resources === undefined ? {} : { resources: { ...spec.resources, requests } }),
    volumeAttributesClassName: old.volumeAttributesClassName,
  };
}
const storageOf = (spec: V1PersistentVolumeClaimSpec): string =>
  spec.resources?.requests?.["storage"] ?? "0";

function validateUpdate(
  next: V1PersistentVolumeClaim,
  previous: V1PersistentVolumeClaim,
): readonly FieldError[] {
  const errors: Errors = [];
  const { spec = {} } = next;
  const { spec: old = {}, status = {} } = previous;
  const isBound = status.phase === "Bound";
  if (!equal(withoutChangeable(spec, old, isBound), { ...old }))
    errors.push(
      forbidden(
        at,
        "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims",
      ),
    );
  const here = at.child("resources", "requests", "storage");
  if (isBound && compareQuantities(storageOf(spec), storageOf(old)) < 0) {
    const most = status.capacity?.["storage"] ?? "0";
    if (compareQuantities(storageOf(spec), most) <= 0)
      errors.push(forbidden(here, "field can not be less than status.capacity"));
  }
  immutable(errors, new FieldPath("volumeMode"), spec.volumeMode, old.volumeMode);
  const attributes = at.child("volumeAttributesClassName");
  if (spec.volumeAttributesClassName === old.volumeAttributesClassName) return errors;
  if (old.volumeAttributesClassName !== undefined && spec.volumeAttributesClassName === undefined)
    errors.push(forbidden(attributes, "update from non-nil value to nil is forbidden"));
  else if (old.volumeAttributesClassName && spec.volumeAttributesClassName === "")
    errors.push(forbidden(attributes, "update from non-nil value to an empty string is forbidden"));
  return errors;
}

function validateStatusUpdate({
  status = {},
  spec = {},
}: V1PersistentVolumeClaim): readonly FieldError[] {
  const errors: Errors = [];
  const here = new FieldPath("status");
  if ((spec.accessModes ?? []).length === 0)
    errors.push(required(new FieldPath("spec").child("accessModes")));
  for (const [name, amount] of Object.entries(status.capacity ?? {}))
    notNegativeAmount(errors, here.child("capacity").key(name), amount);
  const known = [
    "ControllerResizeFailed",
    "ControllerResizeInProgress",
    "NodeResizeFailed",
    "NodeResizeInProgress",
    "NodeResizePending",
    "ControllerResizeInfeasible",
    "NodeResizeInfeasible",
  ];
  for (const [name, value] of Object.entries(status.allocatedResourceStatuses ?? {}))
    if (!known.includes(value))
      errors.push(
        invalid(here.child("allocatedResourceStatus").key(name), value, "is not a valid status"),
      );
  return errors;
}

export const persistentVolumeClaim: Kind<V1PersistentVolumeClaim> = {
  gvk: "v1/PersistentVolumeClaim",
  defaults: (object) => change(object, "spec", claimDefaults),
  prepareForCreate: ({ status: _status, ...object }) => ({
    ...object,
    status: { phase: "Pending" },
  }),
  validate({ spec }) {
    const errors: Errors = [];
    claimSpec(errors, at, spec ?? {});
    return errors;
  },
  validateUpdate,
  validateStatusUpdate,
  warnings: ({ spec }) => claimWarnings(at, spec),
  columns: [
    nameColumn,
    column("Status", "string", doc("core.v1.PersistentVolumeClaimStatus.phase"), phaseText),
    column(
      "Volume",
      "string",
      doc("core.v1.PersistentVolumeClaimSpec.volumeName"),
      ({ spec }) => spec?.volumeName ?? "",
    ),
    column(
      "Capacity",
      "string",
      doc("core.v1.PersistentVolumeClaimStatus.capacity"),
      ({ spec, status }) => (spec?.volumeName ? (status?.capacity?.["storage"] ?? "0") : ""),
    ),
    column(
      "Access Modes",
      "string",
      doc("core.v1.PersistentVolumeClaimStatus.accessModes"),
      ({ spec, status }) => (spec?.volumeName ? accessModesText(status?.accessModes) : ""),
    ),
    column(
      "StorageClass",
      "string",
      "StorageClass of the pvc",
      ({ spec, metadata }) => metadata.annotations?.[className] ?? spec?.storageClassName ?? "",
    ),
    column(
      "VolumeAttributesClass",
      "string",
      "VolumeAttributesClass of the pvc",
      ({ spec }) => spec?.volumeAttributesClassName ?? unset,
    ),
    ageColumn,
    wide(
      "VolumeMode",
      doc("core.v1.PersistentVolumeClaimSpec.volumeMode"),
      ({ spec }) => spec?.volumeMode ?? unset,
    ),
  ],
};
