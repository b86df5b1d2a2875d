/** The spec of a PersistentVolume, also where a VolumeAttachment holds one. Upstream: pkg/apis/core/validation ValidatePersistentVolumeSpec. */
import type {
  V1CSIPersistentVolumeSource,
  V1LocalVolumeSource,
  V1PersistentVolumeSpec,
} from "#apimachinery/api/core-v1.ts";
import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  required,
  unsupported,
} from "#apimachinery/field.ts";
import { dns1123Subdomain } from "#apimachinery/names.ts";
import { driverName } from "#apiserver/kinds/rules/driver-name.ts";
import { hasBacksteps } from "#apiserver/kinds/rules/path.ts";
import { positiveAmount } from "#apiserver/kinds/rules/resource.ts";
import { type Errors, named, oneOfIfAny, type Rule } from "#apiserver/kinds/rules/rule.ts";
import { accessModes, volumeModes } from "./claim-spec.ts";
import { nodeSelector } from "./pod-spec/affinity.ts";
import {
  azureDisk,
  fibreChannel,
  flexVolume,
  flocker,
  hostPath,
  iscsi,
  needs,
  nfs,
  partitioned,
  quobyte,
  storageOs,
} from "./pod-spec/volume-sources.ts";

type Name = keyof V1PersistentVolumeSpec;

const local: Rule<V1LocalVolumeSource> = (errors, here, { path = "" }) => {
  if (path === "") errors.push(required(here.child("path")));
  else if (hasBacksteps(path))
    errors.push(invalid(here.child("path"), path, "must not contain '..'"));
};
const secrets = [
  "controllerPublishSecretRef",
  "controllerExpandSecretRef",
  "nodePublishSecretRef",
  "nodeExpandSecretRef",
] as const;
const csi: Rule<V1CSIPersistentVolumeSource> = (errors, here, given) => {
  driverName(errors, here.child("driver"), given.driver);
  if (!given.volumeHandle) errors.push(required(here.child("volumeHandle")));
  for (const name of secrets) {
    const secret = given[name];
    if (secret === undefined) continue;
    if (!secret.name) errors.push(required(here.child(name, "name")));
    else named(errors, here.child("name"), secret.name, dns1123Subdomain);
    if (!secret.namespace) errors.push(required(here.child(name, "namespace")));
    else named(errors, here.child("namespace"), secret.namespace, dns1123Subdomain);
  }
};

/** In upstream's order. */
export const sources: readonly (readonly [Name, Rule<never>])[] = [
  ["hostPath", hostPath],
  ["gcePersistentDisk", partitioned("pdName")],
  ["awsElasticBlockStore", partitioned("volumeID")],
  ["glusterfs", needs("endpoints", "path")],
  ["flocker", flocker],
  ["nfs", nfs],
  ["rbd", needs("monitors", "image")],
  ["quobyte", quobyte],
  ["cephfs", needs("monitors")],
  ["iscsi", iscsi("must be valid format starting with iqn, eui, or naa")],
  ["cinder", needs("volumeID")],
  ["fc", fibreChannel],
  ["flexVolume", flexVolume],
  ["azureFile", needs("secretName", "shareName")],
  ["vsphereVolume", needs("volumePath")],
  ["photonPersistentDisk", needs("pdID")],
  ["portworxVolume", needs("volumeID")],
  ["azureDisk", azureDisk],
  ["scaleIO", needs("gateway", "system", "volumeName")],
  ["local", local],
  ["storageos", storageOs],
  ["csi", csi],
];

function source(errors: Errors, at: FieldPath, spec: V1PersistentVolumeSpec): void {
  let seen = 0;
  for (const [name, rule] of sources) {
    if (spec[name] === undefined) continue;
    seen += 1;
    if (seen > 1) errors.push(forbidden(at.child(name), "may not specify more than 1 volume type"));
    else rule(errors, at.child(name), spec[name] as never);
  }
  if (seen === 0) errors.push(required(at, "must specify a volume type"));
  if (spec.local !== undefined && seen === 1 && spec.nodeAffinity?.required === undefined)
    errors.push(required(at.child("nodeAffinity"), "Local volume requires node affinity"));
}

