/**
 * Stopping a container: preStop hook, signal, SIGKILL.
 * Upstream: pkg/kubelet/kuberuntime/kuberuntime_container.go killContainer.
 */
import type { V1Container } from "#apimachinery/api/core-v1.ts";
import type { Result } from "#client/component.ts";
import { criFact, short } from "./cri.ts";
import { type ContainerRecord, withContainer } from "./pod-record.ts";
import { imageOf } from "./processes.ts";
import { goOn, save, tellContainer, type Worker } from "./worker.ts";

/** What a preStop hook takes: `sleep`, or a command that sleeps. */
function preStopMs({ lifecycle }: V1Container): number {
  const hook = lifecycle?.preStop;
  if (hook?.sleep !== undefined) return hook.sleep.seconds * 1000;
  const seconds = /\bsleep\s+(\d+(?:\.\d+)?)/.exec(hook?.exec?.command?.join(" ") ?? "")?.[1];
  return seconds === undefined ? 0 : Number(seconds) * 1000;
}

/** StopContainer: the hook, the signal, and SIGKILL when the grace is over. */
export function stopContainer(
  on: Worker,
  at: number,
  {
    spec,
    graceMs,
    message,
  }: { readonly spec: V1Container; readonly graceMs: number; readonly message: string },
): Result {
  const { record, node, obj, step, pod } = on;
  const running = record.containers[at] as ContainerRecord;
  tellContainer(on, at, { reason: "Killing", message });
  const args = `container="${running.name}" id=${short(running.id)} timeout=${Math.round(graceMs / 1000)}s`;
  step.explain(criFact("StopContainer", obj, { node: node.name, args, attempt: running.attempt }));
  const signal = spec.lifecycle?.stopSignal ?? imageOf(running)?.stopSignal ?? "SIGTERM";
  const hookMs = preStopMs(spec);
  const taken = graceMs <= 0 ? undefined : on.processes.of(pod, running)?.signal(signal);
  const afterMs = taken === undefined ? undefined : hookMs + taken.afterMs;
  const ends =
    taken === undefined || afterMs === undefined || afterMs > graceMs
      ? { atMs: step.nowMs + Math.max(graceMs, 2000), delay: "work" as const, code: 137 }
      : { atMs: step.nowMs + afterMs, delay: "work" as const, code: taken.code };
  save(on, withContainer(record, at, { ...running, stopping: true, ends }));
  return goOn(on);
}
