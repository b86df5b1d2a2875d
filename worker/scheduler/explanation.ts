/** A decision as facts of the trace: every node where there are few, the nearest where there are many. */
import type { Fact } from "#apimachinery/trace.ts";
import type { Decision } from "./cycle.ts";

/** So many nodes are told in full. */
const fewNodes = 16;
/** Of more nodes only so many refusals and ranks. */
const told = 4;

export function factsOf(
  { refusals, ranking, chosen, evaluated, feasible }: Decision,
  nodes: number,
  message: string,
): readonly Fact[] {
  const most = nodes <= fewNodes ? nodes : told;
  const filters: Fact[] = refusals.slice(0, most).map(({ node, plugin, reasons }) => ({
    type: "filter",
    data: { node, plugin, ok: false, reason: reasons.join(", ") },
  }));
  const rows = ranking.filter(({ node }, i) => i < most || node === chosen);
  const scores: Fact[] = rows.flatMap(({ node, scores: per }) =>
    [...per].map(([plugin, score]): Fact => ({ type: "score", data: { node, plugin, score } })),
  );
  return [
    ...filters,
    ...scores,
    { type: "schedule", data: { feasible, evaluated, chosen: chosen ?? "", message } },
  ];
}
