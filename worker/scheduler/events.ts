/** What a change of a node or a Pod is to the plugins that wait for one. Upstream: pkg/scheduler/framework/events.go. */
import type { V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { isTerminal } from "#apimachinery/pod-phase.ts";
import type { WatchEvent } from "#client/informer.ts";

const none: readonly string[] = [];

export const changesOf = {
  node({ type, object, previous }: WatchEvent<V1Node>): readonly string[] {
    if (type === "ADDED") return ["Node/Add"];
    if (type === "DELETED" || previous === undefined) return none;
    const changes: string[] = [];
    if (
      !equal(object.spec?.taints, previous.spec?.taints) ||
      object.spec?.unschedulable !== previous.spec?.unschedulable
    )
      changes.push("Node/UpdateTaint");
    if (!equal(object.metadata.labels, previous.metadata.labels)) changes.push("Node/UpdateLabel");
    if (!equal(object.status?.allocatable, previous.status?.allocatable))
      changes.push("Node/UpdateAllocatable");
    if (!equal(object.status?.declaredFeatures, previous.status?.declaredFeatures))
      changes.push("Node/UpdateDeclaredFeature");
    return changes;
  },
  /** Room is made when a bound Pod goes or is over, or one that held a node goes. */
  pod({ type, object, previous }: WatchEvent<V1Pod>): readonly string[] {
    if (!object.spec?.nodeName)
      return type === "DELETED" && object.status?.nominatedNodeName ? ["Pod/Delete"] : none;
    const isGone =
      type === "DELETED" || (previous !== undefined && isTerminal(object) && !isTerminal(previous));
    return isGone ? ["Pod/Delete"] : none;
  },
};
