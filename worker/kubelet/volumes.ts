/**
 * Volumes that need an object of the API: the Pod waits until it is there.
 * Upstream: pkg/kubelet/volumemanager, pkg/volume/configmap, pkg/volume/secret.
 */
import type { V1Volume } from "#apimachinery/api/core-v1.ts";
import { requeueAt, type Result } from "#client/component.ts";
import { keysOf } from "./container-config.ts";
import { save, tell, type Worker } from "./worker.ts";

const firstRetryMs = 500;
const lastRetryMs = 122_000;

/** Why it cannot be mounted; undefined: it can. */
function missing(on: Worker, { configMap, secret }: V1Volume): string | undefined {
  const kind = configMap === undefined ? "Secret" : "ConfigMap";
  const name = configMap?.name ?? secret?.secretName ?? "";
  const optional = configMap?.optional ?? secret?.optional;
  const keys = keysOf(on, kind, name);
  if (keys === undefined)
    return optional ? undefined : `${kind.toLowerCase()} ${JSON.stringify(name)} not found`;
  const absent = (configMap?.items ?? secret?.items)?.find(({ key }) => keys[key] === undefined);
  return absent === undefined || optional
    ? undefined
    : `${kind.toLowerCase()} references non-existent config key: ${absent.key}`;
}

/** Undefined: everything is mounted. */
export function mountVolumes(on: Worker): Result | undefined {
  const { pod, record, step } = on;
  for (const volume of pod.spec?.volumes ?? []) {
    if (volume.configMap === undefined && volume.secret === undefined) continue;
    const why = missing(on, volume);
    if (why === undefined) continue;
    const tries = record.mounts?.tries ?? 0;
    tell(on, {
      type: "Warning",
      reason: "FailedMount",
      message: `MountVolume.SetUp failed for volume ${JSON.stringify(volume.name)} : ${why}`,
    });
    const retryMs = step.nowMs + Math.min(firstRetryMs * 2 ** tries, lastRetryMs);
    save(on, { ...record, mounts: { tries: tries + 1, retryMs } });
    return requeueAt(retryMs, "wait");
  }
  return undefined;
}
