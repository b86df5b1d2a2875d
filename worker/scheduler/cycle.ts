/**
 * One scheduling cycle: filter, score, choose. Pure, but for the draw among equals.
 * Upstream: pkg/scheduler/schedule_one.go, framework/runtime/framework.go.
 */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { type Filters, type Refusal, refusalOf } from "./filtering.ts";
import type { Cycle, NodeInfo, Plugin } from "./plugin.ts";

export interface Scored {
  readonly node: string;
  /** Plugin → weighted score. */
  readonly scores: ReadonlyMap<string, number>;
  readonly total: number;
}
export interface Decision {
  /** Undefined: no node is feasible. */
  readonly chosen: string | undefined;
  readonly evaluated: number;
  readonly feasible: number;
  readonly refusals: readonly Refusal[];
  /** Best first; empty when one node alone was feasible. */
  readonly ranking: readonly Scored[];
  /** A PreFilter plugin's refusal of all nodes. */
  readonly refused: string | undefined;
  /** Plugins that refused, for requeueing. */
  readonly plugins: ReadonlySet<string>;
  /** What the nodes were asked with; undefined when PreFilter refused all of them. */
  readonly filters: Filters | undefined;
}

const fewNodes = 100;
/** How many feasible nodes are enough. Upstream: numFeasibleNodesToFind. */
export function enough(nodes: number): number {
  if (nodes < fewNodes) return nodes;
  const percent = Math.max(5, 50 - Math.floor(nodes / 125));
  return Math.max(fewNodes, Math.floor((nodes * percent) / 100));
}

export interface CycleInput {
  readonly pod: V1Pod;
  readonly nodes: readonly NodeInfo[];
  readonly plugins: readonly Plugin[];
  /** Where the search begins, so that all nodes get their turn. */
  readonly start: number;
  nodesWithImage(name: string): number;
  /** Pods that count on the node and come before this one. */
  nominated(node: string): readonly V1Pod[];
  /** Uniform in [0, 1). */
  draw(): number;
}

export function decide(input: CycleInput): Decision {
  const { pod, nodes, plugins, start, nodesWithImage, nominated, draw } = input;
  const cycle: Cycle = { pod, nodes, nodesWithImage };
  const states = new Map<Plugin, unknown>();
  for (const plugin of plugins) {
    const before = plugin.preFilter?.(cycle);
    if (before === undefined) continue;
    if ("refuse" in before) {
      const verdict = before.refuse;
      return {
        chosen: undefined,
        evaluated: 0,
        feasible: 0,
        refusals: [],
        ranking: [],
        refused: verdict.ok ? "" : verdict.reasons.join(", "),
        plugins: new Set([plugin.name]),
        filters: undefined,
      };
    }
    states.set(plugin, before.state);
  }
  const filtering = plugins.filter(({ filter }) => filter !== undefined);
  const filters: Filters = { cycle, plugins: filtering, states, nominated };
  const promised = promisedTo(pod, nodes);
  if (promised !== undefined && refusalOf(filters, promised) === undefined)
    return {
      chosen: promised.node.metadata.name,
      evaluated: 1,
      feasible: 1,
      refusals: [],
      ranking: [],
      refused: undefined,
      plugins: new Set(),
      filters,
    };
  const wanted = enough(nodes.length);
  const feasible: NodeInfo[] = [];
  const refusals: Refusal[] = [];
  let evaluated = 0;
  for (; evaluated < nodes.length && feasible.length < wanted; evaluated += 1) {
    const info = nodes[(start + evaluated) % nodes.length] as NodeInfo;
    const refusal = refusalOf(filters, info);
    if (refusal === undefined) feasible.push(info);
    else refusals.push(refusal);
  }
  const ranking = feasible.length > 1 ? ranked(cycle, feasible, plugins) : [];
  const chosen = feasible.length === 1 ? feasible[0]?.node.metadata.name : best(ranking, draw);
  return {
    chosen,
    evaluated,
    feasible: feasible.length,
    refusals,
    ranking,
    refused: undefined,
    plugins: new Set(refusals.map(({ plugin }) => plugin)),
    filters,
  };
}

/** The node that the Pod waits for is asked first. Upstream: evaluateNominatedNode. */
function promisedTo({ status }: V1Pod, nodes: readonly NodeInfo[]): NodeInfo | undefined {
  const name = status?.nominatedNodeName;
  return name ? nodes.find(({ node }) => node.metadata.name === name) : undefined;
}

function ranked(
  cycle: Cycle,
  feasible: readonly NodeInfo[],
  plugins: readonly Plugin[],
): readonly Scored[] {
  const rows = feasible.map(({ node }) => ({
    node: node.metadata.name ?? "",
    scores: new Map<string, number>(),
    total: 0,
  }));
  for (const plugin of plugins) {
    const { weight = 0, score } = plugin;
    if (weight === 0 || score === undefined) continue;
    const before = plugin.preScore?.(cycle, feasible) ?? { state: undefined };
    if (before === "skip") continue;
    const raw = feasible.map((info) => score(cycle, info, before.state));
    const normal = plugin.normalize?.(raw, cycle, feasible, before.state) ?? raw;
    for (const [i, row] of rows.entries()) {
      const weighted = weight * (normal[i] ?? 0);
      row.scores.set(plugin.name, weighted);
      row.total += weighted;
    }
  }
  return rows.toSorted((a, b) => b.total - a.total);
}

/** The highest total; among equals one is drawn. */
function best(ranking: readonly Scored[], draw: () => number): string | undefined {
  const top = ranking[0]?.total;
  const equals = ranking.filter(({ total }) => total === top);
  return equals.length === 0 ? undefined : equals[Math.floor(draw() * equals.length)]?.node;
}
