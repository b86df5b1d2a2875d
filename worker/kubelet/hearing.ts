/**
 * Lets programs hear what the network answers: a container whose process waits for an answer is asked for by its
 * kubelet, and what it heard lies in its record, so that the process comes out the same again.
 */
import type { V1Container } from "#apimachinery/api/core-v1.ts";
import { requeueAt, type Result } from "#client/component.ts";
import { isFull, withHeard } from "./heard-record.ts";
import { originOf } from "./origin.ts";
import type { ContainerRecord } from "./pod-record.ts";
import { probesAnew } from "./probes/prober.ts";
import type { Process } from "./programs/process.ts";
import { containersOf, save, type Worker } from "./worker.ts";

/** Ended for want of room: as by SIGKILL. */
const killedCode = 137;

/** Answers taken in one step: a script that calls without a pause still lets others have their turn. */
const mostAnswers = 32;
/** How a process goes on by itself: it ends, or it asks. */
export const progressOf = (
  process: Process | undefined,
  startedMs: number,
): Pick<ContainerRecord, "ends" | "asks"> => {
  const { ends, asks } = process ?? {};
  return {
    ...(ends === undefined
      ? {}
      : { ends: { atMs: startedMs + ends.afterMs, delay: ends.delay, code: ends.code } }),
    ...(asks === undefined ? {} : { asks: { atMs: startedMs + asks.afterMs, delay: asks.delay } }),
  };
};

/** When a running container asks next; undefined: it does not, or it was told to end. */
const askOf = ({ state, ends, asks }: ContainerRecord): ContainerRecord["asks"] =>
  state === "running" && ends === undefined ? asks : undefined;

export const asksNext = (container: ContainerRecord): Result => {
  const asks = askOf(container);
  return asks === undefined ? undefined : requeueAt(asks.atMs, asks.delay);
};

/** The worker after everything that is due was asked and heard, which is saved. */
export function hearAll(on: Worker): Worker {
  const { step, network } = on;
  if (network === undefined) return on;
  let { record } = on;
  try {
    record.containers.forEach((container, at) => {
      const asks = askOf(container);
      if (asks === undefined || !step.reached(asks.atMs, asks.delay)) return;
      const spec = containersOf(on.pod)[at] as V1Container;
      for (const heard of heardBy(on, container)) {
        const next = probesAnew(heard, spec, step.nowMs);
        record = { ...record, containers: record.containers.with(at, next) };
      }
    });
  } finally {
    // The step may end in the middle, to wait for an answer: what was heard until then is not asked again.
    if (record !== on.record) save(on, record);
  }
  return record === on.record ? on : { ...on, record };
}

/** The container after each thing it heard. */
function* heardBy(on: Worker, container: ContainerRecord): Generator<ContainerRecord, void> {
  const { step, network, processes, pod, node } = on;
  const origin = originOf(node, pod, on.record.sandbox?.ip ?? "");
  let current = container;
  for (let n = 0; n < mostAnswers; n += 1) {
    const asks = askOf(current);
    if (asks === undefined || !step.reached(asks.atMs, asks.delay)) return;
    const call = processes.of(pod, current)?.asks?.call;
    if (network === undefined || call === undefined) {
      yield { ...current, asks: undefined };
      return;
    }
    const count = current.heard?.order.length ?? 0;
    const exchange = network.call(origin, call, `${current.id}/${count}`);
    const { heard, fact } = "run" in exchange ? step.answerTo(exchange) : exchange;
    if (fact !== undefined) step.explain({ ...fact, obj: on.obj });
    processes.forget(current.id);
    const next: ContainerRecord = {
      ...current,
      heard: withHeard(current.heard, heard),
      asks: undefined,
    };
    current = isFull(next.heard)
      ? { ...next, ends: { atMs: step.nowMs, delay: "work", code: killedCode } }
      : { ...next, ...progressOf(processes.of(pod, next), next.startedMs) };
    yield current;
  }
}
