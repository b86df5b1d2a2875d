/** Where a Pod's connections come from: its own network namespace, or the node's. */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import type { Origin } from "#network/connection.ts";
import type { NodeView } from "./worker.ts";

export const originOf = (node: Pick<NodeView, "name" | "ip">, pod: V1Pod, ip: string): Origin =>
  pod.spec?.hostNetwork === true
    ? { node: node.name, ip: node.ip, hostNetwork: true }
    : { node: node.name, ip, hostNetwork: false };
