/** PersistentVolumeClaim. Upstream: pkg/registry/core/persistentvolumeclaim/strategy.go, pkg/apis/core/validation. */
import type {
  V1PersistentVolumeClaim,
  V1PersistentVolumeClaimSpec,
} from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import {
  type FieldError,
  FieldPath,
  forbidden,
  invalid,
  required,
  unsupported,
} from "#apimachinery/field.ts";
import { qualifiedName } from "#apimachinery/names.ts";
import { compareQuantities } from "#apimachinery/quantity.ts";
import { ageColumn, column, nameColumn, wide, doc } from "#apiserver/kinds/columns.ts";
import { at as change } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { basicAmount, isNative } from "#apiserver/kinds/rules/resource.ts";
import { type Errors, immutable, immutableText, named } from "#apiserver/kinds/rules/rule.ts";
import { accessModesText, claimDefaults, claimSpec, phaseText, unset } from "./claim-spec.ts";
import { withBothSources, withSources } from "./claim-sources.ts";
import { volumeClaimWarnings } from "./storage-warnings.ts";

const at = new FieldPath("spec");
const className = "volume.beta.kubernetes.io/storage-class";

/** The volume's binder writes it once, the user's size may grow. */
function withoutChangeable(
  spec: V1PersistentVolumeClaimSpec,
  old: V1PersistentVolumeClaimSpec,
  isBound: boolean,
): V1PersistentVolumeClaimSpec {
  const volumeName = old.volumeName ? spec.volumeName : old.volumeName;
  const { resources } = spec;
  const storage = old.resources?.requests?.["storage"];
  return {
    ...spec,
    volumeName,
    ...(isBound && resources?.requests !== undefined && storage !== undefined
      ? { resources: { ...resources, requests: { ...resources.requests, storage } } }
      : {}),
    ...(isBound ? { volumeAttributesClassName: old.volumeAttributesClassName } : {}),
  };
}
/** A claim without a class may get the default one later; one with the annotation of old may say it by the field. */
function classed(
  errors: Errors,
  next: V1PersistentVolumeClaim,
  previous: V1PersistentVolumeClaim,
): V1PersistentVolumeClaimSpec {
  const { spec = {} } = next;
  const { storageClassName: asked } = spec;
  const { [className]: noted } = next.metadata.annotations ?? {};
  const { [className]: before } = previous.metadata.annotations ?? {};
  const hadNone = previous.spec?.storageClassName === undefined;
  const isMoved =
    before !== undefined &&
    hadNone &&
    asked === before &&
    (noted === undefined || noted === before);
  if (!isMoved && (noted ?? "") !== (before ?? ""))
    errors.push(
      invalid(
        new FieldPath("metadata").child("annotations", className),
        noted ?? "",
        immutableText,
      ),
    );
  const isNew = hadNone && asked !== undefined && (before === undefined || asked === before);
  return isMoved || isNew ? { ...spec, storageClassName: undefined } : spec;
}
const storageOf = (spec: V1PersistentVolumeClaimSpec): string =>
  spec.resources?.requests?.["storage"] ?? "0";

function validateUpdate(
  next: V1PersistentVolumeClaim,
  previous: V1PersistentVolumeClaim,
): readonly FieldError[] {
  const errors: Errors = [];
  const { spec = {} } = next;
  const { status = {} } = previous;
  const old = withBothSources(previous.spec ?? {});
  const isBound = status.phase === "Bound";
  if (!equal(withoutChangeable(classed(errors, next, previous), old, isBound), { ...old }))
    errors.push(
      forbidden(
        at,
        "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims",
      ),
    );
  const here = at.child("resources", "requests", "storage");
  if (compareQuantities(storageOf(spec), storageOf(old)) < 0) {
    const most = status.capacity?.["storage"] ?? "0";
    if (compareQuantities(storageOf(spec), most) <= 0)
      errors.push(forbidden(here, "field can not be less than status.capacity"));
  }
  immutable(errors, new FieldPath("volumeMode"), spec.volumeMode, old.volumeMode);
  const attributes = at.child("volumeAttributesClassName");
  const { volumeAttributesClassName: asked } = spec;
  if (asked === old.volumeAttributesClassName) return errors;
  if (status.currentVolumeAttributesClassName === undefined || asked) return errors;
  const what = asked === undefined ? "nil" : "empty string";
  errors.push(
    forbidden(
      attributes,
      `update to ${what} is forbidden when status.currentVolumeAttributesClassName is not nil`,
    ),
  );
  return errors;
}

function validateStatusUpdate({
  status = {},
  spec = {},
}: V1PersistentVolumeClaim): readonly FieldError[] {
  const errors: Errors = [];
  const here = new FieldPath("status");
  if ((spec.accessModes ?? []).length === 0)
    errors.push(required(new FieldPath("Spec").child("accessModes")));
  for (const [name, amount] of Object.entries(status.capacity ?? {}))
    basicAmount(errors, here.child("capacity").key(name), amount);
  const statuses = here.child("allocatedResourceStatuses");
  for (const [name, value] of Object.entries(status.allocatedResourceStatuses ?? {})) {
    resourceKey(errors, statuses, name);
    if (!resizeStatuses.includes(value)) errors.push(unsupported(statuses, name, resizeStatuses));
  }
  const amounts = here.child("allocatedResources");
  for (const [name, amount] of Object.entries(status.allocatedResources ?? {})) {
    const before = errors.length;
    resourceKey(errors, amounts, name);
    if (errors.length === before) basicAmount(errors, amounts.key(name), amount);
  }
  return errors;
}
const resizeStatuses = [
  "ControllerResizeInProgress",
  "ControllerResizeInfeasible",
  "NodeResizePending",
  "NodeResizeInProgress",
  "NodeResizeInfeasible",
];
function resourceKey(errors: Errors, path: FieldPath, name: string): void {
  const before = errors.length;
  named(errors, path, name, qualifiedName);
  if (errors.length === before && isNative(name) && name !== "storage")
    errors.push(unsupported(path, name, ["storage"]));
}

export const persistentVolumeClaim: Kind<V1PersistentVolumeClaim> = {
  gvk: "v1/PersistentVolumeClaim",
  defaults: (object) => change(object, "spec", claimDefaults),
  prepareForCreate: ({ status: _status, ...object }) => ({
    ...change(object, "spec", (spec) => withSources(spec, undefined)),
    status: { phase: "Pending" },
  }),
  prepareForUpdate: (next, previous) =>
    change(next, "spec", (spec) => withSources(spec, previous.spec)),
  validate({ spec }) {
    const errors: Errors = [];
    claimSpec(errors, at, spec ?? {});
    return errors;
  },
  validateUpdate,
  validateStatusUpdate,
  warnings: volumeClaimWarnings,
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
