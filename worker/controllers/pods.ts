/** What controllers ask about Pods. Upstream: pkg/controller/controller_utils.go, pkg/api/v1/pod/util.go. */
import type { V1Pod, V1PodCondition } from "#apimachinery/api/core-v1.ts";
import { isTerminal } from "#apimachinery/pod-phase.ts";
import { msOf } from "#apimachinery/time.ts";

export const readyCondition = ({ status }: V1Pod): V1PodCondition | undefined =>
  status?.conditions?.find(({ type }) => type === "Ready");
export const isReady = (pod: V1Pod): boolean => readyCondition(pod)?.status === "True";
/** Neither over nor on its way out. */
export const isActive = (pod: V1Pod): boolean =>
  !isTerminal(pod) && pod.metadata.deletionTimestamp === undefined;

/** From when on it counts as available; undefined = it is not ready. */
export function availableAtMs(pod: V1Pod, minReadySeconds: number): number | undefined {
  const ready = readyCondition(pod);
  if (ready?.status !== "True") return undefined;
  return minReadySeconds === 0 ? 0 : msOf(ready.lastTransitionTime ?? "") + minReadySeconds * 1000;
}

const cost = ({ metadata }: V1Pod): number => {
  const value = Number(metadata.annotations?.["controller.kubernetes.io/pod-deletion-cost"] ?? 0);
  return Number.isInteger(value) ? value : 0;
};
const restarts = ({ status }: V1Pod): number =>
  Math.max(0, ...(status?.containerStatuses ?? []).map(({ restartCount }) => restartCount));
const phases: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const phase = ({ status }: V1Pod): number => phases[status?.phase ?? ""] ?? 0;
/** Ages within one power of two are as good as equal. */
const bucket = (sinceMs: number, nowMs: number): number =>
  Math.floor(Math.log2(Math.max(1, Math.floor((nowMs - sinceMs) / 1000))));

/** Order of deletion, first to go first. `rank` = Pods of the same owners on its node. Upstream: ActivePodsWithRanks. */
export function deletionOrder(
  pods: readonly V1Pod[],
  rank: (pod: V1Pod) => number,
  nowMs: number,
): readonly V1Pod[] {
  const byUid = (a: V1Pod, b: V1Pod): number =>
    (a.metadata.uid ?? "") < (b.metadata.uid ?? "") ? -1 : 1;
  const readySince = (pod: V1Pod): number => msOf(readyCondition(pod)?.lastTransitionTime ?? "");
  const created = ({ metadata }: V1Pod): number => msOf(metadata.creationTimestamp ?? "");
  const compare = (a: V1Pod, b: V1Pod): number => {
    const unassigned = Number(Boolean(a.spec?.nodeName)) - Number(Boolean(b.spec?.nodeName));
    if (unassigned !== 0) return unassigned;
    if (phase(a) !== phase(b)) return phase(a) - phase(b);
    const ready = Number(isReady(a)) - Number(isReady(b));
    if (ready !== 0) return ready;
    if (cost(a) !== cost(b)) return cost(a) - cost(b);
    if (rank(a) !== rank(b)) return rank(b) - rank(a);
    if (isReady(a) && readySince(a) !== readySince(b)) {
      const [left, right] = [bucket(readySince(a), nowMs), bucket(readySince(b), nowMs)];
      return left === right ? byUid(a, b) : left - right;
    }
    if (restarts(a) !== restarts(b)) return restarts(b) - restarts(a);
    if (created(a) !== created(b)) {
      const [left, right] = [bucket(created(a), nowMs), bucket(created(b), nowMs)];
      return left === right ? byUid(a, b) : left - right;
    }
    return byUid(a, b);
  };
  return pods.toSorted(compare);
}
