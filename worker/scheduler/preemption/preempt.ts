/**
 * The plugin DefaultPreemption: whether and where a Pod that fits nowhere makes room among Pods of lower priority.
 * Upstream: pkg/scheduler/framework/preemption/preemption.go, plugins/defaultpreemption.
 */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import type { V1PodDisruptionBudget } from "#apimachinery/api/policy-v1.ts";
import type { Decision } from "#scheduler/cycle.ts";
import { counted } from "#scheduler/messages.ts";
import type { NodeInfo } from "#scheduler/plugin.ts";
import { cheapest } from "./choice.ts";
import { preempted } from "./evict.ts";
import { type Candidate, isVictim, victimsOn } from "./victims.ts";

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

export interface PreemptionInput {
  readonly pod: V1Pod;
  /** Why it fits nowhere. */
  readonly decision: Decision;
  readonly nodes: readonly NodeInfo[];
  readonly nowMs: number;
  budgets(): readonly V1PodDisruptionBudget[];
  /** Uniform in [0, 1): where the search begins. */
  draw(): number;
}

/** Pure. */
export function preemption(input: PreemptionInput): Preemption {
  const { pod, nodes, nowMs } = input;
  const { filters, refusals } = input.decision;
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
    const kept = input.budgets();
    const wanted = Math.min(places.length, Math.max(fewest, Math.floor(places.length * share)));
    const start = Math.floor(input.draw() * places.length);
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
