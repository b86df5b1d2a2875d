/**
 * The scheduler: finds a node for each Pod that has none and binds it there.
 *
 * Keys are Pods. A Pod that fits nowhere waits until something changes that could help it; before
 * Pods of higher priority none is tried.
 * Upstream: pkg/scheduler/{scheduler,schedule_one,eventhandlers}.go, backend/queue/scheduling_queue.go.
 */
import type { V1Binding, V1Node, V1Pod, V1PodCondition } from "#apimachinery/api/core-v1.ts";
import type { V1PodDisruptionBudget } from "#apimachinery/api/policy-v1.ts";
import { isReason } from "#apimachinery/status.ts";
import { timeText } from "#apimachinery/time.ts";
import { isTerminal } from "#apimachinery/pod-phase.ts";
import { splitKey } from "#client/client.ts";
import {
  type Component,
  done,
  type Identity,
  requeueAt,
  type Result,
  type Step,
} from "#client/component.ts";
import type { Informer, Informers } from "#client/informer.ts";
import { ActivePods } from "./active-pods.ts";
import { NodeCache } from "./cache.ts";
import { decide, type Decision } from "./cycle.ts";
import { changesOf } from "./events.ts";
import { factsOf } from "./explanation.ts";
import { failureText } from "./messages.ts";
import { Nominations, priorityOf } from "./nominations.ts";
import { plugins } from "./plugins/registry.ts";
import { evict, nominatedTo } from "./preemption/evict.ts";
import { preemption } from "./preemption/preempt.ts";
import { schedulerName } from "./profile.ts";

const identity: Identity = {
  name: "kube-scheduler",
  user: "system:kube-scheduler",
  groups: ["system:authenticated"],
};
const backOffMs = 1000;
const mostBackOffMs = 10_000;
/** What no event brought back is tried again. */
const flushMs = 300_000;

/** A Pod that fitted nowhere. */
interface Waiting {
  readonly attempts: number;
  readonly atMs: number;
  /** Plugins that refused it: only what they wait for brings it back. */
  readonly plugins: ReadonlySet<string>;
  /** Something changed that could help. */
  moved: boolean;
}

export function scheduler(): Component {
  return new Scheduler();
}

const isOurs = ({ spec, metadata }: V1Pod): boolean =>
  !spec?.nodeName &&
  spec?.schedulerName === schedulerName &&
  metadata.deletionTimestamp === undefined &&
  (spec.schedulingGates ?? []).length === 0;

class Scheduler implements Component {
  readonly name = "kube-scheduler";
  readonly #cache = new NodeCache();
  readonly #active = new ActivePods();
  readonly #nominations = new Nominations();
  readonly #waiting = new Map<string, Waiting>();
  #budgets: Informer<V1PodDisruptionBudget> | undefined;
  #pods: Informer<V1Pod> | undefined;
  /** Where the next search for nodes begins. */
  #start = 0;

  identity(): Identity {
    return identity;
  }

  start(informers: Informers, enqueue: (key: string, cause: number) => void): void {
    const nodes = informers.informer<V1Node>("v1/Node");
    const pods = informers.informer<V1Pod>("v1/Pod");
    this.#pods = pods;
    this.#budgets = informers.informer<V1PodDisruptionBudget>("policy/v1/PodDisruptionBudget");
    const wake = (changes: readonly string[], revision: number): void => {
      if (changes.length === 0) return;
      for (const [key, waiting] of this.#waiting) {
        const helps = plugins.some(
          ({ name, requeueOn }) =>
            waiting.plugins.has(name) && requeueOn.some((one) => changes.includes(one)),
        );
        if (!helps && waiting.plugins.size > 0) continue;
        waiting.moved = true;
        enqueue(key, revision);
      }
    };
    nodes.onEvent((event) => {
      if (event.type === "DELETED") this.#cache.dropNode(event.key);
      else this.#cache.setNode(event.object);
      wake(changesOf.node(event), event.revision);
    });
    pods.onEvent((event) => {
      const { type, key, object, previous, revision } = event;
      if (type === "DELETED") this.#cache.dropPod(key, object);
      else this.#cache.setPod(key, object);
      this.#nominations.set(key, type === "DELETED" || isTerminal(object) ? undefined : object);
      if (type === "DELETED" || !isOurs(object)) this.#forget(key);
      else if (
        previous === undefined ||
        previous.spec !== object.spec ||
        previous.metadata.labels !== object.metadata.labels
      ) {
        this.#waiting.delete(key);
        this.#active.add(key, object.spec?.priority ?? 0);
        enqueue(key, revision);
      }
      wake(changesOf.pod(event), revision);
    });
  }

  reconcile(key: string, step: Step): Result {
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined && !this.#isDue(waiting, step))
      return requeueAt(waiting.moved ? backOffEnd(waiting) : waiting.atMs + flushMs);
    const first = this.#firstBefore(key);
    if (first !== undefined) {
      this.#schedule(first, step);
      return requeueAt(step.nowMs, "work");
    }
    return this.#schedule(key, step);
  }

