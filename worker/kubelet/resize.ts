/**
 * In-place resize: what a running Pod asks for changed. The kubelet first gives it the resources, if the node has
 * them, then tells the runtime, or restarts the container where its policy says so.
 * Upstream: pkg/kubelet/allocation/allocation_manager.go handlePodResourcesResize,
 * kuberuntime/kuberuntime_manager.go computePodResizeAction.
 */
import { sameAmounts } from "#apimachinery/amounts.ts";
import type { V1Container, V1Pod, V1ResourceRequirements } from "#apimachinery/api/core-v1.ts";
import { milliValue } from "#apimachinery/quantity.ts";
import type { Result } from "#client/component.ts";
import { criFact, short } from "./cri.ts";
import { type ContainerRecord, type PodRecord, type ResizeRecord } from "./pod-record.ts";
import { report } from "./report.ts";
import { shortOf } from "./resize-room.ts";
import { summary } from "./resize-summary.ts";
import { stopContainer } from "./stop.ts";
import { containersOf, drawMs, firstEphemeral, goOn, save, tell, type Worker } from "./worker.ts";

const updateMs: readonly [number, number] = [5, 40];

const same = (a: V1ResourceRequirements, b: V1ResourceRequirements): boolean =>
  sameAmounts(a.requests ?? {}, b.requests ?? {}) && sameAmounts(a.limits ?? {}, b.limits ?? {});
const nothing: V1ResourceRequirements = {};
const wanted = ({ resources }: V1Container): V1ResourceRequirements => resources ?? nothing;

/**
 * The worker, with what its containers run with in its record if the spec says other things by now. A spec nobody
 * changed costs one comparison of numbers.
 */
export function noteResize(on: Worker): Worker {
  const { pod, record } = on;
  const { generation = 1 } = pod.metadata;
  if (generation === (record.resize?.generation ?? record.generation ?? 1)) return on;
  const specs = containersOf(pod).slice(0, firstEphemeral(pod));
  let containers = record.containers;
  specs.forEach((spec, at) => {
    const container = containers[at];
    if (container === undefined || container.id === "" || container.actual !== undefined) return;
    const actual = toldOf(pod, spec.name) ?? wanted(spec);
    if (!same(actual, wanted(spec)))
      containers = containers.with(at, { ...container, actual, allocated: actual });
  });
  const isResized = record.resize !== undefined || containers !== record.containers;
  const next: PodRecord = isResized
    ? { ...record, containers, generation, resize: { ...record.resize, generation } }
    : { ...record, generation };
  save(on, next);
  return { ...on, record: next };
}

/** What the API says that a container runs with. */
function toldOf({ status }: V1Pod, name: string): V1ResourceRequirements | undefined {
  const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  return all.find((one) => one.name === name)?.resources;
}

/** The next thing to do for a resize; undefined: nothing now. */
export function resizeNext(on: Worker): Result | undefined {
  const { record } = on;
  if (record.resize === undefined) return undefined;
  const isAsked = each(on).some(
    ({ spec, container }) =>
      container.allocated !== undefined && !same(container.allocated, wanted(spec)),
  );
  if (isAsked) {
    const message = shortOf(on);
    if (message === undefined) return allocate(on, record.resize);
    const deferred = defer(on, record.resize, message);
    if (deferred !== undefined) return deferred;
  } else if (record.resize.pending !== undefined) {
    // What was asked for is what there is, again.
    const { pending: _, ...resize } = record.resize;
    save(on, { ...record, resize });
    return goOn(on);
  }
  return actuate(on, isAsked);
}

interface Each {
  readonly at: number;
  readonly spec: V1Container;
  readonly container: ContainerRecord;
}
const each = ({ pod, record }: Worker): readonly Each[] =>
  containersOf(pod)
    .slice(0, firstEphemeral(pod))
    .flatMap((spec, at) => {
      const container = record.containers[at];
      return container === undefined ? [] : [{ at, spec, container }];
    });

