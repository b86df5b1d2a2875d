/** The DaemonSet controller: one Pod on every node it is for. Upstream: pkg/controller/daemon/daemon_controller.go. */
import { isTerminal } from "#apimachinery/pod-phase.ts";
import type { V1DaemonSet } from "#apimachinery/api/apps-v1.ts";
import type { V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import type { V1LabelSelector } from "#apimachinery/api/meta-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { keyOf } from "#client/client.ts";
import { done, requeueAt, type Result } from "#client/component.ts";
import { byOwner, type WatchEvent } from "#client/informer.ts";
import { slowStart } from "#controllers/batch.ts";
import type { Controller, ControllerStep, Listers } from "#controllers/controller.ts";
import { revisionKind } from "#controllers/history.ts";
import { adopters, claim, controllerOf, orphanIndex, orphans } from "#controllers/owner.ts";
import { createPod, deletePod, isTerminating } from "#controllers/pod-control.ts";
import { cleanUp, historyOf } from "./history.ts";
import { targetOf, templateFor } from "./placement.ts";
import { isLeaving, plan } from "./plan.ts";
import { rollingUpdate } from "./rolling-update.ts";
import { statusOf } from "./status.ts";
import { isNothing, type Work } from "./work.ts";

const kind = "apps/v1/DaemonSet";
/** Most Pods made, and most deleted, in one step. */
const burst = 250;

function reconcile(key: string, step: ControllerStep): Result {
  const set = step.lister<V1DaemonSet>(kind).get(key);
  // Of one that is being deleted the revisions may be gone already.
  if (set?.spec === undefined || set.metadata.deletionTimestamp !== undefined) return done;
  const podsOf = (): readonly V1Pod[] =>
    claim(set, set.spec?.selector, step.lister<V1Pod>("v1/Pod"), step);
  const { hash, old } = historyOf(set, podsOf, step);
  const pods = podsOf();
  const perNode = nodesOf(pods);
  const nodes = step.lister<V1Node>("v1/Node").list();
  const work = plan(set, nodes, perNode, hash, step);
  let error = carryOut(set, work, hash, step);
  if (error === undefined) {
    if (isNothing(work) && set.spec.updateStrategy?.type === "RollingUpdate")
      error = carryOut(set, rollingUpdate(set, nodes, perNode, hash, step.nowMs), hash, step);
    if (error === undefined) cleanUp(set, old, pods, step);
  }
  // What was made or deleted just now is in the lister already.
  const after = nodesOf(step.lister<V1Pod>("v1/Pod").byIndex(byOwner, set.metadata.uid ?? ""));
  const { status, result } = statusOf(set, nodes, after, hash, step.nowMs);
  if (!equal(status, set.status)) step.client.updateStatus<V1DaemonSet>({ ...set, status });
  if (error !== undefined) throw error;
  const isRest = work.create.length > burst || work.remove.length > burst;
  return isRest ? requeueAt(step.nowMs, "work") : result;
}

/** With Pods that are over and on their way out nobody has anything to do. Upstream: getNodesToDaemonPods. */
function nodesOf(pods: readonly V1Pod[]): ReadonlyMap<string, readonly V1Pod[]> {
  const perNode = Map.groupBy(
    pods.filter((pod) => !isTerminal(pod) || !isLeaving(pod)),
    targetOf,
  );
  perNode.delete("");
  return perNode;
}

/** Makes and deletes; the first failure, if there is one that matters. Upstream: syncNodes. */
function carryOut(
  set: V1DaemonSet,
  { create, remove }: Work,
  hash: string,
  step: ControllerStep,
): unknown {
  let next = 0;
  const { error } = slowStart(Math.min(create.length, burst), () => {
    const node = create[next] ?? "";
    next += 1;
    createPod(set, templateFor(set, node, hash), step);
  });
  let failure = error !== undefined && isTerminating(error) ? undefined : error;
  for (const pod of remove.slice(0, burst)) {
    try {
      deletePod(set, pod, step);
    } catch (caught) {
      failure ??= caught;
    }
  }
  return failure;
}

const selectorIn = ({ spec }: V1DaemonSet): V1LabelSelector | undefined => spec?.selector;

/** A revision of its own that appears is no news. Upstream: addHistory, updateHistory, deleteHistory. */
const heirs = (event: WatchEvent, listers: Listers): readonly string[] => {
  const { type, object, previous } = event;
  const owner = controllerOf(object)?.uid;
  const before = previous === undefined ? undefined : controllerOf(previous)?.uid;
  const awake = new Set([
    type === "ADDED" ? undefined : owner,
    before === owner ? undefined : before,
  ]);
  return [
    ...listers
      .lister<V1DaemonSet>(kind)
      .list(object.metadata.namespace)
      .filter(({ metadata }) => metadata.uid !== undefined && awake.has(metadata.uid))
      .map(keyOf),
    ...adopters<V1DaemonSet>(event, kind, selectorIn, listers),
  ];
};

export const daemonSet: Controller = {
  name: "daemonset-controller",
  account: "daemon-set-controller",
  watches: kind,
  owns: ["v1/Pod"],
  maps: {
    [revisionKind]: heirs,
    "v1/Pod": (event, listers) => adopters<V1DaemonSet>(event, kind, selectorIn, listers),
    "v1/Node": ({ type, object, previous }, listers) => {
      const before = previous as V1Node | undefined;
      const isSame =
        type === "MODIFIED" &&
        before?.spec === (object as V1Node).spec &&
        before?.metadata.labels === object.metadata.labels;
      return isSame ? [] : listers.lister<V1DaemonSet>(kind).list().map(keyOf);
    },
  },
  indexes: { "v1/Pod": { [orphans]: orphanIndex }, [revisionKind]: { [orphans]: orphanIndex } },
  reconcile,
};
