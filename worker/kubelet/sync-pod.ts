/**
 * The pod worker: finds the one next thing to do for a Pod, does it, and says when to come back.
 * Everything follows from the API's object and the node's record, so that it may be cut off anywhere.
 * Upstream: pkg/kubelet/kubelet.go SyncPod, kuberuntime_manager.go SyncPod, computePodActions.
 */
import { msOf } from "#apimachinery/time.ts";
import type { V1Container, V1ContainerStatus } from "#apimachinery/api/core-v1.ts";
import { done, requeueAt, type Result, sooner } from "#client/component.ts";
import { createContainer, restartContainer, startContainer } from "./containers.ts";
import { hearAll } from "./hearing.ts";
import { stopContainer } from "./stop.ts";
import { backOffNoticedMs, noticeBackOff } from "./image-manager.ts";
import { type ContainerRecord, probeKinds, withContainer } from "./pod-record.ts";
import { probeOf, runProbe } from "./probes/prober.ts";
import { report } from "./report.ts";
import { noteResize, resizeNext } from "./resize.ts";
import { initMayRestart, isSidecar, mayRestart } from "./restart-policy.ts";
import { runSandbox } from "./sandbox.ts";
import { isTerminal } from "./status/pod-status.ts";
import { endsNext, noteExits, stopAll, terminate } from "./termination.ts";
import { containersOf, firstEphemeral, goOn, save, tell, type Worker } from "./worker.ts";
import { mountVolumes } from "./volumes.ts";

const deadlineMessage = "Pod was active on the node longer than the specified deadline";

/** One step of one Pod. */
export function syncPod(given: Worker): Result {
  if (given.pod.metadata.deletionTimestamp !== undefined) return terminate(given);
  const on = noteExits(hearAll(noteResize(given)));
  const { pod, record, step } = on;
  if (isTerminal(pod.status?.phase) || record.failed !== undefined) return finish(on);
  if (pod.status?.startTime === undefined) return written(on);
  const deadline = deadlineMs(on);
  if (deadline !== undefined && step.reached(deadline, "wait")) return overdue(on);
  if (record.sandbox === undefined || record.sandbox.stopped) return prepare(on);
  if (!step.reached(record.busyMs, "work")) return requeueAt(record.busyMs, "work");
  if (!hasSandboxTold(on) || hasUntoldExit(on)) if (report(on)) return goOn(on);
  const acted = resizeNext(on) ?? startNext(on);
  if (acted !== undefined) return acted;
  return settle(on, deadline === undefined ? done : requeueAt(deadline, "wait"));
}

/** Writes what there is to say, and comes back by the write's own event. */
function written(on: Worker): Result {
  return report(on) ? goOn(on) : done;
}

function deadlineMs({ pod: { spec, status } }: Worker): number | undefined {
  const seconds = spec?.activeDeadlineSeconds;
  return seconds === undefined || status?.startTime === undefined
    ? undefined
    : msOf(status.startTime) + seconds * 1000;
}

function overdue(on: Worker): Result {
  tell(on, { reason: "DeadlineExceeded", message: deadlineMessage });
  save(on, { ...on.record, failed: { reason: "DeadlineExceeded", message: deadlineMessage } });
  return goOn(on);
}

/** A Pod in its last phase: its containers and its sandbox go, its object stays. */
function finish(on: Worker): Result {
  if (!isTerminal(on.pod.status?.phase)) if (report(on)) return goOn(on);
  const stopped = stopAll(on, (on.pod.spec?.terminationGracePeriodSeconds ?? 30) * 1000);
  return stopped === "stopped" ? written(on) : stopped;
}

/** Volumes, then the sandbox. */
function prepare(on: Worker): Result {
  const { record, step } = on;
  const retryMs = record.mounts?.retryMs;
  if (retryMs !== undefined && !step.reached(retryMs, "wait")) return requeueAt(retryMs, "wait");
  return mountVolumes(on) ?? runSandbox(on);
}

const hasSandboxTold = ({ pod: { status } }: Worker): boolean =>
  status?.conditions?.some(
    ({ type, status: value }) => type === "PodReadyToStartContainers" && value === "True",
  ) === true;

/** Did a container end without the API knowing? */
function hasUntoldExit({ pod: { status }, record }: Worker): boolean {
  return record.containers.some(({ name, state, exit }) => {
    if (state !== "exited" || exit === undefined) return false;
    const is = (container: V1ContainerStatus): boolean => container.name === name;
    const told =
      status?.containerStatuses?.find(is) ??
      status?.initContainerStatuses?.find(is) ??
      status?.ephemeralContainerStatuses?.find(is);
    const id = `containerd://${exit.id}`;
    return (
      told?.state?.terminated?.containerID !== id && told?.lastState?.terminated?.containerID !== id
    );
  });
}

