/** What `kubectl get pods` shows. Upstream: pkg/printers/internalversion/printers.go printPod. */
import type { V1Container, V1ContainerStatus, V1Pod } from "#apimachinery/api/core-v1.ts";
import { humanDuration } from "#apimachinery/duration.ts";
import { msOf } from "#apimachinery/time.ts";
import { ageColumn, column, nameColumn, orNone, wide, doc } from "#apiserver/kinds/columns.ts";
import type { Column } from "#apiserver/kinds/kind.ts";

interface Shown {
  readonly ready: string;
  readonly status: string;
  readonly restarts: string;
}
const views = new WeakMap<V1Pod, { readonly nowMs: number; readonly shown: Shown }>();

function shown(pod: V1Pod, nowMs: number): Shown {
  const known = views.get(pod);
  if (known?.nowMs === nowMs) return known.shown;
  const made = view(pod, nowMs);
  views.set(pod, { nowMs, shown: made });
  return made;
}

const isSidecar = (name: string, containers: readonly V1Container[] | undefined): boolean =>
  containers?.some((one) => one.name === name && one.restartPolicy === "Always") === true;
const finishedMs = ({ lastState }: V1ContainerStatus): number =>
  lastState?.terminated?.finishedAt ? msOf(lastState.terminated.finishedAt) : 0;
const exitText = ({
  reason,
  signal = 0,
  exitCode = 0,
}: NonNullable<NonNullable<V1ContainerStatus["state"]>["terminated"]>): string =>
  reason || (signal !== 0 ? `Signal:${signal}` : `ExitCode:${exitCode}`);

function view(pod: V1Pod, nowMs: number): Shown {
  const { spec, status, metadata } = pod;
  const condition = (type: string): string | undefined =>
    status?.conditions?.find((one) => one.type === type)?.status;
  let total = (spec?.containers ?? []).length;
  total += (spec?.initContainers ?? []).filter(
    ({ restartPolicy }) => restartPolicy === "Always",
  ).length;
  let ready = 0;
  let restarts = 0;
  let lastMs = 0;
  let sidecarRestarts = 0;
  let sidecarLastMs = 0;
  let text = status?.reason || status?.phase || "";
  if (
    status?.conditions?.some(
      ({ type, reason }) => type === "PodScheduled" && reason === "SchedulingGated",
    )
  )
    text = "SchedulingGated";
  let initialising = false;
  const inits = status?.initContainerStatuses ?? [];
  for (const [i, one] of inits.entries()) {
    restarts += one.restartCount;
    lastMs = Math.max(lastMs, finishedMs(one));
    const sidecar = isSidecar(one.name, spec?.initContainers);
    if (sidecar) {
      sidecarRestarts += one.restartCount;
      sidecarLastMs = Math.max(sidecarLastMs, finishedMs(one));
    }
    const { terminated, waiting } = one.state ?? {};
    if (terminated !== undefined && terminated.exitCode === 0) continue;
    if (sidecar && one.started === true) {
      if (one.ready) ready += 1;
      continue;
    }
    if (terminated !== undefined) text = `Init:${exitText(terminated)}`;
    else if (waiting?.reason && waiting.reason !== "PodInitializing")
      text = `Init:${waiting.reason}`;
    else text = `Init:${i}/${(spec?.initContainers ?? []).length}`;
    initialising = true;
    break;
  }
  if (!initialising || condition("Initialized") === "True") {
    restarts = sidecarRestarts;
    lastMs = sidecarLastMs;
    let running = false;
    let failure = "";
    for (const one of (status?.containerStatuses ?? []).toReversed()) {
      restarts += one.restartCount;
      lastMs = Math.max(lastMs, finishedMs(one));
      const { terminated, waiting, running: runs } = one.state ?? {};
      if (waiting?.reason) text = waiting.reason;
      else if (terminated !== undefined) {
        text = exitText(terminated);
        if ((terminated.exitCode ?? 0) !== 0) failure = text;
      } else if (one.ready && runs !== undefined) {
        running = true;
        ready += 1;
      }
    }
    if (text === "Completed") {
      if (running && condition("Ready") === "True") text = "Running";
      else if (failure !== "") text = failure;
      else if (running) text = "NotReady";
    }
  }
  if (metadata.deletionTimestamp !== undefined && status?.reason === "NodeLost") text = "Unknown";
  else if (
    metadata.deletionTimestamp !== undefined &&
    status?.phase !== "Succeeded" &&
    status?.phase !== "Failed"
  )
    text = "Terminating";
  const ago = restarts > 0 && lastMs > 0 ? ` (${humanDuration(nowMs - lastMs)} ago)` : "";
  return { ready: `${ready}/${total}`, status: text, restarts: `${restarts}${ago}` };
}

export const podColumns: readonly Column<V1Pod>[] = [
  nameColumn,
  column(
    "Ready",
    "string",
    "The aggregate readiness state of this pod for accepting traffic.",
    (pod, nowMs) => shown(pod, nowMs).ready,
  ),
  column(
    "Status",
    "string",
    "The aggregate status of the containers in this pod.",
    (pod, nowMs) => shown(pod, nowMs).status,
  ),
  column(
    "Restarts",
    "string",
    "The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.",
    (pod, nowMs) => shown(pod, nowMs).restarts,
  ),
  ageColumn,
  wide("IP", doc("core.v1.PodStatus.podIP"), ({ status }) => orNone(status?.podIPs?.[0]?.ip)),
  wide("Node", doc("core.v1.PodSpec.nodeName"), ({ spec }) => orNone(spec?.nodeName)),
  wide("Nominated Node", doc("core.v1.PodStatus.nominatedNodeName"), ({ status }) =>
    orNone(status?.nominatedNodeName),
  ),
  wide("Readiness Gates", doc("core.v1.PodSpec.readinessGates"), ({ spec, status }) => {
    const gates = spec?.readinessGates ?? [];
    if (gates.length === 0) return "<none>";
    const isTrue = ({ conditionType }: { readonly conditionType: string }): boolean =>
      status?.conditions?.some(
        ({ type, status: is }) => type === conditionType && is === "True",
      ) === true;
    return `${gates.filter(isTrue).length}/${gates.length}`;
  }),
];
