/**
 * As many Pods as wanted: what a ReplicaSet and a ReplicationController have in common, which is all but the names.
 * Upstream: pkg/controller/replicaset/{replica_set,replica_set_utils}.go NewBaseController.
 */
import type {
  V1ReplicaSet,
  V1ReplicaSetCondition,
  V1ReplicaSetStatus,
} from "#apimachinery/api/apps-v1.ts";
import { isTerminal } from "#apimachinery/pod-phase.ts";
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import type { V1LabelSelector } from "#apimachinery/api/meta-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { matches, selectorOf } from "#apimachinery/selector.ts";
import { isReason } from "#apimachinery/status.ts";
import { timeText } from "#apimachinery/time.ts";
import { done, requeueAt, type Result, sooner } from "#client/component.ts";
import type { Gvk } from "#client/client.ts";
import { byOwner } from "#client/informer.ts";
import { slowStart } from "./batch.ts";
import type { Controller, ControllerStep } from "./controller.ts";
import { adopters, claim, controllerOf, orphanIndex, orphans } from "./owner.ts";
import { createPod, deletePod, isTerminating } from "./pod-control.ts";
import { availableAtMs, deletionOrder, isActive, isReady } from "./pods.ts";

/** One of the two; the other one is seen as a ReplicaSet, too. */
export interface Replicated {
  readonly kind: Gvk;
  readonly account: string;
  /** Event source and trace actor. */
  readonly name: string;
  selector(set: V1ReplicaSet): V1LabelSelector | undefined;
  /** Does its status count the Pods that end? */
  readonly countsTerminating: boolean;
}

/** Most Pods made or deleted in one step. */
const burst = 500;

function reconcile(of: Replicated, key: string, step: ControllerStep): Result {
  const set = step.lister<V1ReplicaSet>(of.kind).get(key);
  if (set?.spec === undefined) return done;
  const pods = claim(set, of.selector(set), step.lister<V1Pod>("v1/Pod"), step);
  const active = pods.filter(isActive);
  const failure =
    set.metadata.deletionTimestamp === undefined ? manage(of, set, active, step) : undefined;
  // What was made or deleted just now is in the lister already.
  const after =
    failure === undefined && active.length === set.spec.replicas
      ? pods
      : step.lister<V1Pod>("v1/Pod").byIndex(byOwner, set.metadata.uid ?? "");
  const { status, result } = statusOf(of, set, after, failure, step.nowMs);
  if (!equal(status, set.status)) tell(set, status, step);
  if (failure !== undefined && !isTerminating(failure.error)) throw failure.error;
  const isShort =
    set.metadata.deletionTimestamp === undefined &&
    failure === undefined &&
    after.filter(isActive).length !== set.spec.replicas;
  return isShort ? requeueAt(step.nowMs, "work") : result;
}

interface Failure {
  readonly error: unknown;
  readonly missing: number;
}

/** Brings the number of active Pods nearer to what is wanted. */
function manage(
  { kind }: Replicated,
  set: V1ReplicaSet,
  active: readonly V1Pod[],
  step: ControllerStep,
): Failure | undefined {
  const missing = (set.spec?.replicas ?? 0) - active.length;
  const template = set.spec?.template;
  if (missing === 0 || template === undefined) return undefined;
  if (missing > 0) {
    const { error } = slowStart(Math.min(missing, burst), () => createPod(set, template, step));
    return error === undefined ? undefined : { error, missing };
  }
  const surplus = deletionOrder(active, rankOf(kind, set, step), step.nowMs).slice(
    0,
    Math.min(-missing, burst),
  );
  let failure: Failure | undefined;
  for (const pod of surplus) {
    try {
      deletePod(set, pod, step);
    } catch (error) {
      failure ??= { error, missing };
    }
  }
  return failure;
}

