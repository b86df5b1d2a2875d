/**
 * Lets programs hear what the network answers: a container whose process waits for an answer is asked for by its
 * kubelet, and what it heard lies in its record, so that the process comes out the same again.
 */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { requeueAt, type Result } from "#client/component.ts";
import type { Heard } from "#network/calls.ts";
import type { Origin } from "#network/connection.ts";
import type { ContainerRecord, HeardRecord } from "./pod-record.ts";
import type { Process } from "./programs/process.ts";
import { save, type Worker } from "./worker.ts";

/** Answers taken in one step: a script that calls without a pause still lets others have their turn. */
const mostAnswers = 32;
/** Answers that a new one is compared with: loops hear the same again and again. */
const mostCompared = 16;

const nothing: HeardRecord = { answers: [], order: [] };

export const allHeard = ({ answers, order }: HeardRecord = nothing): readonly Heard[] =>
  order.map((at) => answers[at] as Heard);

/** With one more; an answer that was heard before is kept once. */
export function withHeard({ answers, order }: HeardRecord = nothing, heard: Heard): HeardRecord {
  const text = JSON.stringify(heard);
  const from = Math.max(0, answers.length - mostCompared);
  const at = answers.findIndex((answer, i) => i >= from && JSON.stringify(answer) === text);
  return at >= 0
    ? { answers, order: [...order, at] }
    : { answers: [...answers, heard], order: [...order, answers.length] };
}

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

/** When a running container asks next; undefined: it does not. */
export const askOf = ({ state, stopping, asks }: ContainerRecord): ContainerRecord["asks"] =>
  state === "running" && stopping !== true ? asks : undefined;

export const asksNext = (container: ContainerRecord): Result => {
  const asks = askOf(container);
  return asks === undefined ? undefined : requeueAt(asks.atMs, asks.delay);
};

export const originOf = (node: { name: string; ip: string }, pod: V1Pod, ip: string): Origin =>
  pod.spec?.hostNetwork === true
    ? { node: node.name, ip: node.ip, hostNetwork: true }
    : { node: node.name, ip, hostNetwork: false };

/** The worker after everything that is due was asked and heard, which is saved. */
export function hearAll(on: Worker): Worker {
  const { step, network } = on;
  if (network === undefined) return on;
  let { record } = on;
  record.containers.forEach((container, at) => {
    const asks = askOf(container);
    if (asks === undefined || !step.reached(asks.atMs, asks.delay)) return;
    const containers = record.containers.with(at, heardOf(on, container));
    record = { ...record, containers };
  });
  if (record === on.record) return on;
  save(on, record);
  return { ...on, record };
}

function heardOf(on: Worker, container: ContainerRecord): ContainerRecord {
  const { step, network, processes, pod, node } = on;
  const origin = originOf(node, pod, on.record.sandbox?.ip ?? "");
  let current = container;
  for (let n = 0; n < mostAnswers; n += 1) {
    const asks = askOf(current);
    if (asks === undefined || !step.reached(asks.atMs, asks.delay)) break;
    const call = processes.of(pod, current)?.asks?.call;
    if (network === undefined || call === undefined) return { ...current, asks: undefined };
    const count = current.heard?.order.length ?? 0;
    const { heard, fact } = network.call(origin, call, `${current.id}/${count}`);
    if (fact !== undefined) step.explain({ ...fact, obj: on.obj });
    processes.forget(current.id);
    const next: ContainerRecord = {
      ...current,
      heard: withHeard(current.heard, heard),
      ends: undefined,
      asks: undefined,
    };
    current = { ...next, ...progressOf(processes.of(pod, next), next.startedMs) };
  }
  return current;
}
