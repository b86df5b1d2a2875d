/**
 * What a kubelet may do: its own Node and Lease, the Pods bound to it, and what these refer to.
 * Upstream: plugin/pkg/auth/authorizer/node/node_authorizer.go, rbac/bootstrappolicy NodeRules.
 */
import type { RequestInfo, UserInfo } from "#apiserver/request.ts";
import type { Decision } from "#apiserver/world.ts";
import { nodeRules } from "./node-rules.ts";
import type { NodeGraph } from "./node-graph.ts";
import { ruleAllows } from "./rbac.ts";

const prefix = "system:node:";
const allowed: Decision = { allowed: true, reason: "" };
const no = (reason: string): Decision => ({ allowed: false, reason });
/** Read one by one, and only when a Pod of the node refers to them. */
const related = new Set(["secrets", "configmaps", "persistentvolumeclaims", "pods"]);
const isRead = (verb: string): boolean => verb === "get" || verb === "list" || verb === "watch";

export class NodeAuthorizer {
  readonly #graph: NodeGraph;
  constructor(graph: NodeGraph) {
    this.#graph = graph;
  }

  /** Undefined: no opinion. */
  authorize(user: UserInfo, info: RequestInfo): Decision | undefined {
    const node = nodeOf(user);
    if (node === undefined || !info.isResource) return undefined;
    const { group, resource, subresource, name, namespace, verb } = info;
    if (group === "" && subresource === "" && isRead(verb) && related.has(resource)) {
      return this.#graph.has(node, resource, namespace, name)
        ? allowed
        : no(`no relationship found between node '${node}' and this object`);
    }
    if (group === "" && resource === "nodes" && isRead(verb)) {
      return name === node
        ? allowed
        : no(`node '${node}' cannot read '${name}', only its own Node object`);
    }
    if (group === "" && resource === "serviceaccounts" && subresource === "token") {
      return this.#graph.has(node, resource, namespace, name)
        ? allowed
        : no(`no relationship found between node '${node}' and this object`);
    }
    if (group === "coordination.k8s.io" && resource === "leases") {
      if (namespace !== "kube-node-lease")
        return no('can only access leases in the "kube-node-lease" system namespace');
      return verb === "create" || name === node
        ? allowed
        : no("can only access node lease with the same name as the requesting node");
    }
    return nodeRules.some((rule) => ruleAllows(rule, info)) ? allowed : undefined;
  }
}

export function nodeOf({ name, groups }: UserInfo): string | undefined {
  return name.startsWith(prefix) && groups.includes("system:nodes")
    ? name.slice(prefix.length)
    : undefined;
}
