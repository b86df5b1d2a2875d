/** The Secrets a node needs to attach and mount a volume. Upstream: pkg/api/v1/persistentvolume/util.go VisitPVSecretNames, those that are visible to kubelets. */
import type { V1PersistentVolumeSpec } from "#apimachinery/api/core-v1.ts";

interface Named {
  readonly namespace: string;
  readonly name: string;
}
type Reference = { readonly name?: string | undefined; readonly namespace?: string | undefined };

export function volumeSecrets(spec: V1PersistentVolumeSpec | undefined): readonly Named[] {
  if (spec === undefined) return [];
  const { claimRef, azureFile, cephfs, cinder, csi, flexVolume, iscsi, rbd, scaleIO, storageos } =
    spec;
  const ofClaim = claimRef?.namespace ?? "";
  // Older volumes leave the namespace out: it is their claim's.
  const near = [cephfs, flexVolume, iscsi, rbd, scaleIO].map((one) => one?.secretRef);
  const exact = [
    cinder?.secretRef,
    storageos?.secretRef,
    csi?.nodePublishSecretRef,
    csi?.nodeStageSecretRef,
    csi?.nodeExpandSecretRef,
  ];
  const named = (reference: Reference | undefined, instead: string): readonly Named[] =>
    reference?.name ? [{ namespace: reference.namespace || instead, name: reference.name }] : [];
  const ofAzure = { name: azureFile?.secretName, namespace: azureFile?.secretNamespace };
  return [
    ...named(ofAzure, ofClaim),
    ...near.flatMap((one) => named(one, ofClaim)),
    ...exact.flatMap((one) => named(one, "")),
  ];
}
