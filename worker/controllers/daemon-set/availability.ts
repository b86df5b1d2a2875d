/** Since when a DaemonSet's Pod serves. Upstream: pkg/api/v1/pod/util.go IsPodAvailable. */
import type { V1DaemonSet } from "#apimachinery/api/apps-v1.ts";
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { availableAtMs } from "#controllers/pods.ts";

/** Undefined: it is not ready. */
export const availableFrom = ({ spec }: V1DaemonSet, pod: V1Pod): number | undefined =>
  availableAtMs(pod, spec?.minReadySeconds ?? 0);

export const isAvailable = (set: V1DaemonSet, pod: V1Pod, nowMs: number): boolean =>
  (availableFrom(set, pod) ?? Number.POSITIVE_INFINITY) <= nowMs;
