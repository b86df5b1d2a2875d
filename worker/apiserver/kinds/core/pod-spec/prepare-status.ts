/**
 * A Pod's status as somebody writes it, before it is judged: what is left out stays, what is off goes.
 * Upstream: pkg/registry/core/pod/strategy.go podStatusStrategy PrepareForUpdate.
 */
import type { V1Pod, V1PodStatus } from "#apimachinery/api/core-v1.ts";
import { at as change, each } from "#apiserver/kinds/fill.ts";
import { statusLists } from "./container-status.ts";

type Conditions = NonNullable<V1PodStatus["conditions"]>;
/** A writer who does not know of observedGeneration leaves it as it was: of each condition, and of the status. */
function withGenerations(next: Conditions, previous: Conditions): Conditions {
  if (next.every(({ observedGeneration }) => observedGeneration)) return next;
  const left = [...previous];
  return each(next, (one) => {
    const i = left.findIndex(({ type }) => type === one.type);
    const [old] = i < 0 ? [] : left.splice(i, 1);
    return one.observedGeneration || !old?.observedGeneration
      ? one
      : { ...one, observedGeneration: old.observedGeneration };
  });
}
/** The first address has two names. Upstream: pkg/apis/core/v1/conversion.go Convert_v1_PodStatus_To_core_PodStatus. */
function withOneAddress(status: V1PodStatus): V1PodStatus {
  const { podIP, podIPs = [] } = status;
  const [first] = podIPs;
  if (podIP === first?.ip) return status;
  if (podIP) return { ...status, podIPs: [{ ip: podIP }] };
  return first === undefined ? status : { ...status, podIP: first.ip };
}

const tellsOfVolumes = (status: V1PodStatus): boolean =>
  statusLists.some((list) =>
    status[list]?.some(({ volumeMounts }) =>
      volumeMounts?.some(({ volumeStatus }) => volumeStatus !== undefined),
    ),
  );
/** Fields whose features are off, unless somebody got them in. Upstream: pkg/api/pod dropDisabledPodStatusFields. */
function supportedStatus(given: V1PodStatus, old: V1PodStatus): V1PodStatus {
  let status = given;
  if (status.nodeAllocatableResourceClaimStatuses && !old.nodeAllocatableResourceClaimStatuses) {
    const { nodeAllocatableResourceClaimStatuses: _off, ...rest } = status;
    status = rest;
  }
  if (!tellsOfVolumes(status) || tellsOfVolumes(old)) return status;
  for (const list of statusLists)
    status = change(status, list, (containers) =>
      each(containers, (one) =>
        change(one, "volumeMounts", (mounts) =>
          each(mounts, ({ volumeStatus: _off, ...mount }) => mount),
        ),
      ),
    );
  return status;
}

/** The same Pod when there is nothing to do. */
export function preparePodStatus(next: V1Pod, previous: V1Pod): V1Pod {
  const { status: old = {} } = previous;
  if (next.status === previous.status) return next;
  let status = supportedStatus(withOneAddress(next.status ?? {}), old);
  if (!status.qosClass && old.qosClass) status = { ...status, qosClass: old.qosClass };
  if (!status.observedGeneration && old.observedGeneration)
    status = { ...status, observedGeneration: old.observedGeneration };
  if (old.conditions !== undefined && status.conditions !== old.conditions)
    status = change(status, "conditions", (list) => withGenerations(list, old.conditions ?? []));
  return status === next.status ? next : { ...next, status };
}
