/**
 * The whole status of a Pod as its kubelet sees it. Pure; equal parts are those of the old status.
 * Upstream: pkg/kubelet/kubelet_pods.go generateAPIPodStatus.
 */
import type { V1Container, V1Pod, V1PodStatus } from "#apimachinery/api/core-v1.ts";
import { timeText } from "#apimachinery/time.ts";
import { fresh, type PodRecord } from "#kubelet/pod-record.ts";
import { conditionsOf } from "./conditions.ts";
import { containerStatus } from "./containers.ts";
import { keep } from "./keep.ts";
import { phaseOf, type Phase } from "./phase.ts";

export const isTerminal = (phase: string | undefined): phase is "Succeeded" | "Failed" =>
  phase === "Succeeded" || phase === "Failed";

/** Something has been tried with a container: from then on the runtime's IP is reported too. */
const begun = ({ containers }: PodRecord): boolean =>
  containers.some(({ state, waiting }) => state !== "none" || waiting !== undefined);

export function podStatus(
  pod: V1Pod,
  record: PodRecord,
  hostIp: string,
  nowMs: number,
): V1PodStatus {
  const { spec, status: old = {} } = pod;
  if (spec === undefined) return old;
  const initCount = spec.initContainers?.length ?? 0;
  const init = (spec.initContainers ?? []).map((container, i) =>
    containerStatus(pod, container, record.containers[i] ?? none, true),
  );
  const regular = spec.containers.map((container, i) =>
    containerStatus(pod, container, record.containers[initCount + i] ?? none, false),
  );
  // Ready they are never: nobody waits for them.
  const ephemeral = (spec.ephemeralContainers ?? []).map((container, i) => ({
    ...containerStatus(
      pod,
      container as V1Container,
      record.containers[initCount + regular.length + i] ?? none,
      false,
    ),
    ready: false,
  }));
  const { failed, sandbox } = record;
  const ended = pod.metadata.deletionTimestamp !== undefined;
  const phase: Phase = isTerminal(old.phase)
    ? old.phase
    : failed !== undefined
      ? "Failed"
      : phaseOf(spec, init, regular, ended);
  const ready = sandbox !== undefined && !sandbox.stopped;
  const ip = spec.hostNetwork ? hostIp : begun(record) ? sandbox?.ip : undefined;
  const podIp = ip === undefined || ip === "" ? old.podIP : ip;
  const next: V1PodStatus = {
    ...old,
    observedGeneration: pod.metadata.generation,
    phase,
    conditions: conditionsOf(
      pod,
      { phase, init, regular, sandbox: ready, resize: record.resize },
      nowMs,
    ),
    ...(failed === undefined ? undefined : { reason: failed.reason, message: failed.message }),
    hostIP: hostIp,
    hostIPs: [{ ip: hostIp }],
    ...(podIp === undefined ? undefined : { podIP: podIp, podIPs: [{ ip: podIp }] }),
    startTime: old.startTime ?? timeText(nowMs),
    ...(initCount === 0 ? undefined : { initContainerStatuses: init }),
    containerStatuses: regular,
    ...(ephemeral.length === 0 ? undefined : { ephemeralContainerStatuses: ephemeral }),
  };
  return keep(old, next);
}

const none = fresh("");
