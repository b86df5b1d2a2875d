/** Cordoned nodes take nothing new. Upstream: pkg/scheduler/framework/plugins/nodeunschedulable. */
import { tolerates } from "#apimachinery/node-fit.ts";
import { fits, type Plugin, rejects } from "#scheduler/plugin.ts";

const reason = "node(s) were unschedulable";
const taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" } as const;

export const nodeUnschedulable: Plugin = {
  name: "NodeUnschedulable",
  requeueOn: ["Node/Add", "Node/UpdateTaint"],
  filter({ pod }, { node }) {
    if (
      node.spec?.unschedulable !== true ||
      pod.spec?.tolerations?.some((one) => tolerates(one, taint)) === true
    )
      return fits;
    return rejects(reason, { resolvable: false });
  },
};
