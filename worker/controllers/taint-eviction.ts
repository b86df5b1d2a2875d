/**
 * Pods leave a node whose NoExecute taints they do not tolerate, or not for that long.
 * Upstream: pkg/controller/tainteviction/taint_eviction.go.
 * Differs: a taint that a Pod waits for gets its timeAdded here, where upstream keeps the time in memory, because a
 * cluster sleeps between its steps.
 */
import type { V1Node, V1Pod, V1Taint, V1Toleration } from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { tolerates } from "#apimachinery/node-fit.ts";
import { withPodCondition } from "#apimachinery/pod-condition.ts";
import { isReason } from "#apimachinery/status.ts";
import { msOf, timeText } from "#apimachinery/time.ts";
import { done, requeueAt, type Result, sooner } from "#client/component.ts";
import type { Controller, ControllerStep } from "./controller.ts";
import { byNode, nodeIndex } from "./pod-gc.ts";

const podKind = "v1/Pod";
const nodeKind = "v1/Node";
const reason = "TaintManagerEviction";

const noExecuteOf = (node: V1Node | undefined): readonly V1Taint[] =>
  (node?.spec?.taints ?? []).filter(({ effect }) => effect === "NoExecute");

/** How long it stays: 0 is not at all, undefined without end. Upstream: getMinTolerationTime. */
function patienceMs(
  tolerations: readonly V1Toleration[],
  taints: readonly V1Taint[],
): number | undefined {
  let least: number | undefined;
  for (const taint of taints) {
    const used = tolerations.find((one) => tolerates(one, taint));
    if (used === undefined) return 0;
    const { tolerationSeconds } = used;
    if (tolerationSeconds !== undefined)
      least = Math.min(least ?? Number.POSITIVE_INFINITY, Math.max(0, tolerationSeconds * 1000));
  }
  return least;
}

/** Since when it bears them: it came, or the last of them was added. */
function beganMs({ metadata, status }: V1Pod, taints: readonly V1Taint[], nowMs: number): number {
  const came = msOf(status?.startTime ?? metadata.creationTimestamp ?? "");
  return Math.max(
    came,
    ...taints.map(({ timeAdded }) => (timeAdded === undefined ? nowMs : msOf(timeAdded))),
  );
}

/** Keys are names of nodes. */
export function taintEviction(): Controller {
  /** Uids of Pods that wait. A cache: who sleeps meanwhile does not tell of a wait that ends well. */
  const waiting = new Set<string>();

  function look(pod: V1Pod, taints: readonly V1Taint[], step: ControllerStep): Result {
    const { uid = "", deletionTimestamp } = pod.metadata;
    const patience = patienceMs(pod.spec?.tolerations ?? [], taints);
    if (deletionTimestamp !== undefined || patience === undefined) {
      if (waiting.delete(uid)) tell(pod, "Cancelling deletion of", step);
      return done;
    }
    const atMs = beganMs(pod, taints, step.nowMs) + patience;
    if (patience > 0 && !step.reached(atMs, "wait")) {
      waiting.add(uid);
      return requeueAt(atMs);
    }
    waiting.delete(uid);
    evict(pod, step);
    return done;
  }

  return {
    name: "taint-eviction-controller",
    account: "node-controller",
    watches: nodeKind,
    heeds: ({ object, previous }) =>
      !equal(noExecuteOf(object as V1Node), noExecuteOf(previous as V1Node | undefined)),
    maps: {
      [podKind]({ type, object, previous }, listers) {
        const { spec } = object as V1Pod;
        const old = (previous as V1Pod | undefined)?.spec;
        if (!spec?.nodeName || type === "DELETED") return [];
        const isNews = old?.nodeName !== spec.nodeName || !equal(old.tolerations, spec.tolerations);
        return isNews && noExecuteOf(listers.lister<V1Node>(nodeKind).get(spec.nodeName)).length > 0
          ? [spec.nodeName]
          : [];
      },
    },
    indexes: { [podKind]: { [byNode]: nodeIndex } },
    reconcile(name, step) {
      const taints = noExecuteOf(step.lister<V1Node>(nodeKind).get(name));
      let result: Result = done;
      for (const pod of step.lister<V1Pod>(podKind).byIndex(byNode, name))
        result = sooner(result, look(pod, taints, step));
      if (result !== done && taints.some(isTimeless)) timed(name, step);
      return result;
    },
  };
}

const isTimeless = ({ effect, timeAdded }: V1Taint): boolean =>
  effect === "NoExecute" && timeAdded === undefined;

function timed(name: string, step: ControllerStep): void {
  step.client.patch<V1Node>({ kind: nodeKind, name }, (node) => ({
    ...node,
    spec: {
      ...node.spec,
      taints: node.spec?.taints?.map((taint) =>
        isTimeless(taint) ? { ...taint, timeAdded: timeText(step.nowMs) } : taint,
      ),
    },
  }));
}

const tell = (pod: V1Pod, what: string, step: ControllerStep): void =>
  step.recorder.event(
    pod,
    "Normal",
    reason,
    `${what} Pod ${pod.metadata.namespace}/${pod.metadata.name}`,
  );

function evict(pod: V1Pod, step: ControllerStep): void {
  const { name = "", namespace } = pod.metadata;
  tell(pod, "Marking for deletion", step);
  try {
    step.client.patch<V1Pod>(
      { kind: podKind, namespace, name, subresource: "status" },
      (current) => ({
        ...current,
        status: withPodCondition(
          current,
          {
            type: "DisruptionTarget",
            status: "True",
            reason: "DeletionByTaintManager",
            message: "Taint manager: deleting due to NoExecute taint",
            observedGeneration: current.metadata.generation,
          },
          step.nowMs,
        ),
      }),
    );
    step.client.delete({ kind: podKind, namespace, name });
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
}
