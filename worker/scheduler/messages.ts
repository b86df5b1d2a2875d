/** Why no node fits, in the scheduler's words. Upstream: pkg/scheduler/framework/types.go FitError, preemption/preemption.go. */
import type { Decision } from "./cycle.ts";

/** Printed by 1.35 and, most likely, by 1.36; see behaviour of the DynamicResources PostFilter. */
const claimsText = "no new claims to deallocate, ";

export const counted = (reasons: readonly string[]): string =>
  [...Map.groupBy(reasons, (reason) => reason)]
    .map(([reason, all]) => `${all.length} ${reason}`)
    .toSorted()
    .join(", ");

/** Text of the event FailedScheduling and of the condition PodScheduled; `preemption` is "" when room is being made. */
export function failureText(
  { refusals, refused }: Decision,
  nodes: number,
  preemption: string,
): string {
  if (nodes === 0) return "no nodes available to schedule pods";
  const head = `0/${nodes} nodes are available: `;
  const why = refused ?? counted(refusals.flatMap(({ reasons }) => reasons));
  return `${head}${why}.${preemption === "" ? "" : ` ${claimsText}preemption: ${preemption}`}`;
}