function size(
  errors: Errors,
  here: FieldPath,
  capacity: Readonly<Record<string, string>> | undefined,
): void {
  const names = Object.keys(capacity ?? {});
  if (names.length === 0) errors.push(required(here));
  else if (names.length > 1 || names[0] !== "storage")
    errors.push(unsupported(here, capacity, ["storage"]));
  for (const [name, amount] of Object.entries(capacity ?? {}))
    positiveAmount(errors, here.key(name), amount);
}

const inlineText = "may not be specified in the context of inline volumes";

/** What a VolumeAttachment holds instead of a name: nothing but how to reach the volume. */
function inlineErrors(errors: Errors, at: FieldPath, spec: V1PersistentVolumeSpec): void {
  if (spec.claimRef !== undefined) errors.push(forbidden(at.child("claimRef"), inlineText));
  if (Object.keys(spec.capacity ?? {}).length > 0)
    errors.push(forbidden(at.child("capacity"), inlineText));
  if (spec.csi === undefined)
    errors.push(required(at.child("csi"), "has to be specified in the context of inline volumes"));
}

function affinity(
  errors: Errors,
  at: FieldPath,
  { nodeAffinity }: V1PersistentVolumeSpec,
  isInline: boolean,
): void {
  if (nodeAffinity === undefined) return;
  const here = at.child("nodeAffinity");
  if (isInline) errors.push(forbidden(here, inlineText));
  else if (nodeAffinity.required === undefined)
    errors.push(required(here.child("required"), "must specify required node constraints"));
  else nodeSelector(errors, here.child("required"), nodeAffinity.required);
}

function reclaim(
  errors: Errors,
  here: FieldPath,
  { persistentVolumeReclaimPolicy: policy }: V1PersistentVolumeSpec,
  isInline: boolean,
): void {
  if (!policy) return;
  if (!isInline) oneOfIfAny(errors, here, policy, ["Delete", "Recycle", "Retain"]);
  else if (policy !== "Retain")
    errors.push(forbidden(here, "may only be Retain in the context of inline volumes"));
}

function classes(
  errors: Errors,
  at: FieldPath,
  spec: V1PersistentVolumeSpec,
  isInline: boolean,
): void {
  if (spec.storageClassName) {
    const here = at.child("storageClassName");
    if (isInline) errors.push(forbidden(here, inlineText));
    else named(errors, here, spec.storageClassName, dns1123Subdomain);
  }
  const mode = at.child("volumeMode");
  if (!isInline) oneOfIfAny(errors, mode, spec.volumeMode, volumeModes);
  else if (spec.volumeMode !== undefined && spec.volumeMode !== "Filesystem")
    errors.push(
      forbidden(
        mode,
        "may not specify volumeMode other than Filesystem in the context of inline volumes",
      ),
    );
  const { volumeAttributesClassName: attributes } = spec;
  if (attributes === undefined) return;
  const here = at.child("volumeAttributesClassName");
  if (attributes === "") errors.push(required(here, "an empty string is disallowed"));
  else named(errors, here, attributes, dns1123Subdomain);
  if (spec.csi === undefined)
    errors.push(
      required(at.child("csi"), "has to be specified when using volumeAttributesClassName"),
    );
}

/** `isInline`: within a VolumeAttachment. */
export function volumeSpecErrors(
  spec: V1PersistentVolumeSpec,
  at: FieldPath,
  isInline: boolean,
): readonly FieldError[] {
  const errors: Errors = [];
  const { accessModes: modes = [] } = spec;
  if (isInline) inlineErrors(errors, at, spec);
  if (modes.length === 0) errors.push(required(at.child("accessModes")));
  accessModes(errors, at.child("accessModes"), modes);
  if (!isInline) size(errors, at.child("capacity"), spec.capacity);
  const policy = at.child("persistentVolumeReclaimPolicy");
  reclaim(errors, policy, spec, isInline);
  affinity(errors, at, spec, isInline);
  source(errors, at, spec);
  if (/^\/+$/.test(spec.hostPath?.path ?? "") && spec.persistentVolumeReclaimPolicy === "Recycle")
    errors.push(forbidden(policy, "may not be 'recycle' for a hostPath mount of '/'"));
  classes(errors, at, spec, isInline);
  return errors;
}
