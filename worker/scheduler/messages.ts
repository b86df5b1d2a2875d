/** Why no node fits, in the scheduler's words. Upstream: pkg/scheduler/framework/types.go FitError, preemption/preemption.go. */
import type { Decision } from "./cycle.ts";

/** Printed by 1.35 and, most likely, by 1.36; see behaviour of the DynamicResources PostFilter. */
const claimsText = "no new claims to deallocate, ";

const counted = (reasons: readonly string[]): string =>
  [...Map.groupBy(reasons, (reason) => reason)]
    .map(([reason, all]) => `${all.length} ${reason}`)
    .toSorted()
    .join(", ");

/** Text of the event FailedScheduling and of the condition PodScheduled. */
export function failureText(
  { refusals, refused }: Decision,
  nodes: number,
  preemptionPolicy: string | undefined,
): string {
  if (nodes === 0) return "no nodes available to schedule pods";
  const head = `0/${nodes} nodes are available: `;
  const why = refused ?? counted(refusals.flatMap(({ reasons }) => reasons));
  return `${head}${why}. ${claimsText}${preemptionText(refusals, nodes, preemptionPolicy)}`;
}

function preemptionText(
  refusals: Decision["refusals"],
  nodes: number,
  policy: string | undefined,
): string {
  if (policy === "Never") return "preemption: not eligible due to preemptionPolicy=Never.";
  const per = refusals.map(({ resolvable }) =>
    resolvable
      ? "No preemption victims found for incoming pod"
      : "Preemption is not helpful for scheduling",
  );
  const missing = Array.from(
    { length: nodes - refusals.length },
    () => "Preemption is not helpful for scheduling",
  );
  return `preemption: 0/${nodes} nodes are available: ${counted([...per, ...missing])}.`;
}
