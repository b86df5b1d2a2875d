/**
 * The Deployment controller: rolls Pods from one template to the next by sizing ReplicaSets.
 * Upstream: pkg/controller/deployment/deployment_controller.go, rolling.go, recreate.go, sync.go.
 */
import { isTerminal } from "#apimachinery/pod-phase.ts";
import type { V1Deployment, V1ReplicaSet } from "#apimachinery/api/apps-v1.ts";
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import type { V1LabelSelector } from "#apimachinery/api/meta-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { isReason } from "#apimachinery/status.ts";
import { msOf } from "#apimachinery/time.ts";
import { keyOf } from "#client/client.ts";
import { done, requeueAt, type Result } from "#client/component.ts";
import { byOwner } from "#client/informer.ts";
import type { Controller, ControllerStep } from "#controllers/controller.ts";
import { adopters, claim, controllerOf, orphanIndex, orphans } from "#controllers/owner.ts";
import { desiredOf, maxOf, revisionOf } from "./annotations.ts";
import {
  isRolling,
  isSaturated,
  newSize,
  oldestFirst,
  oldSizes,
  proportionalSizes,
  sizeOf,
  wantedOf,
} from "./arithmetic.ts";
import { allOf, HashCollision, newSetOf, type Rollout, scale, syncNewSet } from "./replica-sets.ts";
import {
  conditionOf,
  countedStatus,
  deadlineOf,
  isComplete,
  newCondition,
  rolloutStatus,
  withCondition,
} from "./status.ts";

const kind = "apps/v1/Deployment";
const setKind = "apps/v1/ReplicaSet";
const selectorIn = ({ spec }: V1Deployment): V1LabelSelector | undefined => spec?.selector;

function reconcile(key: string, step: ControllerStep): Result {
  const deployment = step.lister<V1Deployment>(kind).get(key);
  if (deployment?.spec === undefined) return done;
  const sets = claim(
    deployment,
    deployment.spec.selector,
    step.lister<V1ReplicaSet>(setKind),
    step,
  );
  const fresh = newSetOf(deployment, sets);
  const rollout: Rollout = { deployment, fresh, old: sets.filter((set) => set !== fresh), step };
  if (deployment.metadata.deletionTimestamp !== undefined)
    return told(rollout, countedStatus(deployment, allOf(rollout), fresh, step.nowMs));
  tellPaused(rollout);
  try {
    if (deployment.spec.paused === true) return resized(rollout);
    const isScaling = allOf(rollout).some(
      (set) =>
        sizeOf(set) > 0 && desiredOf(set) !== undefined && desiredOf(set) !== wantedOf(deployment),
    );
    if (isScaling) return resized(rollout);
    return isRolling(deployment) ? rolled(rollout) : recreated(rollout);
  } catch (error) {
    if (error instanceof HashCollision) return requeueAt(step.nowMs);
    throw error;
  }
}

/** Paused or just resumed: the condition says so. */
function tellPaused(rollout: Rollout): void {
  const { deployment, step } = rollout;
  if (deadlineOf(deployment) === undefined) return;
  const conditions = deployment.status?.conditions ?? [];
  const current = conditionOf(conditions, "Progressing");
  if (current?.reason === "ProgressDeadlineExceeded") return;
  const wasPaused = current?.reason === "DeploymentPaused";
  const isPaused = deployment.spec?.paused === true;
  if (isPaused === wasPaused) return;
  const made = isPaused
    ? newCondition("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused", step.nowMs)
    : newCondition(
        "Progressing",
        "Unknown",
        "DeploymentResumed",
        "Deployment is resumed",
        step.nowMs,
      );
  rollout.deployment = step.client.updateStatus<V1Deployment>({
    ...deployment,
    status: { ...deployment.status, conditions: withCondition(conditions, made) },
  });
}

/** One step of a rolling update: first up, then down. */
function rolled(rollout: Rollout): Result {
  syncNewSet(rollout, true);
  const { fresh } = rollout;
  if (fresh !== undefined && scaledNew(rollout, fresh)) return progressed(rollout);
  const sizes = oldSizes(
    rollout.deployment,
    allOf(rollout),
    rollout.fresh,
    rollout.old.filter((set) => sizeOf(set) > 0),
  );
  let isScaled = false;
  for (const set of rollout.old) {
    const size = sizes.get(set.metadata.name ?? "");
    if (size !== undefined && scale(rollout, set, size)) isScaled = true;
  }
  if (!isScaled && isComplete(rollout.deployment, rollout.deployment.status ?? {}))
    cleanUp(rollout);
  return progressed(rollout);
}

function scaledNew(rollout: Rollout, fresh: V1ReplicaSet): boolean {
  const wanted = wantedOf(rollout.deployment);
  const size = sizeOf(fresh);
  if (size === wanted) return false;
  return scale(
    rollout,
    fresh,
    size > wanted ? wanted : newSize(rollout.deployment, allOf(rollout), fresh),
  );
}

/** All of the old go before the first of the new comes. */
function recreated(rollout: Rollout): Result {
  const { step } = rollout;
  syncNewSet(rollout, false);
  let isScaled = false;
  for (const set of rollout.old) if (sizeOf(set) > 0 && scale(rollout, set, 0)) isScaled = true;
  if (isScaled || rollout.old.some((set) => hasRunningPods(set, step))) return progressed(rollout);
  if (rollout.fresh === undefined) syncNewSet(rollout, true);
  const { fresh } = rollout;
  if (fresh !== undefined && scaledNew(rollout, fresh)) return progressed(rollout);
  if (isComplete(rollout.deployment, rollout.deployment.status ?? {})) cleanUp(rollout);
  return progressed(rollout);
}
const hasRunningPods = ({ metadata }: V1ReplicaSet, step: ControllerStep): boolean =>
  step
    .lister<V1Pod>("v1/Pod")
    .byIndex(byOwner, metadata.uid ?? "")
    .some((pod) => !isTerminal(pod));

