/**
 * What each sort of volume must say, for Pods and for PersistentVolumes.
 * Upstream: pkg/apis/core/validation validate*VolumeSource.
 */
import type {
  V1AzureDiskVolumeSource,
  V1CSIVolumeSource,
  V1FCVolumeSource,
  V1FlexVolumeSource,
  V1FlockerVolumeSource,
  V1HostPathVolumeSource,
  V1ISCSIVolumeSource,
  V1KeyToPath,
  V1NFSVolumeSource,
  V1QuobyteVolumeSource,
} from "#apimachinery/api/core-v1.ts";
import { type FieldPath, invalid, required, unsupported } from "#apimachinery/field.ts";
import { dns1123Label, dns1123Subdomain } from "#apimachinery/names.ts";
import { driverName } from "#apiserver/kinds/rules/driver-name.ts";
import { noBacksteps, notReserved } from "#apiserver/kinds/rules/path.ts";
import {
  between,
  type Errors,
  named,
  oneOfIfAny,
  present,
  requiredName,
  type Rule,
} from "#apiserver/kinds/rules/rule.ts";

type Json = Readonly<Record<string, unknown>>;

/** Fields that must not be empty; a name with a dot is a field of an object that may be left out. */
export const needs =
  (...names: readonly string[]): Rule<object> =>
  (errors, at, source) => {
    for (const name of names) {
      const [head = "", field] = name.split(".");
      const value = (source as Json)[head];
      if (field === undefined) {
        if (!value || (Array.isArray(value) && value.length === 0))
          errors.push(required(at.child(head)));
      } else if (value !== undefined && !(value as Json)[field])
        errors.push(required(at.child(head, field)));
    }
  };

const mostMode = 0o777;
export function fileMode(errors: Errors, at: FieldPath, mode: number | undefined): void {
  if (mode !== undefined && (mode < 0 || mode > mostMode))
    errors.push(invalid(at, mode, "must be a number between 0 and 0777 (octal), both inclusive"));
}
export function keyToPath(errors: Errors, at: FieldPath, given: V1KeyToPath): void {
  present(errors, at.child("key"), given.key);
  present(errors, at.child("path"), given.path);
  notReserved(errors, at.child("path"), given.path ?? "");
  fileMode(errors, at.child("mode"), given.mode);
}

const hostPathTypes = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];
export const hostPath: Rule<V1HostPathVolumeSource> = (errors, at, { path, type }) => {
  if (!path) {
    errors.push(required(at.child("path")));
    return;
  }
  noBacksteps(errors, at.child("path"), path);
  if (type !== undefined && !hostPathTypes.includes(type))
    errors.push(unsupported(at.child("type"), type, hostPathTypes));
};

export const nfs: Rule<V1NFSVolumeSource> = (errors, at, given) => {
  needs("server", "path")(errors, at, given);
  if (!(given.path ?? "").startsWith("/"))
    errors.push(invalid(at.child("path"), given.path ?? "", "must be an absolute path"));
};

const qualifiedNames: readonly (readonly [string, RegExp])[] = [
  ["iqn", /iqn\.\d{4}-\d{2}\.([A-Za-z0-9-.]+)(:[^,;*&$|\s]+)$/],
  ["eui", /^eui.[A-Za-z0-9]{16}$/],
  ["naa", /^naa.[A-Za-z0-9]{32}$/],
];
function iscsiName(errors: Errors, at: FieldPath, name: string, unknown: string): void {
  const [, pattern] = qualifiedNames.find(([prefix]) => name.startsWith(prefix)) ?? [];
  if (pattern === undefined) errors.push(invalid(at, name, unknown));
  else if (!pattern.test(name)) errors.push(invalid(at, name, "must be valid format"));
}
const byte = [0, 255] as const;
/** `unknown`: volumes of Pods say more about a name that begins in no known way. */
export const iscsi =
  (unknown: string): Rule<V1ISCSIVolumeSource> =>
  (errors, at, given) => {
    needs("targetPortal")(errors, at, given);
    if (!given.iqn) errors.push(required(at.child("iqn")));
    else iscsiName(errors, at.child("iqn"), given.iqn, unknown);
    between(errors, at.child("lun"), given.lun, byte);
    if (
      (given.chapAuthDiscovery === true || given.chapAuthSession === true) &&
      given.secretRef === undefined
    )
      errors.push(required(at.child("secretRef")));
    if (given.initiatorName !== undefined)
      iscsiName(errors, at.child("initiatorname"), given.initiatorName, unknown);
  };
export const iscsiTooLong =
  "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.";

