/** nodeSelector and node affinity. Upstream: pkg/scheduler/framework/plugins/nodeaffinity. */
import { matchesNodeAffinity, matchesTerm } from "#apimachinery/node-fit.ts";
import { fits, type Plugin, rejects } from "#scheduler/plugin.ts";
import { proportional } from "./normalize.ts";

const reason = "node(s) didn't match Pod's node affinity/selector";

export const nodeAffinity: Plugin = {
  name: "NodeAffinity",
  weight: 2,
  requeueOn: ["Node/Add", "Node/UpdateLabel"],
  filter: ({ pod }, { node }) =>
    pod.spec === undefined || matchesNodeAffinity(pod.spec, node)
      ? fits
      : rejects(reason, { resolvable: false }),
  preScore: ({ pod }) =>
    (pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
      .length === 0
      ? "skip"
      : { state: undefined },
  score: ({ pod }, { node }) =>
    (
      pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
    ).reduce(
      (sum, { weight, preference }) =>
        weight !== 0 && matchesTerm(preference, node) ? sum + weight : sum,
      0,
    ),
  normalize: proportional,
};
