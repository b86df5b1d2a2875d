/** The spec of a PersistentVolume, also where a VolumeAttachment holds one. Upstream: pkg/apis/core/validation ValidatePersistentVolumeSpec. */
import type {
  V1AzureFilePersistentVolumeSource,
  V1CSIPersistentVolumeSource,
  V1GlusterfsPersistentVolumeSource,
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
import { dns1123Label, dns1123Subdomain } from "#apimachinery/names.ts";
import { driverName } from "#apiserver/kinds/rules/driver-name.ts";
import { hasBacksteps } from "#apiserver/kinds/rules/path.ts";
import { basicAmount, positiveAmount } from "#apiserver/kinds/rules/resource.ts";
import {
  type Errors,
  named,
  oneOfIfAny,
  requiredName,
  type Rule,
} from "#apiserver/kinds/rules/rule.ts";
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
    requiredName(errors, here.child(name, "name"), secret.name, dns1123Subdomain);
    requiredName(errors, here.child(name, "namespace"), secret.namespace, dns1123Label);
  }
};
/** The Pods' own sort of volume, and a secret that lies in a namespace. */
const both =
  (one: Rule<never>, other: Rule<object>): Rule<object> =>
  (errors, here, given) => {
    one(errors, here, given as never);
    other(errors, here, given);
  };
const glusterfs: Rule<V1GlusterfsPersistentVolumeSource> = (errors, here, given) => {
  needs("endpoints", "path")(errors, here, given);
  const { endpointsNamespace: namespace } = given;
  if (namespace === undefined) return;
  const field = here.child("endpointsNamespace");
  if (namespace === "")
    errors.push(
      invalid(
        field,
        namespace,
        "if the endpointnamespace is set, it must be a valid namespace name",
      ),
    );
  else named(errors, field, namespace, dns1123Label);
};
const azureFile: Rule<V1AzureFilePersistentVolumeSource> = (errors, here, given) => {
  needs("secretName", "shareName")(errors, here, given);
  if (given.secretNamespace === "") errors.push(required(here.child("secretNamespace")));
};

interface Paths {
  /** Where upstream says a problem lies, when that is not the field's name. */
  readonly shown?: string;
  /** Where it says that there is more than one. */
  readonly refused?: string;
}
/** In upstream's order. */
export const sources: readonly (readonly [Name, Rule<never>, Paths?])[] = [
  ["hostPath", hostPath],
  ["gcePersistentDisk", partitioned("pdName"), { shown: "persistentDisk" }],
  ["awsElasticBlockStore", partitioned("volumeID")],
  ["glusterfs", glusterfs],
  ["flocker", flocker],
  ["nfs", nfs],
  ["rbd", needs("monitors", "image")],
  ["quobyte", quobyte],
  ["cephfs", needs("monitors"), { refused: "cephFS" }],
  ["iscsi", both(iscsi("must be valid format"), needs("secretRef.name"))],
  ["cinder", needs("volumeID", "secretRef.name", "secretRef.namespace")],
  ["fc", fibreChannel],
  ["flexVolume", flexVolume],
  ["azureFile", azureFile],
  ["vsphereVolume", needs("volumePath")],
  ["photonPersistentDisk", needs("pdID")],
  ["portworxVolume", needs("volumeID")],
  ["azureDisk", azureDisk],
  ["scaleIO", needs("gateway", "system", "volumeName")],
  ["local", local],
  ["storageos", both(storageOs, needs("secretRef.namespace"))],
  ["csi", csi],
];

function source(errors: Errors, at: FieldPath, spec: V1PersistentVolumeSpec): void {
  let seen = 0;
  for (const [name, rule, { shown = name, refused = name } = {}] of sources) {
    if (spec[name] === undefined) continue;
    seen += 1;
    // Upstream lets flexVolume be one more.
    if (seen > 1 && name !== "flexVolume")
      errors.push(forbidden(at.child(refused), "may not specify more than 1 volume type"));
    else rule(errors, at.child(shown), spec[name] as never);
  }
  if (seen === 0) errors.push(required(at, "must specify a volume type"));
  if (spec.local !== undefined && seen === 1 && spec.nodeAffinity === undefined)
    errors.push(required(at.child("nodeAffinity"), "Local volume requires node affinity"));
}

function size(
  errors: Errors,
  here: FieldPath,
  capacity: Readonly<Record<string, string>> | undefined,
): void {
  const names = Object.keys(capacity ?? {});
  if (names.length === 0) errors.push(required(here));
  if (names.length !== 1 || names[0] !== "storage")
    errors.push(unsupported(here, capacity, ["storage"]));
  for (const [name, amount] of Object.entries(capacity ?? {})) {
    basicAmount(errors, here.key(name), amount);
    positiveAmount(errors, here.key(name), amount);
  }
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

/** All that is left of it, once its steps back are taken. */
function isRoot(path: string | undefined = ""): boolean {
  const left: string[] = [];
  for (const part of path.split("/"))
    if (part === "..") left.pop();
    else if (part !== "" && part !== ".") left.push(part);
  return path.startsWith("/") && left.length === 0;
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
  if (
    spec.hostPath !== undefined &&
    isRoot(spec.hostPath.path) &&
    spec.persistentVolumeReclaimPolicy === "Recycle"
  )
    errors.push(forbidden(policy, "may not be 'recycle' for a hostPath mount of '/'"));
  classes(errors, at, spec, isInline);
  return errors;
}
