/** Nodes whose cpu and memory are used alike are better. Upstream: pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go (1.36). */
import type { NodeInfo, Plugin, Resources } from "#scheduler/plugin.ts";
import { add, type PodRequest, podRequest } from "#scheduler/resources.ts";

const fraction = (requested: number, allocatable: number): number =>
  allocatable === 0 ? 0 : Math.min(1, requested / allocatable);

function balance({ allocatable }: NodeInfo, requested: Resources): number {
  const cpu = fraction(requested.cpuMillis, allocatable.cpuMillis);
  const memory = fraction(requested.memoryBytes, allocatable.memoryBytes);
  return Math.floor((1 - Math.abs(cpu - memory) / 2) * 100);
}

export const balancedAllocation: Plugin<PodRequest> = {
  name: "NodeResourcesBalancedAllocation",
  weight: 1,
  requeueOn: [],
  preScore({ pod }) {
    const request = podRequest(pod.spec);
    return request.requests.cpuMillis === 0 && request.requests.memoryBytes === 0
      ? "skip"
      : { state: request };
  },
  score(_, node, { requests }) {
    const before = balance(node, node.requested);
    const after = balance(node, add(node.requested, requests));
    return 50 + Math.trunc((50 + after - before) / 2);
  },
};
