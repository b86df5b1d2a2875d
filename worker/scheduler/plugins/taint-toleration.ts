/** Taints repel Pods that do not tolerate them. Upstream: pkg/scheduler/framework/plugins/tainttoleration. */
import { tolerates, untolerated } from "#apimachinery/node-fit.ts";
import { fits, type Plugin, rejects } from "#scheduler/plugin.ts";
import { reversed } from "./normalize.ts";

const reason = "node(s) had untolerated taint(s)";
const hard = ["NoSchedule", "NoExecute"];

export const taintToleration: Plugin = {
  name: "TaintToleration",
  weight: 3,
  requeueOn: ["Node/Add", "Node/UpdateTaint", "Pod/UpdateToleration"],
  filter({ pod }, { node }) {
    const taint = untolerated(node.spec?.taints, pod.spec?.tolerations, hard);
    return taint === undefined ? fits : rejects(reason, { resolvable: false, data: taint });
  },
  preScore: () => ({ state: undefined }),
  score: ({ pod }, { node }) =>
    (node.spec?.taints ?? []).filter(
      (taint) =>
        taint.effect === "PreferNoSchedule" &&
        pod.spec?.tolerations?.some((one) => tolerates(one, taint)) !== true,
    ).length,
  normalize: reversed,
};
