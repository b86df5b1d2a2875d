/** PersistentVolume. Upstream: pkg/registry/core/persistentvolume/strategy.go, pkg/apis/core/validation ValidatePersistentVolume. */
import type {
  V1CSIPersistentVolumeSource,
  V1LocalVolumeSource,
  V1PersistentVolume,
  V1PersistentVolumeSpec,
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
import { dns1123Subdomain } from "#apimachinery/names.ts";
import { timeText } from "#apimachinery/time.ts";
import { ageColumn, column, nameColumn, wide } from "#apiserver/kinds/columns.ts";
import { at as change, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { hasBacksteps } from "#apiserver/kinds/rules/path.ts";
import { positiveAmount } from "#apiserver/kinds/rules/resource.ts";
import {
  type Errors,
  immutable,
  immutableText,
  named,
  oneOfIfAny,
  type Rule,
} from "#apiserver/kinds/rules/rule.ts";
import { accessModes, accessModesText, phaseText, unset, volumeModes } from "./claim-spec.ts";
import { nodeSelector } from "./pod-spec/affinity.ts";
import {
  azureDisk,
  driverName,
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

const at = new FieldPath("spec");
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
const sources: readonly (readonly [Name, Rule<never>])[] = [
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

function source(errors: Errors, spec: V1PersistentVolumeSpec): void {
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

function size(errors: Errors, capacity: Readonly<Record<string, string>> | undefined): void {
  const here = at.child("capacity");
  const names = Object.keys(capacity ?? {});
  if (names.length === 0) errors.push(required(here));
  else if (names.length > 1 || names[0] !== "storage")
    errors.push(unsupported(here, capacity, ["storage"]));
  for (const [name, amount] of Object.entries(capacity ?? {}))
    positiveAmount(errors, here.key(name), amount);
}

function validate({ spec = {} }: V1PersistentVolume): readonly FieldError[] {
  const errors: Errors = [];
  const { accessModes: modes = [], persistentVolumeReclaimPolicy: policy } = spec;
  if (modes.length === 0) errors.push(required(at.child("accessModes")));
  accessModes(errors, at.child("accessModes"), modes);
  size(errors, spec.capacity);
  const reclaim = at.child("persistentVolumeReclaimPolicy");
  if (policy) oneOfIfAny(errors, reclaim, policy, ["Delete", "Recycle", "Retain"]);
  const { nodeAffinity } = spec;
  if (nodeAffinity !== undefined) {
    const here = at.child("nodeAffinity", "required");
    if (nodeAffinity.required === undefined)
      errors.push(required(here, "must specify required node constraints"));
    else nodeSelector(errors, here, nodeAffinity.required);
  }
  source(errors, spec);
  if (/^\/+$/.test(spec.hostPath?.path ?? "") && policy === "Recycle")
    errors.push(forbidden(reclaim, "may not be 'recycle' for a hostPath mount of '/'"));
  if (spec.storageClassName)
    named(errors, at.child("storageClassName"), spec.storageClassName, dns1123Subdomain);
  oneOfIfAny(errors, at.child("volumeMode"), spec.volumeMode, volumeModes);
  const { volumeAttributesClassName: attributes } = spec;
  if (attributes === undefined) return errors;
  const here = at.child("volumeAttributesClassName");
  if (attributes === "") errors.push(required(here, "an empty string is disallowed"));
  else named(errors, here, attributes, dns1123Subdomain);
  if (spec.csi === undefined)
    errors.push(
      required(at.child("csi"), "has to be specified when using volumeAttributesClassName"),
    );
  return errors;
}

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
  validate,
  validateUpdate,
  columns: [
    nameColumn,
    column(
      "Capacity",
      "string",
      "How much it holds.",
      ({ spec }) => spec?.capacity?.["storage"] ?? "",
    ),
    column("Access Modes", "string", "Who may mount it.", ({ spec }) =>
      accessModesText(spec?.accessModes),
    ),
    column(
      "Reclaim Policy",
      "string",
      "What becomes of it afterwards.",
      ({ spec }) => spec?.persistentVolumeReclaimPolicy ?? "",
    ),
    column("Status", "string", "Whether it is bound.", phaseText),
    column("Claim", "string", "Whose it is.", ({ spec }) =>
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
    column("Reason", "string", "Why it is as it is.", ({ status }) => status?.reason ?? ""),
    ageColumn,
    wide("VolumeMode", "File system or block.", ({ spec }) => spec?.volumeMode ?? unset),
  ],
};
