/**
 * The plugin DefaultPreemption: a Pod that fits nowhere may make room among Pods of lower priority.
 * Upstream: pkg/scheduler/framework/preemption/{preemption,executor}.go, plugins/defaultpreemption.
 */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import type { V1PodDisruptionBudget } from "#apimachinery/api/policy-v1.ts";
import { withPodCondition } from "#apimachinery/pod-condition.ts";
import { isReason } from "#apimachinery/status.ts";
import type { Step } from "#client/component.ts";
import type { Decision } from "#scheduler/cycle.ts";
import { counted } from "#scheduler/messages.ts";
import type { NodeInfo } from "#scheduler/plugin.ts";
import { cheapest } from "./choice.ts";
import { type Candidate, isVictim, victimsOn } from "./victims.ts";

const schedulerName = "default-scheduler";
const preempted = "PreemptionByScheduler";
const notHelpful = "Preemption is not helpful for scheduling";
/** So many candidates are enough. Upstream: MinCandidateNodesPercentage, MinCandidateNodesAbsolute. */
const fewest = 100;
const share = 0.1;

/** What came of it: whom to evict, and which node to wait for. */
export interface Preemption {
  readonly candidate: Candidate | undefined;
  /** The node to wait for; "" = none any more, undefined = as before. */
  readonly nominate: string | undefined;
  /** Why not, for the Pod's event; "" when room is being made. */
  readonly message: string;
}

/** Pure. `draw`: uniform in [0, 1), says where the search begins. */
export function preemption(
  { filters, refusals }: Decision,
  pod: V1Pod,
  nodes: readonly NodeInfo[],
  budgets: () => readonly V1PodDisruptionBudget[],
  draw: () => number,
  nowMs: number,
): Preemption {
  const waits = ineligible(pod, refusals, nodes);
  if (waits !== undefined) return { candidate: undefined, nominate: undefined, message: waits };
  const resolvable = new Set(refusals.filter((one) => one.resolvable).map(({ node }) => node));
  const places =
    filters === undefined
      ? []
      : nodes.filter(({ node }) => resolvable.has(node.metadata.name ?? ""));
  const free: Candidate[] = [];
  const violating: Candidate[] = [];
  const reasons: string[] = [];
  let told = 0;
  if (filters !== undefined && places.length > 0) {
    const kept = budgets();
    const wanted = Math.min(places.length, Math.max(fewest, Math.floor(places.length * share)));
    const start = Math.floor(draw() * places.length);
    for (let i = 0; i < places.length; i += 1) {
      const info = places[(start + i) % places.length] as NodeInfo;
      const found = victimsOn(filters, info, kept, nowMs);
      if ("reasons" in found) {
        reasons.push(...found.reasons);
        told += 1;
      } else (found.violations === 0 ? free : violating).push(found);
      if (free.length > 0 && free.length + violating.length >= wanted) break;
    }
  }
  const candidate = cheapest([...free, ...violating], nowMs);
  if (candidate !== undefined) return { candidate, nominate: candidate.node, message: "" };
  for (; told < nodes.length; told += 1) reasons.push(notHelpful);
  const message = `0/${nodes.length} nodes are available: ${counted(reasons)}.`;
  return { candidate, nominate: "", message };
}

/** Not everybody may, and who did must see what comes of it first. Upstream: PodEligibleToPreemptOthers. */
function ineligible(
  pod: V1Pod,
  refusals: Decision["refusals"],
  nodes: readonly NodeInfo[],
): string | undefined {
  if (pod.spec?.preemptionPolicy === "Never") return "not eligible due to preemptionPolicy=Never.";
  const nominated = pod.status?.nominatedNodeName;
  if (!nominated) return undefined;
  const refusal = refusals.find(({ node }) => node === nominated);
  if (refusal?.resolvable === false) return undefined;
  const info = nodes.find(({ node }) => node.metadata.name === nominated);
  const isMakingRoom = info?.pods.some((one) => isVictim(one, pod) && isLeavingFor(one));
  return isMakingRoom === true
    ? "not eligible due to a terminating pod on the nominated node."
    : undefined;
}
/** Upstream: podTerminatingByPreemption. */
function isLeavingFor({ metadata, status }: V1Pod): boolean {
  if (metadata.deletionTimestamp === undefined) return false;
  const told = status?.conditions?.find(({ type }) => type === "DisruptionTarget");
  return told?.status === "True" && told.reason === preempted;
}

/** The victims go, and those of lower priority that counted on the node look elsewhere. Upstream: prepareCandidate, PreemptPod. */
export function evict(
  { node, victims }: Candidate,
  preemptor: V1Pod,
  nominated: readonly V1Pod[],
  step: Step,
): void {
  for (const pod of nominated) withoutNomination(pod, step);
  for (const pod of victims) {
    if (pod.metadata.deletionTimestamp === undefined) evictOne(pod, node, preemptor, step);
  }
}

function withoutNomination({ metadata }: V1Pod, step: Step): void {
  const { name = "", namespace } = metadata;
  try {
    step.client.patch<V1Pod>(
      { kind: "v1/Pod", namespace, name, subresource: "status" },
      (current) => nominatedTo(current, ""),
    );
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
}
/** The Pod waits for that node; the same Pod when it does already. */
export function nominatedTo(pod: V1Pod, node: string): V1Pod {
  const { nominatedNodeName = "", ...status } = pod.status ?? {};
  if (nominatedNodeName === node) return pod;
  return { ...pod, status: node === "" ? status : { ...status, nominatedNodeName: node } };
}

function evictOne(victim: V1Pod, node: string, preemptor: V1Pod, step: Step): void {
  const { name = "", namespace, generation, uid } = victim.metadata;
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    reason: preempted,
    message: `${schedulerName}: preempting to accommodate a higher priority pod`,
    observedGeneration: generation,
  } as const;
  try {
    step.client.patch<V1Pod>(
      { kind: "v1/Pod", namespace, name, subresource: "status" },
      (current) => {
        const status = withPodCondition(current, condition, step.nowMs);
        return status === current.status ? current : { ...current, status };
      },
    );
    step.client.delete({ kind: "v1/Pod", namespace, name }, { uid });
  } catch (error) {
    if (isReason(error, "NotFound", "Conflict")) return;
    throw error;
  }
  const note = `Preempted by pod ${preemptor.metadata.uid} on node ${node}`;
  step.recorder.eventV1(victim, "Normal", "Preempted", "Preempting", note, preemptor);
}
