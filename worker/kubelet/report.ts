/**
 * The status manager: writes a Pod's status when it says something new, and knows which record the
 * API already tells of.
 * Upstream: pkg/kubelet/status/status_manager.go.
 */
import type { V1Pod, V1PodStatus } from "#apimachinery/api/core-v1.ts";
import { isReason } from "#apimachinery/status.ts";
import type { PodRecord } from "./pod-record.ts";
import { podStatus } from "./status/pod-status.ts";
import type { Worker } from "./worker.ts";

/** Which record and which spec a status in the API was made of. A cache: without it, it is made and compared again. */
interface Told {
  readonly record: PodRecord;
  readonly generation: number | undefined;
}
const told = new WeakMap<V1PodStatus, Told>();

/** Does the API already say all there is to say? */
export function isTold({ pod: { metadata, status }, record }: Worker): boolean {
  const known = status === undefined ? undefined : told.get(status);
  return known !== undefined && known.record === record && known.generation === metadata.generation;
}

/** PATCH /status if anything differs; true: it was written. */
export function report(on: Worker): boolean {
  if (isTold(on)) return false;
  const { pod, record, node, step } = on;
  const { namespace, name = "", uid, generation } = pod.metadata;
  const next = podStatus(pod, record, node.ip, step.nowMs);
  if (next === pod.status) {
    told.set(next, { record, generation });
    return false;
  }
  const target = { kind: "v1/Pod", namespace, name, subresource: "status" };
  try {
    const written = step.client.patch<V1Pod>(target, (current) => {
      if (current.metadata.uid !== uid) return current;
      const status =
        current.status === pod.status ? next : podStatus(current, record, node.ip, step.nowMs);
      return status === current.status ? current : { ...current, status };
    });
    if (written?.status !== undefined)
      told.set(written.status, { record, generation: written.metadata.generation });
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
  return true;
}
