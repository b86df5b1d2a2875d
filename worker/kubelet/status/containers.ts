/**
 * containerStatuses: what the API says of a container, from its spec and the node's record of it.
 * Upstream: pkg/kubelet/kubelet_pods.go convertToAPIContainerStatuses.
 */
import type {
  V1Container,
  V1ContainerState,
  V1ContainerStatus,
  V1Pod,
  V1VolumeMountStatus,
} from "#apimachinery/api/core-v1.ts";
import { timeText } from "#apimachinery/time.ts";
import type { ContainerRecord, Exit } from "#kubelet/pod-record.ts";
import { isSidecar } from "#kubelet/restart-policy.ts";

const nothing: V1ContainerState = {};
const creating: V1ContainerState = { waiting: { reason: "ContainerCreating" } };
const initializing: V1ContainerState = { waiting: { reason: "PodInitializing" } };
const noMounts: readonly V1VolumeMountStatus[] = [];

const terminated = ({
  id,
  code,
  reason,
  message,
  startedMs,
  finishedMs,
}: Exit): V1ContainerState => ({
  terminated: {
    exitCode: code,
    reason,
    ...(message === undefined || message === "" ? undefined : { message }),
    startedAt: timeText(startedMs),
    finishedAt: timeText(finishedMs),
    containerID: `containerd://${id}`,
  },
});

const mountsByList = new WeakMap<object, readonly V1VolumeMountStatus[]>();

function mountsOf({ volumeMounts }: V1Container): readonly V1VolumeMountStatus[] {
  if (volumeMounts === undefined || volumeMounts.length === 0) return noMounts;
  const present = mountsByList.get(volumeMounts);
  if (present !== undefined) return present;
  const made = volumeMounts.map(({ name, mountPath, readOnly }) =>
    readOnly ? { name, mountPath, readOnly, recursiveReadOnly: "Disabled" } : { name, mountPath },
  );
  mountsByList.set(volumeMounts, made);
  return made;
}

function stateOf(record: ContainerRecord, waits: V1ContainerState): V1ContainerState {
  if (record.state === "running") return { running: { startedAt: timeText(record.startedMs) } };
  if (record.waiting !== undefined) {
    const { reason, message } = record.waiting;
    return { waiting: message === "" ? { reason } : { reason, message } };
  }
  return record.state === "exited" && record.exit !== undefined ? terminated(record.exit) : waits;
}

/** The last container's end, when another one or a waiting reason took its place. */
const lastOf = ({ state, waiting, exit, last }: ContainerRecord): Exit | undefined =>
  state === "exited" && waiting !== undefined ? exit : last;

export function containerStatus(
  pod: V1Pod,
  container: V1Container,
  record: ContainerRecord,
  init: boolean,
): V1ContainerStatus {
  const waits = (pod.spec?.initContainers?.length ?? 0) > 0 ? initializing : creating;
  const running = record.state === "running";
  const last = lastOf(record);
  const mounts = mountsOf(container);
  const done = init && !isSidecar(container);
  const base = {
    name: container.name,
    state: stateOf(record, waits),
    lastState: last === undefined ? nothing : terminated(last),
    ready: done ? record.state === "exited" && record.exit?.code === 0 : running && record.ready,
    restartCount: record.attempt,
    image: record.id === "" ? container.image : record.image,
    imageID: record.imageId,
    started: running && (done || record.started),
    ...(mounts.length === 0 ? undefined : { volumeMounts: mounts }),
  };
  if (record.id === "") return base as V1ContainerStatus;
  const allocated = record.allocated ?? container.resources ?? {};
  const { requests } = allocated;
  const uid = container.securityContext?.runAsUser ?? pod.spec?.securityContext?.runAsUser ?? 0;
  const gid = container.securityContext?.runAsGroup ?? pod.spec?.securityContext?.runAsGroup ?? 0;
  return {
    ...base,
    containerID: `containerd://${record.id}`,
    ...(requests === undefined ? undefined : { allocatedResources: requests }),
    resources: running ? (record.actual ?? allocated) : allocated,
    ...(running ? { user: { linux: { uid, gid, supplementalGroups: [gid] } } } : undefined),
  } as V1ContainerStatus;
}
