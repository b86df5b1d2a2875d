/** A host port can be had once per node and address. Upstream: pkg/scheduler/framework/plugins/nodeports. */
import type { V1ContainerPort, V1Pod } from "#apimachinery/api/core-v1.ts";
import { fits, type Plugin, rejects } from "#scheduler/plugin.ts";

const reason = "node(s) didn't have free ports for the requested pod ports";
const anyIp = "0.0.0.0";

const hostPorts = ({ spec }: V1Pod): readonly V1ContainerPort[] => {
  const sidecars = (spec?.initContainers ?? []).filter(
    ({ restartPolicy }) => restartPolicy === "Always",
  );
  return [...(spec?.containers ?? []), ...sidecars].flatMap(({ ports = [] }) =>
    ports.filter(({ hostPort }) => Boolean(hostPort)),
  );
};
const clash = (a: V1ContainerPort, b: V1ContainerPort): boolean => {
  const [left, right] = [a.hostIP || anyIp, b.hostIP || anyIp];
  return (
    a.hostPort === b.hostPort &&
    (a.protocol ?? "TCP") === (b.protocol ?? "TCP") &&
    (left === anyIp || right === anyIp || left === right)
  );
};

export const nodePorts: Plugin<readonly V1ContainerPort[]> = {
  name: "NodePorts",
  requeueOn: ["Node/Add", "Pod/Delete"],
  preFilter: ({ pod }) => ({ state: hostPorts(pod) }),
  filter(_, { pods }, wanted) {
    if (wanted.length === 0) return fits;
    const taken = pods.flatMap(hostPorts);
    return wanted.some((port) => taken.some((other) => clash(port, other)))
      ? rejects(reason, { resolvable: true })
      : fits;
  },
};
