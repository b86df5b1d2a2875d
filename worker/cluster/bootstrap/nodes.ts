/** The Nodes as they are once joined; the rest of their status their kubelets tell. */
import type { V1Node } from "#apimachinery/api/core-v1.ts";
import type { ClusterOptions } from "#apiserver/rpc.ts";
import { type PlannedNode, plannedNodes, podCidr } from "./network-plan.ts";

const controlPlaneKey = "node-role.kubernetes.io/control-plane";

function nodeOf(
  options: ClusterOptions,
  { name, index, ip, isControlPlane, zone }: PlannedNode,
): V1Node {
  const cidr = podCidr(options, index);
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        ...(isControlPlane
          ? { [controlPlaneKey]: "", "node.kubernetes.io/exclude-from-external-load-balancers": "" }
          : {}),
        ...(zone === undefined
          ? {}
          : { "topology.kubernetes.io/region": "region-1", "topology.kubernetes.io/zone": zone }),
      },
      annotations: {
        "node.alpha.kubernetes.io/ttl": "0",
        "volumes.kubernetes.io/controller-managed-attach-detach": "true",
      },
    },
    spec: {
      podCIDR: cidr,
      podCIDRs: [cidr],
      ...(isControlPlane ? { taints: [{ key: controlPlaneKey, effect: "NoSchedule" }] } : {}),
    },
    status: {
      addresses: [
        { type: "InternalIP", address: ip },
        { type: "Hostname", address: name },
      ],
    },
  };
}

export const nodes = (options: ClusterOptions): readonly V1Node[] =>
  plannedNodes(options).map((node) => nodeOf(options, node));
