/**
 * How a Pod ends on its node: stop what runs, stop the sandbox, tell the last status, let the object go.
 * Upstream: pkg/kubelet/kubelet.go SyncTerminatingPod, SyncTerminatedPod; kuberuntime_termination_order.go.
 */
import { msOf } from "#apimachinery/time.ts";
import { isReason } from "#apimachinery/status.ts";
import { done, requeueAt, type Result, sooner } from "#client/component.ts";
import { withExits } from "./containers.ts";
import { asksNext } from "./hearing.ts";
import { stopContainer } from "./stop.ts";
import { criFact } from "./cri.ts";
import type { ContainerRecord, PodRecord } from "./pod-record.ts";
import { report } from "./report.ts";
import { isSidecar } from "./restart-policy.ts";
import { releaseSandbox, stopSandbox } from "./sandbox.ts";
import { containersOf, goOn, save, type Worker } from "./worker.ts";

/** The least a container gets to stop in. */
const leastGraceMs = 2000;

/** Stops everything; undefined: nothing runs any more and the sandbox is gone. */
export function stopAll(given: Worker, graceMs: number): Result | "stopped" {
  const on = noteExits(given);
  const { record, pod } = on;
  const specs = containersOf(pod);
  const runs = (at: number): boolean => record.containers[at]?.state === "running";
  const stops = (at: number): boolean => record.containers[at]?.stopping === true;
  const regular = specs.flatMap((spec, at) => (isSidecar(spec) ? [] : [at])).filter(runs);
  // Sidecars outlive the others, and go in reverse order, one after the other.
  const sidecar = specs.findLastIndex((spec, at) => isSidecar(spec) && runs(at));
  const next =
    regular.length > 0
      ? regular.find((at) => !stops(at))
      : sidecar >= 0 && !stops(sidecar)
        ? sidecar
        : undefined;
  const spec = next === undefined ? undefined : specs[next];
  if (next !== undefined && spec !== undefined) {
    return stopContainer(on, next, { spec, graceMs, message: `Stopping container ${spec.name}` });
  }
  const waits = endsNext(record.containers);
  if (waits !== undefined) return waits;
  return record.sandbox === undefined || record.sandbox.stopped ? "stopped" : stopSandbox(on);
}

/** When the first of the running containers will have ended, or asks the network. */
export function endsNext(containers: readonly ContainerRecord[]): Result {
  let next: Result;
  for (const container of containers) {
    const { state, ends } = container;
    if (state === "running" && ends !== undefined)
      next = sooner(next, requeueAt(ends.atMs, ends.delay));
    next = sooner(next, asksNext(container));
  }
  return next;
}

/** The worker after the exits of this moment, which are saved. */
export function noteExits(on: Worker): Worker {
  const record = withExits(on);
  if (record === on.record) return on;
  save(on, record);
  return { ...on, record };
}

/** A shorter grace came after the first one: whoever still waits is killed by then. */
function hurried(on: Worker, killMs: number): Worker {
  const late = (container: ContainerRecord): boolean =>
    container.stopping === true &&
    container.ends !== undefined &&
    container.ends.atMs > killMs + leastGraceMs;
  if (!on.record.containers.some(late)) return on;
  const containers = on.record.containers.map((container) =>
    late(container)
      ? { ...container, ends: { atMs: killMs, delay: "work" as const, code: 137 } }
      : container,
  );
  const record: PodRecord = { ...on.record, containers };
  save(on, record);
  return { ...on, record };
}

/** A Pod with a deletionTimestamp. */
export function terminate(given: Worker): Result {
  const { pod } = given;
  const graceSeconds =
    pod.metadata.deletionGracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 30;
  const on = hurried(given, msOf(pod.metadata.deletionTimestamp ?? ""));
  const stopped = stopAll(on, graceSeconds * 1000);
  if (stopped !== "stopped") return stopped;
  const last = noteExits(on);
  if (last.record.sandbox !== undefined && report(last)) return goOn(on);
  return letGo(last);
}

/** DELETE with grace 0: the kubelet is done with it. Finalizers may still hold the object. */
export function letGo({ pod, step }: Worker): Result {
  if (pod.metadata.deletionGracePeriodSeconds === 0) return done;
  const { namespace, name = "", uid } = pod.metadata;
  try {
    step.client.delete({ kind: "v1/Pod", namespace, name }, { gracePeriodSeconds: 0, uid });
  } catch (error) {
    if (!isReason(error, "NotFound", "Conflict")) throw error;
  }
  return done;
}

/** The object is gone: whatever is left on the node goes too, without grace. */
export function removeOrphan(
  on: Pick<Worker, "record" | "row" | "node" | "obj" | "step" | "processes">,
): Result {
  const { record, row, node, obj, step, processes } = on;
  const { sandbox } = record;
  if (sandbox !== undefined && !sandbox.stopped) releaseSandbox({ node, obj, step }, sandbox);
  if (sandbox !== undefined) {
    step.explain(
      criFact("RemovePodSandbox", obj, {
        node: node.name,
        args: `id=${sandbox.id.slice(0, 13)}`,
        attempt: sandbox.attempt,
      }),
    );
  }
  for (const { id, last } of record.containers) {
    processes.forget(id);
    node.state.dropServed(id);
    if (last !== undefined) node.state.dropServed(last.id);
    node.state.dropLayer(id);
  }
  node.state.deletePod(row);
  return done;
}
