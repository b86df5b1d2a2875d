/** `Warning:` texts for PersistentVolumes and claims. Upstream: pkg/api/persistentvolume/util.go, pkg/api/persistentvolumeclaim/util.go. */
import type {
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1PersistentVolumeSpec,
} from "#apimachinery/api/core-v1.ts";
import { FieldPath } from "#apimachinery/field.ts";
import { claimWarnings } from "./claim-spec.ts";
import { termWarnings } from "./pod-spec/warnings.ts";

const spec = new FieldPath("spec");
const annotationsAt = new FieldPath("metadata").child("annotations");
const storageClass = "volume.beta.kubernetes.io/storage-class";
const useStorageClass = 'deprecated since v1.8; use "storageClassName" attribute instead';
const oldAnnotations: Readonly<Record<string, string>> = {
  [storageClass]: useStorageClass,
  "volume.beta.kubernetes.io/mount-options":
    'deprecated since v1.31; use "mountOptions" attribute instead',
};
/** With the path as upstream spells it. */
const oldSources: readonly (readonly [keyof V1PersistentVolumeSpec, string, string])[] = [
  ["cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"],
  ["photonPersistentDisk", "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"],
  ["scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"],
  ["storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"],
  ["glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"],
  ["rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"],
];

export function volumeWarnings({ metadata, spec: given = {} }: V1PersistentVolume): string[] {
  const found = Object.entries(oldAnnotations).flatMap(([key, text]) =>
    metadata.annotations?.[key] === undefined ? [] : [`${annotationsAt.key(key)}: ${text}`],
  );
  if (given.persistentVolumeReclaimPolicy === "Recycle")
    found.push(
      "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.",
    );
  const terms = spec.child("nodeAffinity", "required", "nodeSelectorTerms");
  for (const [i, term] of (given.nodeAffinity?.required?.nodeSelectorTerms ?? []).entries())
    found.push(...termWarnings(terms.index(i), term, false));
  for (const [name, shown, text] of oldSources)
    if (given[name] !== undefined) found.push(`${spec.child(shown)}: ${text}`);
  return found;
}

export const volumeClaimWarnings = (claim: V1PersistentVolumeClaim): readonly string[] => [
  ...(claim.metadata.annotations?.[storageClass] === undefined
    ? []
    : [`${annotationsAt.key(storageClass)}: ${useStorageClass}`]),
  ...claimWarnings(spec, claim.spec),
];
