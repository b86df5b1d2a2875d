/** What a Pod needs its node to be able to do. Upstream: pkg/scheduler/framework/plugins/nodedeclaredfeatures. */
import { featuresFor } from "#apimachinery/declared-features.ts";
import { fits, type Plugin, rejects } from "#scheduler/plugin.ts";

const reason = "node(s) didn't match Pod's required features";

export const nodeDeclaredFeatures: Plugin<readonly string[]> = {
  name: "NodeDeclaredFeatures",
  requeueOn: ["Node/Add", "Node/UpdateDeclaredFeature"],
  preFilter: ({ pod }) => ({ state: pod.spec === undefined ? [] : featuresFor(pod.spec) }),
  filter(_, { node }, wanted) {
    if (wanted.length === 0) return fits;
    const declared = node.status?.declaredFeatures ?? [];
    return wanted.every((name) => declared.includes(name))
      ? fits
      : rejects(reason, { resolvable: false });
  },
};