  #forget(key: string): void {
    this.#active.delete(key);
    this.#waiting.delete(key);
  }

  /** Back-off holds only while others wait for their turn. */
  #isDue(waiting: Waiting, step: Step): boolean {
    // A step that failed comes again when the loop lets it: what it began is still to be done.
    if (step.failures > 0) return true;
    if (waiting.moved) return this.#active.size === 0 || step.reached(backOffEnd(waiting), "wait");
    return step.reached(waiting.atMs + flushMs, "wait");
  }

  /** A Pod of higher priority that is to be tried before this one. Upstream: PrioritySort. */
  #firstBefore(key: string): string | undefined {
    return this.#active.firstAbove(this.#pods?.get(key)?.spec?.priority ?? 0);
  }

  #schedule(key: string, step: Step): Result {
    this.#active.delete(key);
    const pod = this.#pods?.get(key);
    if (pod === undefined || !isOurs(pod)) {
      this.#waiting.delete(key);
      return done;
    }
    const { nodes } = this.#cache;
    const decision = decide({
      pod,
      nodes,
      plugins,
      start: this.#start,
      nodesWithImage: (name) => this.#cache.nodesWithImage(name),
      nominated: (node) => this.#nominations.before(node, pod),
      draw: () => step.random("tie", pod.metadata.uid ?? key),
    });
    if (nodes.length > 0) this.#start = (this.#start + decision.evaluated) % nodes.length;
    return decision.chosen === undefined
      ? this.#fail(key, pod, decision, step)
      : this.#bind(key, pod, decision, step);
  }

  #bind(key: string, pod: V1Pod, decision: Decision, step: Step): Result {
    const { namespace, name } = splitKey(key);
    const node = decision.chosen ?? "";
    const binding: V1Binding = {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name, namespace, uid: pod.metadata.uid },
      target: { kind: "Node", name: node },
    };
    step.explain(...factsOf(decision, this.#cache.nodes.length, ""));
    try {
      step.client.createSub({ kind: "v1/Pod", namespace, name, subresource: "binding" }, binding);
    } catch (error) {
      if (isReason(error, "NotFound", "Conflict")) return done;
      throw error;
    }
    this.#waiting.delete(key);
    step.recorder.eventV1(
      pod,
      "Normal",
      "Scheduled",
      "Binding",
      `Successfully assigned ${key} to ${node}`,
    );
    return done;
  }

  #fail(key: string, pod: V1Pod, decision: Decision, step: Step): Result {
    const { namespace, name } = splitKey(key);
    const { nodes } = this.#cache;
    const room = preemption({
      pod,
      decision,
      nodes,
      nowMs: step.nowMs,
      budgets: () => this.#budgets?.list() ?? [],
      draw: () => step.random("preemption", pod.metadata.uid ?? key),
    });
    const message = failureText(decision, nodes.length, room.message);
    step.explain(...factsOf(decision, nodes.length, message));
    const attempts = (this.#waiting.get(key)?.attempts ?? 0) + 1;
    this.#waiting.set(key, { attempts, atMs: step.nowMs, plugins: decision.plugins, moved: false });
    // It waits before the first victim goes, whose going may be what it waits for.
    if (room.candidate !== undefined) {
      const { node } = room.candidate;
      evict(room.candidate, pod, this.#nominations.below(node, priorityOf(pod)), step);
    }
    step.recorder.eventV1(pod, "Warning", "FailedScheduling", "Scheduling", message);
    try {
      step.client.patch<V1Pod>(
        { kind: "v1/Pod", namespace, name, subresource: "status" },
        (current) => {
          const told = unschedulable(current, message, step.nowMs);
          return room.nominate === undefined ? told : nominatedTo(told, room.nominate);
        },
      );
    } catch (error) {
      if (!isReason(error, "NotFound")) throw error;
    }
    return requeueAt(step.nowMs + flushMs);
  }
}

const backOffEnd = ({ attempts, atMs }: Waiting): number =>
  atMs + Math.min(backOffMs * 2 ** (attempts - 1), mostBackOffMs);

/** Condition PodScheduled=False; the same Pod when it says so already. */
function unschedulable(pod: V1Pod, message: string, nowMs: number): V1Pod {
  const conditions = pod.status?.conditions ?? [];
  const old = conditions.find(({ type }) => type === "PodScheduled");
  if (old?.status === "False" && old.reason === "Unschedulable" && old.message === message)
    return pod;
  const made: V1PodCondition = {
    type: "PodScheduled",
    status: "False",
    ...(pod.metadata.generation === undefined
      ? {}
      : { observedGeneration: pod.metadata.generation }),
    lastProbeTime: null,
    lastTransitionTime: old?.status === "False" ? old.lastTransitionTime : timeText(nowMs),
    reason: "Unschedulable",
    message,
  } as V1PodCondition;
  return {
    ...pod,
    status: {
      ...pod.status,
      conditions: [...conditions.filter(({ type }) => type !== "PodScheduled"), made],
    },
  };
}