function allocate(on: Worker, resize: ResizeRecord): Result {
  const { record, pod, step } = on;
  const { generation = 1 } = pod.metadata;
  const containers = [...record.containers];
  for (const { at, spec, container } of each(on))
    if (container.allocated !== undefined)
      containers[at] = { ...container, allocated: wanted(spec) };
  tell(on, { reason: "ResizeStarted", message: `Pod resize started: ${summary(on)}` });
  const inProgress = { generation, sinceMs: step.nowMs };
  save(on, { ...record, containers, resize: { generation: resize.generation, inProgress } });
  return goOn(on);
}

/** Undefined: it has been told so. */
function defer(on: Worker, resize: ResizeRecord, message: string): Result | undefined {
  const { record, pod, step } = on;
  const { generation = 1 } = pod.metadata;
  const { pending } = resize;
  if (pending?.generation === generation && pending.message === message) return undefined;
  if (pending?.generation !== generation)
    tell(on, {
      type: "Warning",
      reason: "ResizeDeferred",
      message: `Pod resize Deferred: ${summary(on, message)}`,
    });
  const sinceMs = pending?.sinceMs ?? step.nowMs;
  save(on, { ...record, resize: { ...resize, pending: { message, generation, sinceMs } } });
  return goOn(on);
}

/** Tells the runtime; when all is as it was given, the resize is over. */
function actuate(on: Worker, isAsked: boolean): Result | undefined {
  const { record, pod } = on;
  // The API hears of it first.
  if (report(on)) return goOn(on);
  for (const { at, spec, container } of each(on)) {
    const { allocated, actual, state, stopping } = container;
    if (allocated === undefined || actual === undefined || same(allocated, actual)) continue;
    if (state !== "running") {
      save(on, withActual(record, at, container));
      return goOn(on);
    }
    if (stopping === true) continue;
    if (restarts(spec, allocated, actual)) {
      const graceMs = (pod.spec?.terminationGracePeriodSeconds ?? 30) * 1000;
      const message = `Container ${spec.name} resize requires restart`;
      return stopContainer(on, at, { spec, graceMs, message });
    }
    return updated(on, at, container);
  }
  const isDone = each(on).every(
    ({ container: { allocated, actual, stopping } }) =>
      stopping !== true && (allocated === undefined || same(allocated, actual ?? nothing)),
  );
  if (isDone && record.resize?.inProgress !== undefined)
    tell(on, { reason: "ResizeCompleted", message: `Pod resize completed: ${summary(on)}` });
  if (!isDone || (isAsked && record.resize?.inProgress === undefined)) return undefined;
  save(on, isAsked ? withoutProgress(record) : settled(record));
  return goOn(on);
}

const withActual = (record: PodRecord, at: number, container: ContainerRecord): PodRecord => ({
  ...record,
  containers: record.containers.with(at, { ...container, actual: container.allocated }),
});

function updated(on: Worker, at: number, container: ContainerRecord): Result {
  const { record, step, node, obj } = on;
  const args = `container="${container.name}" id=${short(container.id)}`;
  step.explain(criFact("UpdateContainerResources", obj, { node: node.name, args }));
  const key = `${container.id}/${record.resize?.generation}`;
  const busyMs = step.nowMs + drawMs(step, "update", key, updateMs);
  save(on, { ...withActual(record, at, container), busyMs });
  return goOn(on);
}

/** Upstream: computePodResizeAction determineContainerResize. */
function restarts(
  { resizePolicy = [] }: V1Container,
  allocated: V1ResourceRequirements,
  actual: V1ResourceRequirements,
): boolean {
  return resizePolicy.some(({ resourceName, restartPolicy }) => {
    const differs = (["requests", "limits"] as const).some((list) => {
      const of = (one: V1ResourceRequirements): number => milliValue(one[list]?.[resourceName]);
      return of(allocated) !== of(actual);
    });
    return restartPolicy === "RestartContainer" && differs;
  });
}

function withoutProgress(record: PodRecord): PodRecord {
  if (record.resize === undefined) return record;
  const { inProgress: _, ...resize } = record.resize;
  return { ...record, resize };
}
/** The spec tells all there is to tell again. */
function settled(record: PodRecord): PodRecord {
  const { resize: _, ...rest } = record;
  const containers = rest.containers.map((container) => {
    if (container.allocated === undefined && container.actual === undefined) return container;
    const { allocated: _given, actual: _own, ...plain } = container;
    return plain;
  });
  return { ...rest, containers };
}
