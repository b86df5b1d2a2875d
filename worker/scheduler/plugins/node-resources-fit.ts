/** Is there room; the emptier the better. Upstream: pkg/scheduler/framework/plugins/noderesources/{fit,least_allocated}.go. */
import { fits, type Plugin, rejects } from "#scheduler/plugin.ts";
import { type PodRequest, podRequest } from "#scheduler/resources.ts";

const percent = (requested: number, allocatable: number): number =>
  allocatable === 0 || requested > allocatable
    ? 0
    : Math.floor(((allocatable - requested) * 100) / allocatable);

export const nodeResourcesFit: Plugin<PodRequest> = {
  name: "NodeResourcesFit",
  weight: 1,
  requeueOn: ["Node/Add", "Node/UpdateAllocatable", "Pod/Delete"],
  preFilter: ({ pod }) => ({ state: podRequest(pod.spec) }),
  filter(_, { allocatable, requested, podCount }, { requests }) {
    const reasons: string[] = [];
    let resolvable = true;
    const lacks = (asked: number, has: number, used: number, name: string): void => {
      if (asked === 0 || asked <= has - used) return;
      reasons.push(`Insufficient ${name}`);
      if (asked > has) resolvable = false;
    };
    if (podCount + 1 > (allocatable.scalars.get("pods") ?? 0)) reasons.push("Too many pods");
    lacks(requests.cpuMillis, allocatable.cpuMillis, requested.cpuMillis, "cpu");
    lacks(requests.memoryBytes, allocatable.memoryBytes, requested.memoryBytes, "memory");
    lacks(
      requests.ephemeralBytes,
      allocatable.ephemeralBytes,
      requested.ephemeralBytes,
      "ephemeral-storage",
    );
    for (const [name, asked] of requests.scalars)
      lacks(asked, allocatable.scalars.get(name) ?? 0, requested.scalars.get(name) ?? 0, name);
    return reasons.length === 0 ? fits : rejects(reasons, { resolvable });
  },
  preScore: ({ pod }) => ({ state: podRequest(pod.spec) }),
  score(_, { allocatable, nonZeroRequested: used }, { nonZero }) {
    const cpu = percent(used.cpuMillis + nonZero.cpuMillis, allocatable.cpuMillis);
    const memory = percent(used.memoryBytes + nonZero.memoryBytes, allocatable.memoryBytes);
    return Math.floor((cpu + memory) / 2);
  },
};
