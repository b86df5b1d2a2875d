/** Why this node and not the others: the scheduler's verdicts of a Pod's last attempt, as a table. */
import type { Fact, TraceEvent } from "#apimachinery/trace.ts";

export interface NodeVerdict {
  readonly node: string;
  /** "" = passed every filter. */
  readonly plugin: string;
  readonly reason: string;
  /** Plugin → weighted score. */
  readonly scores: Readonly<Record<string, number>>;
  readonly total: number;
  readonly chosen: boolean;
}

/** Reads the facts of one attempt (those between two `schedule` facts). */
export function verdicts(facts: readonly (Fact | TraceEvent)[]): NodeVerdict[] {
  const nodes = new Map<
    string,
    { plugin: string; reason: string; scores: Record<string, number> }
  >();
  const of = (node: string): { plugin: string; reason: string; scores: Record<string, number> } => {
    const present = nodes.get(node) ?? { plugin: "", reason: "", scores: {} };
    nodes.set(node, present);
    return present;
  };
  let chosen = "";
  for (const fact of facts as readonly Fact[]) {
    if (fact.type === "filter") {
      const verdict = of(fact.data.node);
      if (!fact.data.ok)
        Object.assign(verdict, { plugin: fact.data.plugin, reason: fact.data.reason });
    } else if (fact.type === "score") of(fact.data.node).scores[fact.data.plugin] = fact.data.score;
    else if (fact.type === "schedule") chosen = fact.data.chosen;
  }
  return [...nodes].map(([node, { plugin, reason, scores }]) => ({
    node,
    plugin,
    reason,
    scores,
    total: Object.values(scores).reduce((sum, score) => sum + score, 0),
    chosen: node === chosen,
  }));
}

export function whyText(rows: readonly NodeVerdict[]): string {
  if (rows.length === 0) return "the scheduler has not tried this Pod yet\n";
  const wide = Math.max(4, ...rows.map(({ node }) => node.length)) + 2;
  const told = rows.map(({ node, plugin, total, chosen }) => {
    const filter = plugin === "" ? "ok" : `no: ${plugin}`;
    const score = plugin === "" && total > 0 ? String(total) : "-";
    return `${node.padEnd(wide)}${filter.padEnd(28)}${score.padStart(5)}${chosen ? "  <-" : ""}`;
  });
  return `${"NODE".padEnd(wide)}${"FILTER".padEnd(28)}SCORE\n${told.join("\n")}\n`;
}