/** Active Pods of the same owner's sets on the same node: crowded nodes give first. */
function rankOf(kind: Gvk, set: V1ReplicaSet, step: ControllerStep): (pod: V1Pod) => number {
  const above = controllerOf(set)?.uid;
  const related =
    above === undefined ? [set] : step.lister<V1ReplicaSet>(kind).byIndex(byOwner, above);
  const perNode = new Map<string, number>();
  for (const { metadata } of related) {
    for (const pod of step.lister<V1Pod>("v1/Pod").byIndex(byOwner, metadata.uid ?? "")) {
      const node = pod.spec?.nodeName;
      if (node && isActive(pod)) perNode.set(node, (perNode.get(node) ?? 0) + 1);
    }
  }
  return ({ spec }) => perNode.get(spec?.nodeName ?? "") ?? 0;
}

function statusOf(
  { countsTerminating }: Replicated,
  set: V1ReplicaSet,
  pods: readonly V1Pod[],
  failure: Failure | undefined,
  nowMs: number,
): { readonly status: V1ReplicaSetStatus; readonly result: Result } {
  const { minReadySeconds = 0 } = set.spec ?? {};
  const wanted = selectorOf({ matchLabels: set.spec?.template?.metadata?.labels ?? {} }) ?? [];
  const counts = {
    replicas: 0,
    fullyLabeledReplicas: 0,
    readyReplicas: 0,
    availableReplicas: 0,
    terminatingReplicas: 0,
  };
  let result: Result = done;
  for (const pod of pods) {
    if (isTerminal(pod)) continue;
    if (pod.metadata.deletionTimestamp !== undefined) {
      counts.terminatingReplicas += 1;
      continue;
    }
    counts.replicas += 1;
    if (matches(wanted, pod.metadata.labels)) counts.fullyLabeledReplicas += 1;
    if (!isReady(pod)) continue;
    counts.readyReplicas += 1;
    const availableMs = availableAtMs(pod, minReadySeconds) ?? 0;
    if (availableMs <= nowMs) counts.availableReplicas += 1;
    else result = sooner(result, requeueAt(availableMs));
  }
  const conditions = conditionsOf(set, failure, nowMs);
  const { replicas, terminatingReplicas, ...others } = counts;
  const nonZero = Object.fromEntries(Object.entries(others).filter(([, count]) => count > 0));
  const observedGeneration = set.metadata.generation;
  const status: V1ReplicaSetStatus = {
    replicas,
    ...nonZero,
    ...(countsTerminating ? { terminatingReplicas } : {}),
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    ...(conditions.length === 0 ? {} : { conditions }),
  };
  return { status, result };
}

function conditionsOf(
  { status }: V1ReplicaSet,
  failure: Failure | undefined,
  nowMs: number,
): readonly V1ReplicaSetCondition[] {
  const old = status?.conditions ?? [];
  const others = old.filter(({ type }) => type !== "ReplicaFailure");
  if (failure === undefined) return others.length === old.length ? old : others;
  const present = old.find(({ type }) => type === "ReplicaFailure");
  if (present !== undefined) return old;
  const message = failure.error instanceof Error ? failure.error.message : String(failure.error);
  const reason = failure.missing > 0 ? "FailedCreate" : "FailedDelete";
  return [
    ...others,
    {
      type: "ReplicaFailure",
      status: "True",
      lastTransitionTime: timeText(nowMs),
      reason,
      message,
    },
  ];
}

function tell(set: V1ReplicaSet, status: V1ReplicaSetStatus, step: ControllerStep): void {
  try {
    step.client.updateStatus<V1ReplicaSet>({ ...set, status });
  } catch (error) {
    // Adopting or releasing changed the set meanwhile: the next step sees it.
    if (!isReason(error, "Conflict", "NotFound")) throw error;
  }
}

export const replicaController = (of: Replicated): Controller => ({
  name: of.name,
  account: of.account,
  watches: of.kind,
  owns: ["v1/Pod"],
  maps: {
    "v1/Pod": (event, listers) =>
      adopters<V1ReplicaSet>(event, of.kind, (set) => of.selector(set), listers),
  },
  indexes: { "v1/Pod": { [orphans]: orphanIndex } },
  reconcile: (key, step) => reconcile(of, key, step),
});
