/**
 * Makes, starts and stops containers: one call of the runtime per step, with its events.
 * Upstream: pkg/kubelet/kuberuntime/kuberuntime_container.go.
 */
import type { V1Container } from "#apimachinery/api/core-v1.ts";
import { requeueAt, type Result } from "#client/component.ts";
import { backOffEnds, nextBackOff } from "./back-off.ts";
import { containerConfig } from "./container-config.ts";
import { criFact, short } from "./cri.ts";
import { goDuration } from "./go-duration.ts";
import { ensureImage, waits } from "./image-manager.ts";
import { lookUp } from "./images/catalogue.ts";
import type { Image } from "./images/image.ts";
import { type ContainerRecord, type Exit, type PodRecord, withContainer } from "./pod-record.ts";
import { argvOf, imageOf, toolsIn } from "./processes.ts";
import { mountedFiles } from "./mounted-files.ts";
import { withLayer } from "./programs/process.ts";
import { emptyDirs, kept, seen, volumesNow } from "./shared-volumes.ts";
import { progressOf } from "./hearing.ts";
import { firstProbes } from "./probes/prober.ts";
import { cannotStart } from "./programs/start.ts";
import {
  containersOf,
  drawId,
  drawMs,
  podText,
  save,
  tellContainer,
  type Worker,
} from "./worker.ts";

const createMs: readonly [number, number] = [20, 90];
const startMs: readonly [number, number] = [100, 300];

/** Brings the image, then CreateContainer. */
export function createContainer(on: Worker, at: number, spec: V1Container): Result {
  const ensured = ensureImage(on, at, spec);
  if ("result" in ensured) return ensured.result;
  const { record, node, obj, step } = on;
  const { reference } = ensured;
  const found = lookUp(reference);
  const before = record.containers[at] as ContainerRecord;
  const wanted = spec.image;
  // First of all, since it may have to wait: nothing has been said yet.
  const files = filesFor(on, spec, typeof found === "string" ? undefined : found);
  tellContainer(on, at, { reason: "Pulled", message: ensured.event });
  if (typeof found === "string")
    return waits(on, at, before, { reason: "ImageInspectError", message: found });
  const config = containerConfig(on, spec, found);
  if (typeof config === "string") {
    tellContainer(on, at, { type: "Warning", reason: "Failed", message: `Error: ${config}` });
    const pulls = nextBackOff(before.pulls, step.nowMs);
    const retried = { ...before, wanted, pulls, retryMs: step.nowMs + pulls.ms };
    return waits(on, at, retried, { reason: "CreateContainerConfigError", message: config });
  }
  const attempt = before.id === "" ? 0 : before.attempt + 1;
  // The log of the run before the last one goes.
  if (before.last !== undefined) node.state.dropServed(before.last.id);
  const id = drawId(step, `${record.uid}/${before.name}/${attempt}`);
  if (before.pull === undefined) {
    step.explain(
      criFact("ImageStatus", obj, { node: node.name, args: `image="${reference.name}"` }),
    );
  }
  const args = `container="${before.name}" image="${reference.name}" id=${short(id)}`;
  step.explain(criFact("CreateContainer", obj, { node: node.name, args, attempt }));
  tellContainer(on, at, { reason: "Created", message: "Container created" });
  const busyMs =
    step.nowMs + drawMs(step, "create", `${record.uid}/${before.name}/${attempt}`, createMs);
  const container: ContainerRecord = {
    name: before.name,
    state: "created",
    attempt,
    id,
    image: reference.name,
    imageId: node.state.image(reference.name)?.id ?? "",
    argv: config.argv,
    ...(config.env === undefined ? undefined : { env: config.env }),
    ...(files === undefined ? undefined : { files }),
    wanted,
    startedMs: 0,
    started: false,
    ready: false,
    ...(before.exit === undefined ? undefined : { last: lastOf(before.exit, before) }),
    ...(before.crashes === undefined ? undefined : { crashes: before.crashes }),
    ...(before.allocated === undefined
      ? undefined
      : { allocated: before.allocated, actual: before.allocated }),
  };
  save(on, { ...withContainer(record, at, container), busyMs });
  return requeueAt(busyMs, "work");
}

