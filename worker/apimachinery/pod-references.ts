/**
 * The Secrets and ConfigMaps that a Pod names: what its node must be able to read for it.
 * Upstream: pkg/api/pod/util.go VisitPodSecretNames, VisitPodConfigmapNames.
 */
import type { V1Container, V1PodSpec, V1Volume } from "#apimachinery/api/core-v1.ts";

type Visit = (name: string | undefined) => void;

/** Init containers, containers and those that came later. */
function containers(spec: V1PodSpec, visit: (container: V1Container) => void): void {
  for (const one of spec.initContainers ?? []) visit(one);
  for (const one of spec.containers ?? []) visit(one);
  for (const one of spec.ephemeralContainers ?? []) visit(one as V1Container);
}

function secretOfVolume(volume: V1Volume): string | undefined {
  const { azureFile, csi, secret, cephfs, cinder, flexVolume, rbd, scaleIO, iscsi, storageos } =
    volume;
  return (
    secret?.secretName ??
    azureFile?.secretName ??
    csi?.nodePublishSecretRef?.name ??
    (cephfs ?? cinder ?? flexVolume ?? rbd ?? scaleIO ?? iscsi ?? storageos)?.secretRef?.name
  );
}

/** Names may come more than once, and may be empty. */
export function visitSecrets(spec: V1PodSpec, visit: Visit): void {
  for (const { name } of spec.imagePullSecrets ?? []) visit(name);
  containers(spec, ({ env, envFrom }) => {
    for (const { secretRef } of envFrom ?? []) visit(secretRef?.name);
    for (const { valueFrom } of env ?? []) visit(valueFrom?.secretKeyRef?.name);
  });
  for (const volume of spec.volumes ?? []) {
    if (volume.projected === undefined) visit(secretOfVolume(volume));
    else for (const { secret } of volume.projected.sources ?? []) visit(secret?.name);
  }
}

/** As `visitSecrets`. */
export function visitConfigMaps(spec: V1PodSpec, visit: Visit): void {
  containers(spec, ({ env, envFrom }) => {
    for (const { configMapRef } of envFrom ?? []) visit(configMapRef?.name);
    for (const { valueFrom } of env ?? []) visit(valueFrom?.configMapKeyRef?.name);
  });
  for (const { projected, configMap } of spec.volumes ?? []) {
    visit(configMap?.name);
    for (const source of projected?.sources ?? []) visit(source.configMap?.name);
  }
}

function hasAny(visitAll: (spec: V1PodSpec, visit: Visit) => void, spec: V1PodSpec): boolean {
  let found = false;
  visitAll(spec, (name) => {
    if (name) found = true;
  });
  return found;
}
export const referencesSecret = (spec: V1PodSpec): boolean => hasAny(visitSecrets, spec);
export const referencesConfigMap = (spec: V1PodSpec): boolean => hasAny(visitConfigMaps, spec);
