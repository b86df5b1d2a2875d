/**
 * The Pod's sandbox: made first, with its network; it holds the Pod's address and outlives its containers.
 * Upstream: pkg/kubelet/kuberuntime/kuberuntime_sandbox.go.
 */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { requeueAt, type Result } from "#client/component.ts";
import { criFact } from "./cri.ts";
import { fresh, type PodRecord } from "./pod-record.ts";
import { containersOf, drawId, drawMs, goOn, save, tell, type Worker } from "./worker.ts";

const createMs: readonly [number, number] = [300, 800];
/** After a failed sandbox the pod worker tries again about that often. */
const retryMs = 10_000;

/** The record of a Pod nobody has worked on yet. */
export const newRecord = ({ pod, row }: Pick<Worker, "pod" | "row">): PodRecord => ({
  namespace: pod.metadata.namespace ?? "",
  name: pod.metadata.name ?? "",
  uid: row.slice(row.lastIndexOf("/") + 1),
  busyMs: 0,
  containers: containersOf(pod).map(({ name }) => fresh(name)),
});

/** The record with a place for each ephemeral container; the same one when it has them all. */
export function withEphemeral(record: PodRecord, pod: V1Pod): PodRecord {
  if (pod.spec?.ephemeralContainers === undefined) return record;
  const missing = containersOf(pod).slice(record.containers.length);
  if (missing.length === 0) return record;
  const containers = [...record.containers, ...missing.map(({ name }) => fresh(name))];
  return { ...record, containers };
}

export function runSandbox(on: Worker): Result {
  const { pod, record, node, obj, step } = on;
  const attempt = record.sandbox === undefined ? 0 : record.sandbox.attempt + 1;
  const id = drawId(step, `${record.uid}/sandbox/${attempt}`);
  const hostNetwork = pod.spec?.hostNetwork === true;
  const args = `pod="${record.namespace}/${record.name}" id=${id.slice(0, 13)}`;
  const ip = hostNetwork ? "" : node.state.allocate(node.cidr);
  if (ip === undefined) return refused(on, id, args);
  step.explain(criFact("RunPodSandbox", obj, { node: node.name, args, attempt }));
  if (!hostNetwork) step.explain({ type: "cni", obj, data: { call: "ADD", ip, node: node.name } });
  const doneMs = step.nowMs + drawMs(step, "sandbox", `${record.uid}/${attempt}`, createMs);
  save(on, { ...record, busyMs: doneMs, sandbox: { id, attempt, ip, stopped: false } });
  return requeueAt(doneMs, "work");
}

/** No address is left, or the node has no range. */
function refused(on: Worker, id: string, args: string): Result {
  const { node, obj, step, record } = on;
  const why =
    node.cidr === ""
      ? "no IP ranges specified"
      : `failed to allocate for range 0: no IP addresses available in range set: ${node.cidr}`;
  const error = `rpc error: code = Unknown desc = failed to setup network for sandbox "${id}": plugin type="ptp" failed (add): ${why}`;
  step.explain(criFact("RunPodSandbox", obj, { node: node.name, args, error }));
  tell(on, {
    type: "Warning",
    reason: "FailedCreatePodSandBox",
    message: `Failed to create pod sandbox: ${error}`,
  });
  const refusals = (record.refusals ?? 0) + 1;
  const doneMs =
    step.nowMs +
    drawMs(step, "sandbox-retry", `${record.uid}/${refusals}`, [retryMs, retryMs * 1.5]);
  save(on, { ...record, refusals, mounts: { tries: record.mounts?.tries ?? 0, retryMs: doneMs } });
  return requeueAt(doneMs, "wait");
}

/** Stops it and gives its address back. */
export function releaseSandbox(
  { node, obj, step }: Pick<Worker, "node" | "obj" | "step">,
  { id, ip, attempt }: NonNullable<PodRecord["sandbox"]>,
): void {
  const args = `id=${id.slice(0, 13)}`;
  step.explain(criFact("StopPodSandbox", obj, { node: node.name, args, attempt }));
  if (ip === "") return;
  step.explain({ type: "cni", obj, data: { call: "DEL", ip, node: node.name } });
  node.state.release(ip);
}

export function stopSandbox(on: Worker): Result {
  const { record } = on;
  const { sandbox } = record;
  if (sandbox === undefined) return goOn(on);
  releaseSandbox(on, sandbox);
  save(on, { ...record, sandbox: { ...sandbox, stopped: true } });
  return goOn(on);
}