export function startContainer(on: Worker, at: number, spec: V1Container): Result {
  const { record, node, obj, step, pod } = on;
  const made = record.containers[at] as ContainerRecord;
  const image = imageOf(made);
  const argv = image === undefined || made.argv.length > 0 ? made.argv : argvOf(image, [], []);
  const error =
    image === undefined ? "image not found" : cannotStart(image, argv, toolsIn(made, image));
  const args = `container="${made.name}" id=${short(made.id)}`;
  step.explain(
    criFact("StartContainer", obj, {
      node: node.name,
      args,
      attempt: made.attempt,
      error: error ?? "",
    }),
  );
  if (error !== undefined) {
    tellContainer(on, at, { type: "Warning", reason: "Failed", message: `Error: ${error}` });
    const exit = {
      id: made.id,
      code: 128,
      reason: "StartError",
      message: error,
      startedMs: 0,
      finishedMs: step.nowMs,
    };
    return waits(
      on,
      at,
      { ...made, state: "exited", exit },
      { reason: "RunContainerError", message: error },
    );
  }
  tellContainer(on, at, { reason: "Started", message: "Container started" });
  const running: ContainerRecord = {
    ...made,
    state: "running",
    startedMs: step.nowMs,
    started: spec.startupProbe === undefined,
    ready: spec.startupProbe === undefined && spec.readinessProbe === undefined,
  };
  const busyMs = step.nowMs + drawMs(step, "start", made.id, startMs);
  const going = { ...running, ...progressOf(on.processes.of(pod, running), step.nowMs) };
  const next: PodRecord = { ...withContainer(record, at, going), busyMs };
  save(on, {
    ...next,
    containers: next.containers.with(at, firstProbes({ ...on, record: next }, at, spec)),
  });
  return requeueAt(busyMs, "work");
}

/** What its volumes hold, as far as it looks, and its emptyDirs. */
function filesFor(
  on: Worker,
  spec: V1Container,
  image: Image | undefined,
): ContainerRecord["files"] {
  const mounted = mountedFiles(on, spec, image?.root);
  const mounts = emptyDirs(on.pod, spec);
  if (mounts.length === 0) return mounted;
  const { pod, record, processes, step, node } = on;
  const volumes = volumesNow(pod, record, (container) => {
    const files = processes
      .of(pod, container)
      ?.files(Math.max(0, step.nowMs - container.startedMs));
    return files === undefined ? undefined : withLayer(files, node.state.layer(container.id));
  });
  const shared = seen(volumes, mounts);
  return Object.keys(shared).length === 0 ? mounted : { ...mounted, ...shared };
}

/** What is left in its emptyDirs of a container that ends. */
function volumesAfter(
  { pod, record, processes, node }: Pick<Worker, "pod" | "record" | "processes" | "node">,
  at: number,
  atMs: number,
): Pick<PodRecord, "volumes"> {
  const [spec, container] = [containersOf(pod)[at], record.containers[at]];
  const mounts = spec === undefined ? [] : emptyDirs(pod, spec);
  if (container === undefined || mounts.length === 0) return {};
  const files = processes.of(pod, container)?.files(Math.max(0, atMs - container.startedMs));
  if (files === undefined) return {};
  return {
    volumes: kept(record.volumes, mounts, {
      files: withLayer(files, node.state.layer(container.id)),
      first: container.files,
    }),
  };
}

/** The exit with what its log is made of. */
const lastOf = (exit: Exit, { heard }: ContainerRecord): Exit =>
  heard === undefined ? exit : { ...exit, heard };

/** Starts a container that exited, unless its back-off still runs. */
export function restartContainer(on: Worker, at: number, spec: V1Container): Result {
  const { record, step } = on;
  const ended = record.containers[at] as ContainerRecord;
  const finishedMs = ended.exit?.finishedMs ?? 0;
  const untilMs = backOffEnds(ended.crashes, finishedMs);
  if (untilMs <= step.nowMs) {
    const crashes = nextBackOff(ended.crashes, step.nowMs);
    const next = withContainer(record, at, { ...ended, crashes, retryMs: undefined });
    return createContainer({ ...on, record: next }, at, spec);
  }
  const ms = ended.crashes?.ms ?? 0;
  const what = `restarting failed container`;
  tellContainer(on, at, {
    type: "Warning",
    reason: "BackOff",
    message: `Back-off ${what} ${ended.name} in pod ${podText(on)}`,
  });
  step.explain({
    type: "backoff",
    obj: on.obj,
    data: { restart: ended.attempt + 1, seconds: ms / 1000, container: ended.name },
  });
  const message = `back-off ${goDuration(ms)} ${what}=${ended.name} pod=${podText(on)}`;
  return waits(on, at, { ...ended, retryMs: untilMs }, { reason: "CrashLoopBackOff", message });
}

/** Takes note of processes that have ended by now; the same record when none has. */
export function withExits({ record, step, processes, node, pod }: Worker): PodRecord {
  let next = record;
  record.containers.forEach((container, at) => {
    const { ends, state } = container;
    if (state !== "running" || ends === undefined || !step.reached(ends.atMs, ends.delay)) return;
    next = { ...next, ...volumesAfter({ record: next, processes, node, pod }, at, ends.atMs) };
    processes.forget(container.id);
    node.state.dropLayer(container.id);
    const exit = {
      id: container.id,
      code: ends.code,
      reason: ends.code === 0 ? "Completed" : "Error",
      startedMs: container.startedMs,
      finishedMs: Math.max(container.startedMs, Math.min(ends.atMs, step.nowMs)),
      ...(container.stopping === true || ends.atMs <= step.nowMs ? {} : { saidMs: ends.atMs }),
    };
    next = withContainer(next, at, {
      ...container,
      state: "exited",
      started: false,
      ready: false,
      ends: undefined,
      asks: undefined,
      stopping: undefined,
      probes: undefined,
      exit,
    });
  });
  return next;
}
