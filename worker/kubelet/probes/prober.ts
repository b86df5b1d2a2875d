/**
 * Probes without ticking: the next probe that can change anything is worked out and waited for.
 * A passing probe of a program that never changes costs nothing, ever.
 * Upstream: pkg/kubelet/prober/{prober,worker,prober_manager}.go.
 */
import type { V1Container, V1Probe } from "#apimachinery/api/core-v1.ts";
import type { Delay, Result } from "#client/component.ts";
import { originOf } from "#kubelet/origin.ts";
import type { Hears } from "#kubelet/programs/process.ts";
import type { Call, Heard } from "#network/calls.ts";
import { stopContainer } from "#kubelet/stop.ts";
import {
  type ContainerRecord,
  type PodRecord,
  type ProbeKind,
  probeKinds,
  type ProbeRecord,
  withContainer,
} from "#kubelet/pod-record.ts";
import { drawMs, save, tellContainer, type Worker } from "#kubelet/worker.ts";
import type { Outcome, Running } from "./probe.ts";
import { probers } from "./registry.ts";

/** From the start of a container to its first probe when nothing delays it. */
const firstMs: readonly [number, number] = [50, 900];
/** Failures in a row after which only every so often one is told: the recorder drops the others anyway. */
const toldFailures = 25;
const quietMs = 300_000;
/** Changes of a program looked at when searching for the first bad one. */
const changesLookedAt = 50;

const titles: Readonly<Record<ProbeKind, string>> = {
  startup: "Startup",
  liveness: "Liveness",
  readiness: "Readiness",
};

export const probeOf = (spec: V1Container, kind: ProbeKind): V1Probe | undefined =>
  kind === "startup"
    ? spec.startupProbe
    : kind === "liveness"
      ? spec.livenessProbe
      : spec.readinessProbe;

const periodMs = ({ periodSeconds }: V1Probe): number => (periodSeconds ?? 10) * 1000;

/** Asks container `at` of a Pod at a moment. */
function outcomeAt(
  { pod, record, node, processes }: Worker,
  at: number,
  spec: V1Container,
  probe: V1Probe,
  atMs: number,
  hears?: Hears,
): Outcome {
  const all: Running[] = [];
  let self: Running | undefined;
  record.containers.forEach((container, i) => {
    if (container.state !== "running") return;
    const process = processes.of(pod, container);
    if (process === undefined) return;
    const running = { process, atMs: Math.max(0, atMs - container.startedMs) };
    if (i === at) self = running;
    all.push(running);
  });
  const prober = probers.find(({ field }) => probe[field] !== undefined);
  if (self === undefined || prober === undefined) return { ok: true, output: "" };
  const ip = pod.spec?.hostNetwork ? node.ip : (record.sandbox?.ip ?? "");
  return prober.ask({ probe, container: spec, ip, nodeIp: node.ip, self, all, hears });
}

/** What a probe's command hears from the network, now. */
function hear(
  { network, node, pod, record, step }: Worker,
  call: Call,
  attempt: string,
): Heard | undefined {
  const exchange = network?.call(originOf(node, pod, record.sandbox?.ip ?? ""), call, attempt);
  if (exchange === undefined) return undefined;
  return ("run" in exchange ? step.answerTo(exchange) : exchange).heard;
}

/** The next moment after `atMs` at which any process of the Pod changes. */
function changesAfter({ pod, record, processes }: Worker, atMs: number): number | undefined {
  let next: number | undefined;
  for (const container of record.containers) {
    if (container.state !== "running") continue;
    const offset = processes.of(pod, container)?.changesAfter(atMs - container.startedMs);
    if (offset === undefined) continue;
    const change = container.startedMs + offset;
    if (next === undefined || change < next) next = change;
  }
  return next;
}

/** The first due time at or after a moment. */
const dueFrom = (first: number, period: number, atMs: number): number =>
  atMs <= first ? first : first + Math.ceil((atMs - first) / period) * period;

/** The first probe from `dueMs` on whose outcome is not `ok`; undefined: none in sight. */
function nextUnlike(
  on: Worker,
  at: number,
  spec: V1Container,
  probe: V1Probe,
  search: { dueMs: number; first: number; ok: boolean },
): number | undefined {
  let due = search.dueMs;
  for (let n = 0; n < changesLookedAt; n += 1) {
    const { ok, isOpen } = outcomeAt(on, at, spec, probe, due);
    if (isOpen === true || ok !== search.ok) return due;
    const change = changesAfter(on, due);
    if (change === undefined || !Number.isFinite(change)) return undefined;
    due = dueFrom(search.first, periodMs(probe), Math.max(change, due + 1));
  }
  return due;
}

/** Begins the probers that may run now: startup alone first, then the others. */
export function firstProbes(on: Worker, at: number, spec: V1Container): ContainerRecord {
  const container = on.record.containers[at] as ContainerRecord;
  const kinds: readonly ProbeKind[] = container.started ? ["liveness", "readiness"] : ["startup"];
  let probes = container.probes;
  for (const kind of kinds) {
    const probe = probeOf(spec, kind);
    if (probe !== undefined) probes = { ...probes, [kind]: begun(on, at, kind, probe, spec) };
  }
  return probes === container.probes ? container : { ...container, probes };
}