/** Starts what should run and does not; undefined: nothing to start now. */
function startNext(on: Worker): Result | undefined {
  const { pod, record } = on;
  const specs = containersOf(pod);
  const inits = pod.spec?.initContainers?.length ?? 0;
  const later = firstEphemeral(pod);
  // They help to see why the others do not start, so they wait for nobody.
  for (let at = later; at < specs.length; at += 1) {
    const acted = startOne(on, at, specs[at] as V1Container);
    if (acted !== undefined) return acted;
  }
  const initialized = record.containers.some(
    ({ id }, at) => at >= inits && at < later && id !== "",
  );
  for (let at = 0; at < later; at += 1) {
    const spec = specs[at] as V1Container;
    const container = record.containers[at] as ContainerRecord;
    const init = at < inits;
    if (init && initialized && !isSidecar(spec)) continue;
    const acted = startOne(on, at, spec);
    if (acted !== undefined) return acted;
    if (!init || initialized) continue;
    const goesOn = isSidecar(spec)
      ? container.state === "running" && container.started
      : container.exit?.code === 0 && container.state === "exited";
    if (!goesOn) return undefined;
  }
  return undefined;
}

function startOne(on: Worker, at: number, spec: V1Container): Result | undefined {
  const { record, step } = on;
  const container = record.containers[at] as ContainerRecord;
  const changed = container.wanted !== undefined && container.wanted !== spec.image;
  if (container.state === "running") {
    if (!changed || container.stopping) return undefined;
    const graceMs = (on.pod.spec?.terminationGracePeriodSeconds ?? 30) * 1000;
    return stopContainer(on, at, {
      spec,
      graceMs,
      message: `Container ${spec.name} definition changed, will be restarted`,
    });
  }
  if (container.state === "created") return startContainer(on, at, spec);
  if (container.pull !== undefined && !changed) return createContainer(on, at, spec);
  if (changed) {
    const anew: ContainerRecord = {
      ...container,
      waiting: undefined,
      pull: undefined,
      retryMs: undefined,
      pulls: undefined,
      crashes: undefined,
    };
    return createContainer({ ...on, record: withContainer(record, at, anew) }, at, spec);
  }
  if (container.state === "exited" && !restarts(on, at, spec)) return undefined;
  if (container.waiting !== undefined) {
    const { retryMs, waiting } = container;
    const noticed =
      waiting.reason !== "ErrImagePull" ||
      !step.reached((container.pulls?.updatedMs ?? 0) + backOffNoticedMs, "work");
    if (!noticed && isReported(on, container)) return noticeBackOff(on, at);
    const blocked =
      waiting.reason === "RunContainerError"
        ? !isReported(on, container)
        : retryMs === undefined || !step.reached(retryMs, "wait");
    if (blocked) return undefined;
  }
  return container.state === "exited"
    ? restartContainer(on, at, spec)
    : createContainer(on, at, spec);
}

/** Does the API show this container's waiting reason? */
const isReported = ({ pod: { status } }: Worker, { name, waiting }: ContainerRecord): boolean =>
  [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ].some((told) => told.name === name && told.state?.waiting?.reason === waiting?.reason);

function restarts({ pod, record }: Worker, at: number, spec: V1Container): boolean {
  const code = record.containers[at]?.exit?.code ?? 0;
  if (pod.spec === undefined || at >= firstEphemeral(pod)) return false;
  return at < (pod.spec.initContainers?.length ?? 0)
    ? initMayRestart(spec, pod.spec, code)
    : mayRestart(spec, pod.spec, code);
}

/** Nothing to start: probes that are due, the status, and the next moment of interest. */
function settle(on: Worker, deadline: Result): Result {
  const { record, step, pod } = on;
  const specs = containersOf(pod);
  let next = sooner(deadline, endsNext(record.containers));
  for (let at = 0; at < specs.length; at += 1) {
    const container = record.containers[at] as ContainerRecord;
    next = sooner(next, retryOf(on, container));
    if (container.state !== "running" || container.stopping || container.probes === undefined)
      continue;
    for (const kind of probeKinds) {
      const probe = container.probes[kind];
      if (probe?.dueMs === undefined || probeOf(specs[at] as V1Container, kind) === undefined)
        continue;
      if (!step.reached(probe.dueMs, probe.delay)) {
        next = sooner(next, requeueAt(probe.dueMs, probe.delay));
        continue;
      }
      if (report(on)) return goOn(on);
      const probed = runProbe(on, at, kind, specs[at] as V1Container);
      if ("result" in probed) return probed.result;
      report({ ...on, record: probed });
      return goOn(on);
    }
  }
  if (report(on)) return next === undefined ? done : sooner(goOn(on), next);
  return next;
}

/** When a container that does not start is looked at again. */
function retryOf(on: Worker, container: ContainerRecord): Result {
  const { waiting, retryMs, pulls } = container;
  if (waiting === undefined) return done;
  const retry = retryMs === undefined ? done : requeueAt(retryMs, "wait");
  if (waiting.reason !== "ErrImagePull") return retry;
  return sooner(retry, requeueAt((pulls?.updatedMs ?? on.step.nowMs) + backOffNoticedMs, "work"));
}