export const fibreChannel: Rule<V1FCVolumeSource> = (errors, at, given) => {
  const { targetWWNs = [], wwids = [], lun } = given;
  if (targetWWNs.length === 0 && wwids.length === 0)
    errors.push(
      required(at.child("targetWWNs"), "must specify either targetWWNs or wwids, but not both"),
    );
  if (targetWWNs.length > 0 && wwids.length > 0)
    errors.push(
      invalid(
        at.child("targetWWNs"),
        targetWWNs,
        "targetWWNs and wwids can not be specified simultaneously",
      ),
    );
  if (targetWWNs.length === 0) return;
  if (lun === undefined)
    errors.push(required(at.child("lun"), "lun is required if targetWWNs is specified"));
  else between(errors, at.child("lun"), lun, byte);
};

/** `id`: the field with the disk's name. */
export const partitioned =
  (id: string): Rule<object> =>
  (errors, at, given) => {
    needs(id)(errors, at, given);
    const { partition } = given as { readonly partition?: number };
    if (partition !== undefined && (partition < 0 || partition > 255))
      errors.push(
        invalid(at.child("partition"), partition, "must be between 1 and 255, inclusive"),
      );
  };

export const quobyte: Rule<V1QuobyteVolumeSource> = (errors, at, given) => {
  const pairs = "must be a host:port pair or multiple pairs separated by commas";
  if (!given.registry) errors.push(required(at.child("registry"), pairs));
  else if ((given.tenant ?? "").length >= 65)
    errors.push(
      required(at.child("tenant"), "must be a UUID and may not exceed a length of 64 characters"),
    );
  else
    for (const pair of given.registry.split(","))
      if (!/^[^:]*:[^:]*$/.test(pair))
        errors.push(invalid(at.child("registry"), given.registry, pairs));
  needs("volume")(errors, at, given);
};

export const flocker: Rule<V1FlockerVolumeSource> = (errors, at, given) => {
  const { datasetName = "", datasetUUID = "" } = given;
  if (datasetName === "" && datasetUUID === "")
    errors.push(required(at, "one of datasetName and datasetUUID is required"));
  if (datasetName !== "" && datasetUUID !== "")
    errors.push(
      invalid(at, "resource", "datasetName and datasetUUID can not be specified simultaneously"),
    );
  if (datasetName.includes("/"))
    errors.push(invalid(at.child("datasetName"), datasetName, "must not contain '/'"));
};

export const flexVolume: Rule<V1FlexVolumeSource> = (errors, at, given) => {
  needs("driver")(errors, at, given);
  for (const key of Object.keys(given.options ?? {})) {
    const namespace = `.${(key.split("/")[0] ?? "").toLowerCase()}`;
    if (namespace.endsWith(".kubernetes.io") || namespace.endsWith(".k8s.io"))
      errors.push(
        invalid(
          at.child("options").key(key),
          key,
          "kubernetes.io and k8s.io namespaces are reserved",
        ),
      );
  }
};

const managed =
  "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}";
const blob = "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd";
export const azureDisk: Rule<V1AzureDiskVolumeSource> = (errors, at, given) => {
  needs("diskName", "diskURI")(errors, at, given);
  const { kind, diskURI = "" } = given;
  oneOfIfAny(errors, at.child("cachingMode"), given.cachingMode, ["None", "ReadOnly", "ReadWrite"]);
  oneOfIfAny(errors, at.child("kind"), kind, ["Dedicated", "Managed", "Shared"]);
  if (kind === "Managed" && !diskURI.startsWith("/subscriptions/"))
    errors.push(unsupported(at.child("diskURI"), diskURI, [managed], "listed"));
  if (kind !== undefined && kind !== "Managed" && !diskURI.startsWith("https://"))
    errors.push(unsupported(at.child("diskURI"), diskURI, [blob], "listed"));
};

export const csi: Rule<V1CSIVolumeSource> = (errors, at, given) => {
  driverName(errors, at.child("driver"), given.driver);
  const { nodePublishSecretRef: secret } = given;
  if (secret === undefined) return;
  if (!secret.name) errors.push(required(at.child("nodePublishSecretRef", "name")));
  else named(errors, at.child("name"), secret.name, dns1123Subdomain);
};

export const storageOs: Rule<object> = (errors, at, given) => {
  const { volumeName, volumeNamespace } = given as {
    readonly volumeName?: string;
    readonly volumeNamespace?: string;
  };
  requiredName(errors, at.child("volumeName"), volumeName, dns1123Label);
  if (volumeNamespace) named(errors, at.child("volumeNamespace"), volumeNamespace, dns1123Label);
  needs("secretRef.name")(errors, at, given);
};
