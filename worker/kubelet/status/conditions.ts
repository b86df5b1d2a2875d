/**
 * The Pod conditions a kubelet owns, in their order.
 * Upstream: pkg/kubelet/status/generate.go.
 */
import type { V1ContainerStatus, V1Pod, V1PodCondition } from "#apimachinery/api/core-v1.ts";
import { timeText } from "#apimachinery/time.ts";
import { isSidecar } from "#kubelet/restart-policy.ts";
import type { ResizeRecord } from "#kubelet/pod-record.ts";
import type { Phase } from "./phase.ts";

/** True, or why not. */
interface Verdict {
  readonly status: "True" | "False";
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}
const holds: Verdict = { status: "True" };

/** A list as Go prints it. */
const goList = (names: readonly string[]): string => `[${names.join(" ")}]`;

const owned: ReadonlySet<string> = new Set([
  "PodReadyToStartContainers",
  "Initialized",
  "Ready",
  "ContainersReady",
  "PodScheduled",
  "PodResizePending",
  "PodResizeInProgress",
]);

function initialized(
  pod: V1Pod,
  init: readonly V1ContainerStatus[],
  regular: readonly V1ContainerStatus[],
  phase: Phase,
): Verdict {
  const containers = pod.spec?.initContainers;
  if (phase === "Succeeded") return { status: "True", reason: "PodCompleted" };
  if (containers === undefined || containers.length === 0) return holds;
  if (
    regular.some(
      ({ state, lastState }) => state?.running || state?.terminated || lastState?.terminated,
    )
  )
    return holds;
  const incomplete = containers
    .filter((container, i) =>
      isSidecar(container) ? init[i]?.started !== true : init[i]?.ready !== true,
    )
    .map(({ name }) => name);
  return incomplete.length === 0
    ? holds
    : {
        status: "False",
        reason: "ContainersNotInitialized",
        message: `containers with incomplete status: ${goList(incomplete)}`,
      };
}

function containersReady(
  pod: V1Pod,
  init: readonly V1ContainerStatus[],
  regular: readonly V1ContainerStatus[],
  phase: Phase,
): Verdict {
  if (phase === "Failed") return { status: "False", reason: "PodFailed" };
  if (phase === "Succeeded") return { status: "False", reason: "PodCompleted" };
  const unready: string[] = [];
  pod.spec?.initContainers?.forEach((container, i) => {
    if (isSidecar(container) && init[i]?.ready !== true) unready.push(container.name);
  });
  for (const { name, ready } of regular) if (!ready) unready.push(name);
  return unready.length === 0
    ? holds
    : {
        status: "False",
        reason: "ContainersNotReady",
        message: `containers with unready status: ${goList(unready)}`,
      };
}

function podReady(pod: V1Pod, foreign: readonly V1PodCondition[], containers: Verdict): Verdict {
  if (containers !== holds) return containers;
  const unready: string[] = [];
  for (const { conditionType } of pod.spec?.readinessGates ?? []) {
    const gate = foreign.find(({ type }) => type === conditionType);
    if (gate === undefined)
      unready.push(
        `corresponding condition of pod readiness gate ${JSON.stringify(conditionType)} does not exist.`,
      );
    else if (gate.status !== "True")
      unready.push(
        `the status of pod readiness gate ${JSON.stringify(conditionType)} is not "True", but ${gate.status}`,
      );
  }
  return unready.length === 0
    ? holds
    : { status: "False", reason: "ReadinessGatesNotReady", message: unready.join(", ") };
}

export interface Readiness {
  readonly phase: Phase;
  readonly init: readonly V1ContainerStatus[];
  readonly regular: readonly V1ContainerStatus[];
  /** A sandbox with its network is there. */
  readonly sandbox: boolean;
  readonly resize?: ResizeRecord | undefined;
}

/** Upstream: pkg/kubelet/status/status_manager.go updatedPodResizeCondition. */
function resizing(
  phase: Phase,
  { pending, inProgress }: Partial<ResizeRecord>,
): readonly V1PodCondition[] {
  if (phase === "Failed" || phase === "Succeeded") return [];
  const made = (
    type: string,
    { generation, sinceMs }: NonNullable<ResizeRecord["inProgress"]>,
  ): V1PodCondition => ({
    type,
    observedGeneration: generation,
    status: "True",
    lastProbeTime: timeText(sinceMs),
    lastTransitionTime: timeText(sinceMs),
  });
  return [
    ...(pending === undefined
      ? []
      : [
          {
            ...made("PodResizePending", pending),
            reason: "Deferred",
            message: pending.message,
          },
        ]),
    ...(inProgress === undefined ? [] : [made("PodResizeInProgress", inProgress)]),
  ];
}

/** Conditions of others as they stood, then the kubelet's own; a transition keeps its time while the status stays. */
export function conditionsOf(
  pod: V1Pod,
  { phase, init, regular, sandbox, resize }: Readiness,
  nowMs: number,
): readonly V1PodCondition[] {
  const before = pod.status?.conditions ?? [];
  const foreign = before.filter(({ type }) => !owned.has(type));
  const observedGeneration = pod.metadata.generation;
  const made = (type: string, { status, reason, message }: Verdict): V1PodCondition => {
    const old = before.find((condition) => condition.type === type);
    return {
      type,
      observedGeneration,
      status,
      lastProbeTime: null,
      lastTransitionTime:
        old?.status === status && old.lastTransitionTime ? old.lastTransitionTime : timeText(nowMs),
      ...(reason === undefined ? undefined : { reason }),
      ...(message === undefined ? undefined : { message }),
    };
  };
  const ready = containersReady(pod, init, regular, phase);
  return [
    ...foreign,
    ...(resize === undefined ? [] : resizing(phase, resize)),
    made("PodReadyToStartContainers", sandbox ? holds : { status: "False" }),
    made("Initialized", initialized(pod, init, regular, phase)),
    made("Ready", podReady(pod, foreign, ready)),
    made("ContainersReady", ready),
    made("PodScheduled", holds),
  ];
}
