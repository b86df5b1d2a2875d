/** Services in quotas: their node ports and load balancers count too. Upstream: pkg/quota/v1/evaluator/core/services.go. */
import type { V1Service } from "#apimachinery/api/core-v1.ts";
import type { Evaluator } from "./evaluator.ts";

const counted = new Set([
  "count/services",
  "services",
  "services.nodeports",
  "services.loadbalancers",
]);

function nodePorts({ spec }: V1Service): number {
  const { type, ports = [], allocateLoadBalancerNodePorts } = spec ?? {};
  if (type === "NodePort") return ports.length;
  if (type !== "LoadBalancer") return 0;
  return allocateLoadBalancerNodePorts === false
    ? ports.filter(({ nodePort }) => Boolean(nodePort)).length
    : ports.length;
}

export const services: Evaluator<V1Service> = {
  resource: "services",
  kind: "v1/Service",
  counts: (name) => counted.has(name),
  usage: (service) => ({
    "count/services": "1",
    services: "1",
    "services.nodeports": String(nodePorts(service)),
    "services.loadbalancers": service.spec?.type === "LoadBalancer" ? "1" : "0",
  }),
  frees: (next, old) => next.spec?.type !== old.spec?.type || nodePorts(next) !== nodePorts(old),
};