function begun(
  on: Worker,
  at: number,
  kind: ProbeKind,
  probe: V1Probe,
  spec: V1Container,
): ProbeRecord {
  const { step, record } = on;
  const container = record.containers[at] as ContainerRecord;
  const delayMs = (probe.initialDelaySeconds ?? 0) * 1000;
  const soonMs = step.nowMs + drawMs(step, "first-probe", `${container.id}/${kind}`, firstMs);
  const firstDueMs = Math.max(container.startedMs + delayMs, soonMs);
  const delay: Delay = delayMs > 0 ? "wait" : "work";
  // A liveness probe holds until it fails, the others fail until they pass.
  const dueMs =
    kind === "liveness"
      ? nextUnlike(on, at, spec, probe, { dueMs: firstDueMs, first: firstDueMs, ok: true })
      : firstDueMs;
  return {
    firstMs: firstDueMs,
    dueMs,
    delay: dueMs === firstDueMs ? delay : "wait",
    ok: kind === "liveness",
    run: 0,
  };
}

/** The probes of a running container when something was changed in it from beside: none may be slept through. */
export function probesAnew(
  container: ContainerRecord,
  spec: V1Container,
  nowMs: number,
): ContainerRecord {
  let { probes } = container;
  for (const kind of probeKinds) {
    const [probe, record] = [probeOf(spec, kind), probes?.[kind]];
    if (probe === undefined || record === undefined) continue;
    const dueMs = dueFrom(record.firstMs, periodMs(probe), nowMs + 1);
    if (record.dueMs === undefined || record.dueMs > dueMs)
      probes = { ...probes, [kind]: { ...record, dueMs, delay: "wait" } };
  }
  return probes === container.probes ? container : { ...container, probes };
}

/** When the next probe after this one can change anything. */
function nextDue(
  on: Worker,
  at: number,
  spec: V1Container,
  kind: ProbeKind,
  after: ProbeRecord,
): number | undefined {
  const probe = probeOf(spec, kind);
  if (probe === undefined) return undefined;
  const container = on.record.containers[at] as ContainerRecord;
  const { nowMs } = on.step;
  const dueMs = dueFrom(after.firstMs, periodMs(probe), nowMs + 1);
  const settled = kind === "liveness" || (kind === "readiness" && container.ready);
  if (after.ok && settled)
    return nextUnlike(on, at, spec, probe, { dueMs, first: after.firstMs, ok: true });
  if (!after.ok && after.run >= toldFailures) {
    const better = nextUnlike(on, at, spec, probe, { dueMs, first: after.firstMs, ok: false });
    const later = dueFrom(after.firstMs, periodMs(probe), nowMs + quietMs);
    return better === undefined ? later : Math.min(better, later);
  }
  return dueMs;
}

/** Runs one probe that is due; what it changes is saved, and reported by the caller. */
export function runProbe(
  on: Worker,
  at: number,
  kind: ProbeKind,
  spec: V1Container,
): PodRecord | { readonly result: Result } {
  const probe = probeOf(spec, kind);
  const { record, step, obj } = on;
  const container = record.containers[at] as ContainerRecord;
  const before = container.probes?.[kind];
  if (probe === undefined || before === undefined) return record;
  let calls = 0;
  const hears: Hears = (call) => hear(on, call, `${container.id}/${kind}/${step.nowMs}/${calls++}`);
  const { ok, output } = outcomeAt(on, at, spec, probe, step.nowMs, hears);
  const run = before.ok === ok ? before.run + 1 : 1;
  step.explain({
    type: "probe",
    obj,
    data: { kind, ok, container: container.name, output: ok ? "" : output.slice(0, 200) },
  });
  // What asks the network is asked every period, however often it has failed.
  const quiet = Math.ceil(quietMs / periodMs(probe));
  const isTold = calls === 0 || run <= toldFailures || (run - toldFailures) % quiet === 0;
  if (!ok && isTold) {
    tellContainer(on, at, {
      type: "Warning",
      reason: "Unhealthy",
      message: `${titles[kind]} probe failed: ${output}`,
    });
  }
  const reached = run >= (ok ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3));
  const counted: ProbeRecord = { ...before, ok, run, delay: "wait", dueMs: undefined };
  if (reached && !ok && kind !== "readiness") {
    const graceSeconds =
      probe.terminationGracePeriodSeconds ?? on.pod.spec?.terminationGracePeriodSeconds ?? 30;
    const message = `Container ${container.name} failed ${kind} probe, will be restarted`;
    const next = withContainer(record, at, {
      ...container,
      probes: { ...container.probes, [kind]: counted },
    });
    return {
      result: stopContainer({ ...on, record: next }, at, {
        spec,
        graceMs: graceSeconds * 1000,
        message,
      }),
    };
  }
  const settles = reached && kind === "readiness" && container.ready !== ok;
  const starts = reached && ok && kind === "startup";
  let next: ContainerRecord = {
    ...container,
    ...(settles ? { ready: ok } : undefined),
    ...(starts ? { started: true, ready: spec.readinessProbe === undefined } : undefined),
  };
  const dueMs = starts
    ? undefined
    : nextDue({ ...on, record: withContainer(record, at, next) }, at, spec, kind, counted);
  next = { ...next, probes: { ...next.probes, [kind]: { ...counted, dueMs } } };
  const changed = withContainer(record, at, next);
  const all = starts
    ? withContainer(changed, at, firstProbes({ ...on, record: changed }, at, spec))
    : changed;
  save(on, all);
  return all;
}
