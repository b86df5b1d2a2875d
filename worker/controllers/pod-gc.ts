/** Pods whose node is gone. Upstream: pkg/controller/podgc/gc_controller.go. */
import type { V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import { isReason } from "#apimachinery/status.ts";
import { timeText } from "#apimachinery/time.ts";
import { done, requeueAt, type Result } from "#client/component.ts";
import type { Controller, ControllerStep } from "./controller.ts";
import { isTerminal } from "./pods.ts";

const podKind = "v1/Pod";
const nodeKind = "v1/Node";
/** A node that went missing may come back so soon. */
const quarantineMs = 40_000;
/** Index of Pods by their node, for `Controller.indexes`. */
export const byNode = "node";
export const nodeIndex = ({ spec }: V1Pod): readonly string[] =>
  spec?.nodeName ? [spec.nodeName] : [];

/** Keys are names of nodes. */
export function podGc(): Controller {
  /** Since when a node is missing. A cache, as upstream's: after a restart the quarantine begins anew. */
  const missing = new Map<string, number>();
  const reconcile = (node: string, step: ControllerStep): Result => {
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
    for (const pod of pods) remove(pod, step);
    return done;
  };
  return {
    name: "pod-garbage-collector",
    account: "pod-garbage-collector",
    watches: nodeKind,
    maps: {
      /** A Pod of a node that is not there, e.g. after a restart. */
      [podKind]: ({ type, object, previous }, listers) => {
        const node = (object as V1Pod).spec?.nodeName;
        const isNews = type === "ADDED" || (previous as V1Pod | undefined)?.spec?.nodeName !== node;
        return node && isNews && listers.lister(nodeKind).get(node) === undefined ? [node] : [];
      },
    },
    indexes: { [podKind]: { [byNode]: nodeIndex } },
    reconcile,
  };
}

function remove(pod: V1Pod, step: ControllerStep): void {
  const { name = "", namespace } = pod.metadata;
  try {
    if (!isTerminal(pod)) {
      step.client.patch<V1Pod>(
        { kind: podKind, namespace, name, subresource: "status" },
        (current) => ({ ...current, status: failed(current, step.nowMs) }),
      );
    }
    step.client.delete({ kind: podKind, namespace, name }, { gracePeriodSeconds: 0 });
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
}

function failed({ status }: V1Pod, nowMs: number): V1Pod["status"] {
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    lastTransitionTime: timeText(nowMs),
    reason: "DeletionByPodGC",
    message: "PodGC: node no longer exists",
  };
  return {
    ...status,
    phase: "Failed",
    conditions: [
      ...(status?.conditions ?? []).filter(({ type }) => type !== condition.type),
      condition,
    ],
  };
}
