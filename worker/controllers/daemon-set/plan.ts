/** Which nodes lack a Pod and which Pods are too many, whatever their template. Upstream: pkg/controller/daemon/daemon_controller.go manage. */
import type { V1DaemonSet } from "#apimachinery/api/apps-v1.ts";
import type { V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import type { ControllerStep } from "#controllers/controller.ts";
import { revisionHashLabel } from "#controllers/history.ts";
import { isReady } from "#controllers/pods.ts";
import { isAvailable } from "./availability.ts";
import { fits } from "./placement.ts";
import { allowsSurge } from "./rolling-update.ts";
import type { Work } from "./work.ts";

type PodsPerNode = ReadonlyMap<string, readonly V1Pod[]>;

export const isLeaving = ({ metadata }: V1Pod): boolean => metadata.deletionTimestamp !== undefined;

export function plan(
  set: V1DaemonSet,
  nodes: readonly V1Node[],
  perNode: PodsPerNode,
  hash: string,
  step: ControllerStep,
): Work {
  const create: string[] = [];
  const remove: V1Pod[] = [];
  for (const node of nodes) {
    const name = node.metadata.name ?? "";
    const here = perNode.get(name) ?? [];
    const { run, stay } = fits(set, node);
    if (run && here.length === 0) create.push(name);
    else if (!stay) remove.push(...here.filter((pod) => !isLeaving(pod)));
    else {
      const running = here.filter((pod) => !isLeaving(pod) && !isOver(set, pod, name, step));
      remove.push(...here.filter((pod) => !isLeaving(pod) && !running.includes(pod)));
      if (!allowsSurge(set)) remove.push(...running.toSorted(byAge).slice(1));
      else if (running.length > 1) remove.push(...surplusOf(set, running, hash, step.nowMs));
      else if (running.length === 0 && run) create.push(name);
    }
  }
  const names = new Set(nodes.map(({ metadata }) => metadata.name ?? ""));
  for (const [name, pods] of perNode) {
    // Its node is gone and it was never bound: nobody else would take it away.
    if (!names.has(name)) remove.push(...pods.filter(({ spec }) => !spec?.nodeName));
  }
  return { create, remove };
}

/**
 * A Pod that ended makes room, which its DaemonSet says.
 * Differs: at once, each time; upstream waits from one second up to fifteen minutes, because it remembers
 * earlier failures in memory.
 */
function isOver(set: V1DaemonSet, pod: V1Pod, node: string, step: ControllerStep): boolean {
  const of = `daemon pod ${pod.metadata.namespace}/${pod.metadata.name} on node ${node}`;
  const { phase } = pod.status ?? {};
  if (phase === "Failed") {
    const message = `Found failed ${of}, will try to kill it`;
    step.recorder.event(set, "Warning", "FailedDaemonPod", message);
    return true;
  }
  if (phase === "Succeeded") {
    const message = `Found succeeded ${of}, will try to delete it`;
    step.recorder.event(set, "Normal", "SucceededDaemonPod", message);
    return true;
  }
  return false;
}

/** An old Pod may stay beside a new one as long as it serves and the new one does not yet. */
function surplusOf(
  set: V1DaemonSet,
  running: readonly V1Pod[],
  hash: string,
  nowMs: number,
): readonly V1Pod[] {
  const aged = running.toSorted(byAge);
  const isNew = ({ metadata }: V1Pod): boolean => metadata.labels?.[revisionHashLabel] === hash;
  const fresh = aged.find(isNew);
  const old = aged.find((pod) => !isNew(pod));
  const others = aged.filter((pod) => pod !== fresh && pod !== old);
  const isReplaced =
    fresh !== undefined && old !== undefined && (!isReady(old) || isAvailable(set, fresh, nowMs));
  return isReplaced ? [...others, old] : others;
}

/** Bound ones first, then the oldest. Upstream: podByCreationTimestampAndPhase. */
export function byAge(a: V1Pod, b: V1Pod): number {
  const bound = Number(Boolean(b.spec?.nodeName)) - Number(Boolean(a.spec?.nodeName));
  if (bound !== 0) return bound;
  const [left = "", right = ""] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp];
  if (left !== right) return left < right ? -1 : 1;
  return (a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1;
}
