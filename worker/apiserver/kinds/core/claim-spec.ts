/** What a PersistentVolumeClaim asks for, also in templates. Upstream: pkg/apis/core/validation ValidatePersistentVolumeClaimSpec. */
import type {
  V1PersistentVolumeClaimSpec,
  V1PersistentVolumeClaimTemplate,
  V1TypedLocalObjectReference,
  V1TypedObjectReference,
} from "#apimachinery/api/core-v1.ts";
import { type FieldPath, forbidden, invalid, required, unsupported } from "#apimachinery/field.ts";
import { dns1123Label, dns1123Subdomain } from "#apimachinery/names.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { fill } from "#apiserver/kinds/fill.ts";
import { isWhole, positiveAmount } from "#apiserver/kinds/rules/resource.ts";
import {
  type Errors,
  named,
  oneOfIfAny,
  present,
  remembered,
  type Rule,
} from "#apiserver/kinds/rules/rule.ts";
import { labelSelector } from "#apiserver/kinds/rules/selector.ts";
import { templateMeta } from "#apiserver/kinds/rules/template-meta.ts";

export const volumeModes = ["Block", "Filesystem"];
const accessModeNames = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
const alone = "ReadWriteOncePod";

export const claimDefaults = (spec: V1PersistentVolumeClaimSpec): V1PersistentVolumeClaimSpec =>
  fill(spec, { volumeMode: "Filesystem" });

/** Each is known, and one of them goes alone. */
export function accessModes(errors: Errors, at: FieldPath, modes: readonly string[]): void {
  for (const mode of modes)
    if (!accessModeNames.includes(mode)) errors.push(unsupported(at, mode, accessModeNames));
  if (
    modes.includes(alone) &&
    modes.some((mode) => mode !== alone && accessModeNames.includes(mode))
  )
    errors.push(forbidden(at, "may not use ReadWriteOncePod with other access modes"));
}

function dataSource(
  errors: Errors,
  at: FieldPath,
  given: V1TypedLocalObjectReference & Pick<V1TypedObjectReference, "namespace">,
): void {
  const { apiGroup = "", kind = "", name, namespace } = given;
  present(errors, at.child("name"), name);
  present(errors, at.child("kind"), kind);
  if (apiGroup === "" && kind !== "PersistentVolumeClaim")
    errors.push(
      invalid(at, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"),
    );
  if (apiGroup !== "") named(errors, at.child("apiGroup"), apiGroup, dns1123Subdomain);
  if (namespace) named(errors, at.child("namespace"), namespace, dns1123Label);
}

/** Upstream prints the path as the value. */
const pathValue = {};
function dataSources(errors: Errors, at: FieldPath, spec: V1PersistentVolumeClaimSpec): void {
  const { dataSource: source, dataSourceRef: reference } = spec;
  if (source !== undefined) dataSource(errors, at.child("dataSource"), source);
  if (reference !== undefined) dataSource(errors, at.child("dataSourceRef"), reference);
  if (source === undefined || reference === undefined) return;
  if (reference.namespace)
    errors.push(
      invalid(at, pathValue, "may not be specified when dataSourceRef.namespace is specified"),
    );
  else if (
    source.apiGroup !== reference.apiGroup ||
    source.kind !== reference.kind ||
    source.name !== reference.name
  )
    errors.push(invalid(at, pathValue, "must match dataSourceRef"));
}

export const claimSpec: Rule<V1PersistentVolumeClaimSpec> = remembered((errors, at, spec) => {
  const { accessModes: modes = [], resources, storageClassName, volumeAttributesClassName } = spec;
  if (modes.length === 0)
    errors.push(required(at.child("accessModes"), "at least 1 access mode is required"));
  labelSelector(errors, at.child("selector"), spec.selector);
  accessModes(errors, at.child("accessModes"), modes);
  const storage = resources?.requests?.["storage"];
  const here = at.child("resources").key("storage");
  if (storage === undefined) errors.push(required(here));
  else positiveAmount(errors, here, storage);
  if (storageClassName)
    named(errors, at.child("storageClassName"), storageClassName, dns1123Subdomain);
  oneOfIfAny(errors, at.child("volumeMode"), spec.volumeMode, volumeModes);
  dataSources(errors, at, spec);
  if (volumeAttributesClassName)
    named(
      errors,
      at.child("volumeAttributesClassName"),
      volumeAttributesClassName,
      dns1123Subdomain,
    );
});

/** Only labels and annotations of its metadata mean anything. */
export function validateClaimTemplate(
  errors: Errors,
  at: FieldPath,
  { metadata, spec }: V1PersistentVolumeClaimTemplate,
): void {
  templateMeta(errors, at.child("metadata"), metadata);
  claimSpec(errors, at.child("spec"), spec);
}

/** Upstream: pkg/api/persistentvolumeclaim/util.go GetWarningsForPersistentVolumeClaimSpec. */
export function claimWarnings(
  at: FieldPath,
  spec: V1PersistentVolumeClaimSpec | undefined,
): readonly string[] {
  return (["requests", "limits"] as const).flatMap((list) => {
    const amount = spec?.resources?.[list]?.["storage"];
    return amount === undefined || isWhole(amount)
      ? []
      : [
          `${at.child("resources", list).key("storage")}: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`,
        ];
  });
}

const short: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};
/** For columns: each once, in upstream's order. */
export const accessModesText = (list: readonly string[] | undefined): string =>
  Object.keys(short)
    .flatMap((mode) => (list?.includes(mode) ? [short[mode]] : []))
    .join(",");
export const unset = "<unset>";
interface Phased extends KubeObject {
  readonly status?: { readonly phase?: string | undefined } | undefined;
}
export const phaseText = ({ status, metadata }: Phased): string =>
  metadata.deletionTimestamp === undefined ? (status?.phase ?? "") : "Terminating";