/** Another number of replicas, or paused: sizes only, no new set. Upstream: sync, scale. */
function resized(rollout: Rollout): Result {
  syncNewSet(rollout, false);
  const { deployment } = rollout;
  const active = allOf(rollout).filter((set) => sizeOf(set) > 0);
  if (active.length <= 1) {
    const only = active[0] ?? rollout.fresh ?? rollout.old.toSorted(oldestFirst).at(-1);
    if (only !== undefined && sizeOf(only) !== wantedOf(deployment))
      scale(rollout, only, wantedOf(deployment));
    else if (only !== undefined) scale(rollout, only, sizeOf(only));
  } else if (isSaturated(deployment, rollout.fresh, desiredOf)) {
    for (const set of rollout.old) if (sizeOf(set) > 0) scale(rollout, set, 0);
  } else if (isRolling(deployment)) {
    const sizes = proportionalSizes(deployment, active, maxOf);
    for (const set of active)
      scale(rollout, set, sizes.get(set.metadata.name ?? "") ?? sizeOf(set));
  }
  if (deployment.spec?.paused === true) cleanUp(rollout);
  return told(
    rollout,
    countedStatus(rollout.deployment, allOf(rollout), rollout.fresh, rollout.step.nowMs),
  );
}

/** Old sets beyond revisionHistoryLimit go, oldest revision first. */
function cleanUp({ deployment, old, step }: Rollout): void {
  const limit = deployment.spec?.revisionHistoryLimit;
  if (limit === undefined || limit === 2 ** 31 - 1) return;
  const isDone = ({ metadata, spec, status }: V1ReplicaSet): boolean =>
    (spec?.replicas ?? 0) === 0 &&
    (status?.replicas ?? 0) === 0 &&
    (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0) &&
    metadata.deletionTimestamp === undefined;
  const alive = old.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const surplus = alive.length - limit;
  if (surplus <= 0) return;
  for (const set of alive.toSorted(byRevision).slice(0, surplus)) {
    if (!isDone(set)) continue;
    try {
      step.client.delete(
        { kind: setKind, namespace: set.metadata.namespace, name: set.metadata.name ?? "" },
        { uid: set.metadata.uid, propagationPolicy: "Background" },
      );
    } catch (error) {
      if (!isReason(error, "NotFound")) throw error;
    }
  }
}

/** Oldest revision first; by age where they say none. Upstream: ReplicaSetsByRevision. */
function byRevision(a: V1ReplicaSet, b: V1ReplicaSet): number {
  const [left, right] = [revisionOf(a), revisionOf(b)];
  if (left === undefined || right === undefined || left === right) return oldestFirst(a, b);
  return left < right ? -1 : 1;
}

const progressed = (rollout: Rollout): Result =>
  told(
    rollout,
    rolloutStatus(rollout.deployment, allOf(rollout), rollout.fresh, rollout.step.nowMs),
  );

/** Writes the status if it is new, else comes back when the deadline would pass. */
function told({ deployment, step }: Rollout, status: NonNullable<V1Deployment["status"]>): Result {
  if (!equal(status, deployment.status)) {
    step.client.updateStatus<V1Deployment>({ ...deployment, status });
    return deadlineAt(deployment, status, step.nowMs);
  }
  return deadlineAt(deployment, status, step.nowMs);
}

/** Upstream: requeueStuckDeployment. */
function deadlineAt(
  deployment: V1Deployment,
  status: NonNullable<V1Deployment["status"]>,
  nowMs: number,
): Result {
  const condition = conditionOf(status.conditions, "Progressing");
  const deadline = deadlineOf(deployment);
  if (condition === undefined || deadline === undefined || deployment.spec?.paused === true)
    return done;
  if (
    condition.reason === "NewReplicaSetAvailable" ||
    condition.reason === "ProgressDeadlineExceeded" ||
    isComplete(deployment, status)
  )
    return done;
  const overMs = msOf(condition.lastUpdateTime ?? "") + deadline * 1000 + 1000;
  return requeueAt(Math.max(overMs, nowMs + 1000));
}

export const deployment: Controller = {
  name: "deployment-controller",
  account: "deployment-controller",
  watches: kind,
  owns: [setKind],
  maps: {
    [setKind]: (event, listers) => adopters<V1Deployment>(event, kind, selectorIn, listers),
    /** Recreate waits for the last Pod of the old. */
    "v1/Pod": ({ type, object }, listers) => {
      if (type !== "DELETED") return [];
      const owner = controllerOf(object);
      if (owner?.kind !== "ReplicaSet") return [];
      const set = listers
        .lister<V1ReplicaSet>(setKind)
        .get(`${object.metadata.namespace}/${owner.name}`);
      const above = set === undefined ? undefined : controllerOf(set);
      if (above?.kind !== "Deployment") return [];
      const found = listers
        .lister<V1Deployment>(kind)
        .get(`${object.metadata.namespace}/${above.name}`);
      return found === undefined || found.spec?.strategy?.type !== "Recreate" ? [] : [keyOf(found)];
    },
  },
  indexes: { [setKind]: { [orphans]: orphanIndex } },
  reconcile,
};
