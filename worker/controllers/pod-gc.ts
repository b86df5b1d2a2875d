/** Pods whose node is gone, or that never had one and are to go. Upstream: pkg/controller/podgc/gc_controller.go. */
import { isTerminal } from "#apimachinery/pod-phase.ts";
import type { V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import { type ToldCondition, withPodCondition } from "#apimachinery/pod-condition.ts";
import { isReason } from "#apimachinery/status.ts";
import { done, requeueAt, type Result } from "#client/component.ts";
import type { Controller, ControllerStep } from "./controller.ts";

const podKind = "v1/Pod";
const nodeKind = "v1/Node";
/** A node that went missing may come back so soon. */
const quarantineMs = 40_000;
/** Index of Pods by their node, for `Controller.indexes`. */
export const byNode = "node";
export const nodeIndex = ({ spec }: V1Pod): readonly string[] =>
  spec?.nodeName ? [spec.nodeName] : [];

/** The key, and the index, of the Pods that no kubelet will end; no node can be named so. */
const unscheduled = "/unscheduled";
const isUnscheduled = ({ spec, metadata }: V1Pod): boolean =>
  metadata.deletionTimestamp !== undefined && !spec?.nodeName;
const unscheduledIndex = (pod: V1Pod): readonly string[] =>
  isUnscheduled(pod) ? [unscheduled] : [];

const orphaned: ToldCondition = {
  type: "DisruptionTarget",
  status: "True",
  reason: "DeletionByPodGC",
  message: "PodGC: node no longer exists",
};

/** Keys are names of nodes. */
export function podGc(): Controller {
  /** Since when a node is missing. A cache, as upstream's: after a restart the quarantine begins anew. */
  const missing = new Map<string, number>();
  const reconcile = (node: string, step: ControllerStep): Result => {
    if (node === unscheduled) {
      for (const pod of step.lister<V1Pod>(podKind).byIndex(unscheduled, unscheduled))
        if (!isTerminal(pod)) remove(pod, undefined, step);
      return done;
    }
    if (step.lister<V1Node>(nodeKind).get(node) !== undefined) {
      missing.delete(node);
      return done;
    }
    const pods = step.lister<V1Pod>(podKind).byIndex(byNode, node);
    if (pods.length === 0) {
      missing.delete(node);
      return done;
    }
    const sinceMs = missing.get(node) ?? step.nowMs;
    missing.set(node, sinceMs);
    if (!step.reached(sinceMs + quarantineMs, "wait")) return requeueAt(sinceMs + quarantineMs);
    for (const pod of pods) remove(pod, orphaned, step);
    return done;
  };
  return {
    name: "pod-garbage-collector",
    account: "pod-garbage-collector",
    watches: nodeKind,
    maps: {
      /** A Pod of a node that is not there, e.g. after a restart. */
      [podKind]: ({ type, object, previous }, listers) => {
        if (type !== "DELETED" && isUnscheduled(object as V1Pod)) return [unscheduled];
        const node = (object as V1Pod).spec?.nodeName;
        const isNews = type === "ADDED" || (previous as V1Pod | undefined)?.spec?.nodeName !== node;
        return node && isNews && listers.lister(nodeKind).get(node) === undefined ? [node] : [];
      },
    },
    indexes: { [podKind]: { [byNode]: nodeIndex, [unscheduled]: unscheduledIndex } },
    reconcile,
  };
}

/** Upstream: markFailedAndDeletePodWithCondition. */
function remove(pod: V1Pod, told: ToldCondition | undefined, step: ControllerStep): void {
  const { name = "", namespace } = pod.metadata;
  try {
    if (!isTerminal(pod)) {
      step.client.patch<V1Pod>(
        { kind: podKind, namespace, name, subresource: "status" },
        (current) => {
          const observedGeneration = current.metadata.generation;
          const status =
            told === undefined
              ? current.status
              : withPodCondition(current, { ...told, observedGeneration }, step.nowMs);
          const observed = observedGeneration === undefined ? {} : { observedGeneration };
          return { ...current, status: { ...status, ...observed, phase: "Failed" } };
        },
      );
    }
    step.client.delete({ kind: podKind, namespace, name }, { gracePeriodSeconds: 0 });
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
}
