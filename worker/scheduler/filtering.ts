/** Asking the plugins about one node: as it is, and as it would be. Upstream: pkg/scheduler/framework/runtime/framework.go. */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import type { Cycle, NodeInfo, Plugin, Resources, Verdict } from "./plugin.ts";
import { add, podRequest } from "./resources.ts";

export interface Refusal {
  readonly node: string;
  readonly plugin: string;
  readonly reasons: readonly string[];
  readonly resolvable: boolean;
}

/** What the filters of one cycle need: the plugins that passed PreFilter, with what they computed there. */
export interface Filters {
  readonly cycle: Cycle;
  readonly plugins: readonly Plugin[];
  readonly states: ReadonlyMap<Plugin, unknown>;
  /** Pods that count on the node and come before this one. */
  nominated(node: string): readonly V1Pod[];
}

/**
 * The node with some Pods more. PreFilter's states are of the Pod alone, so they stand.
 * Upstream: NodeInfo.AddPod, PreFilterExtensions.
 */
export const withPods = (info: NodeInfo, pods: readonly V1Pod[]): NodeInfo =>
  counted(info, [...info.pods, ...pods], pods, 1);
/** The node without these of its Pods. */
export function withoutPods(info: NodeInfo, pods: readonly V1Pod[]): NodeInfo {
  const gone = new Set(pods);
  const kept = info.pods.filter((pod) => !gone.has(pod));
  return counted(info, kept, pods, -1);
}
function counted(
  info: NodeInfo,
  pods: readonly V1Pod[],
  changed: readonly V1Pod[],
  sign: 1 | -1,
): NodeInfo {
  let { requested, nonZeroRequested }: Record<"requested" | "nonZeroRequested", Resources> = info;
  for (const { spec } of changed) {
    const { requests, nonZero } = podRequest(spec);
    requested = add(requested, requests, sign);
    nonZeroRequested = add(nonZeroRequested, nonZero, sign);
  }
  const { node, allocatable, images } = info;
  return { node, allocatable, images, pods, podCount: pods.length, requested, nonZeroRequested };
}

/**
 * The first refusal, of the node with those that are to come there, then of the node without them, since they may
 * never come. Upstream: RunFilterPluginsWithNominatedPods.
 */
export function refusalOf(filters: Filters, info: NodeInfo): Refusal | undefined {
  const coming = filters.nominated(info.node.metadata.name ?? "");
  return (
    (coming.length === 0 ? undefined : refusalIn(filters, withPods(info, coming))) ??
    refusalIn(filters, info)
  );
}

function refusalIn({ cycle, plugins, states }: Filters, info: NodeInfo): Refusal | undefined {
  for (const plugin of plugins) {
    const verdict = plugin.filter?.(cycle, info, states.get(plugin)) as Verdict;
    if (!verdict.ok)
      return {
        node: info.node.metadata.name ?? "",
        plugin: plugin.name,
        reasons: verdict.reasons,
        resolvable: verdict.resolvable,
      };
  }
  return undefined;
}
