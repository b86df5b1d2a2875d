/** A Pod that names its node. Upstream: pkg/scheduler/framework/plugins/nodename. */
import { fits, type Plugin, rejects } from "#scheduler/plugin.ts";

const reason = "node(s) didn't match the requested node name";

export const nodeName: Plugin = {
  name: "NodeName",
  requeueOn: ["Node/Add"],
  filter: ({ pod }, { node }) =>
    !pod.spec?.nodeName || pod.spec.nodeName === node.metadata.name
      ? fits
      : rejects(reason, { resolvable: false }),
};
