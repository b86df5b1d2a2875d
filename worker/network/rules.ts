/**
 * The rules of one Service port, as iptables-save prints them. Pure.
 * Upstream: pkg/proxy/iptables/proxier.go syncProxyRules, writeServiceToEndpointRules.
 */
import { endpointChain, serviceHash } from "./chain-name.ts";
import type { ProxyEndpoint, ServicePort } from "./service-ports.ts";

/** What the rules of a node depend on beside the Service. */
export interface Place {
  readonly node: string;
  /** Range of all Pods; "" when kube-proxy cannot tell local traffic. */
  readonly clusterCidr: string;
  /** Over 1,000 endpoints in all: no comments on endpoint rules. */
  readonly large: boolean;
}

/** Lines by where they go. */
export interface ServiceRules {
  readonly natChains: string[];
  readonly services: string[];
  readonly nodePorts: string[];
  readonly nat: string[];
  readonly filterServices: string[];
  readonly filterExternal: string[];
  readonly filterNodePorts: string[];
  readonly firewall: string[];
}

export const noRules = (): ServiceRules => ({
  natChains: [],
  services: [],
  nodePorts: [],
  nat: [],
  filterServices: [],
  filterExternal: [],
  filterNodePorts: [],
  firewall: [],
});

/** A probability as the kernel keeps it: 31 bits of the ten decimals written. */
export const probability = (of: number): string =>
  (Math.round(Number((1 / of).toFixed(10)) * 0x80000000) / 0x80000000).toFixed(11);

const quoted = (text: string): string => `-m comment --comment "${text}"`;

/** Adds the rules of one Service port. */
export function addServiceRules(to: ServiceRules, port: ServicePort, place: Place): void {
  const { name, protocol, endpoints } = port;
  const hash = serviceHash(name, protocol);
  const local = endpoints.filter(({ node }) => node === place.node);
  const usesLocal = port.internalLocal || port.externalLocal;
  const chains = {
    cluster: `KUBE-SVC-${hash}`,
    local: `KUBE-SVL-${hash}`,
    external: `KUBE-EXT-${hash}`,
    firewall: `KUBE-FW-${hash}`,
  };
  const reachable = endpoints.length > 0;
  const internalChain = port.internalLocal ? chains.local : chains.cluster;
  const internalCount = port.internalLocal ? local.length : endpoints.length;
  const externalCount = port.externalLocal ? local.length : endpoints.length;
  const external =
    port.nodePort > 0 || port.externalIps.length > 0 || port.loadBalancerIps.length > 0;
  const match = (ip: string, comment: string): string =>
    `-d ${ip}/32 -p ${protocol} ${quoted(comment)} -m ${protocol} --dport ${port.port}`;

  for (const ip of port.clusterIps) {
    if (internalCount > 0)
      to.services.push(`-A KUBE-SERVICES ${match(ip, `${name} cluster IP`)} -j ${internalChain}`);
    else
      to.filterServices.push(
        `-A KUBE-SERVICES ${match(ip, missing(port, reachable))} ${refusal(reachable)}`,
      );
  }
  addExternal(to, port, { match, chains, count: externalCount, reachable });
  if (!reachable) return;
  const usesCluster =
    !port.internalLocal || (external && !port.externalLocal) || port.externalLocal;
  if (usesCluster) addBalancing(to, port, place, { chain: chains.cluster, endpoints });
  if (usesLocal && local.length > 0)
    addBalancing(to, port, place, { chain: chains.local, endpoints: local });
  if (external && (externalCount > 0 || port.externalLocal))
    addExternalChain(to, port, place, { chains, local: local.length > 0 });
  for (const endpoint of endpoints)
    if (usesCluster || endpoint.node === place.node) addEndpoint(to, port, place, endpoint);
}

const missing = ({ name }: ServicePort, reachable: boolean): string =>
  reachable ? `${name} has no local endpoints` : `${name} has no endpoints`;
const refusal = (reachable: boolean): string =>
  reachable ? "-j DROP" : "-j REJECT --reject-with icmp-port-unreachable";

interface External {
  match(ip: string, comment: string): string;
  readonly chains: { readonly external: string; readonly firewall: string };
  readonly count: number;
  readonly reachable: boolean;
}

/** External addresses, load balancers, node ports. */
function addExternal(
  to: ServiceRules,
  port: ServicePort,
  { match, chains, count, reachable }: External,
): void {
  const { name, protocol } = port;
  const open = count > 0 || (reachable && port.externalLocal);
  const closed = missing(port, reachable);
  for (const ip of port.externalIps) {
    if (open)
      to.services.push(
        `-A KUBE-SERVICES ${match(ip, `${name} external IP`)} -j ${chains.external}`,
      );
    if (count === 0)
      to.filterExternal.push(
        `-A KUBE-EXTERNAL-SERVICES ${match(ip, closed)} ${refusal(reachable)}`,
      );
  }
  const guarded = port.sourceRanges.length > 0;
  for (const ip of port.loadBalancerIps) {
    const target = guarded ? chains.firewall : chains.external;
    if (open)
      to.services.push(`-A KUBE-SERVICES ${match(ip, `${name} loadbalancer IP`)} -j ${target}`);
    if (count === 0)
      to.filterExternal.push(
        `-A KUBE-EXTERNAL-SERVICES ${match(ip, closed)} ${refusal(reachable)}`,
      );
    if (guarded)
      to.firewall.push(
        `-A KUBE-PROXY-FIREWALL ${match(ip, `${name} traffic not accepted by ${chains.firewall}`)} -j DROP`,
      );
  }
  if (guarded && port.loadBalancerIps.length > 0 && open) {
    to.natChains.push(chains.firewall);
    for (const range of port.sourceRanges) {
      to.nat.push(
        `-A ${chains.firewall} -s ${range} ${quoted(`${name} loadbalancer IP`)} -j ${chains.external}`,
      );
    }
    to.nat.push(
      `-A ${chains.firewall} ${quoted(`other traffic to ${name} will be dropped by KUBE-PROXY-FIREWALL`)}`,
    );
  }
  if (port.nodePort > 0) {
    const rule = `-p ${protocol} ${quoted(name)} -m ${protocol} --dport ${port.nodePort}`;
    if (open) {
      to.nodePorts.push(
        `-A KUBE-NODEPORTS -d 127.0.0.0/8 ${rule} -m nfacct --nfacct-name localhost_nps_accepted_pkts -j ${chains.external}`,
        `-A KUBE-NODEPORTS ${rule} -j ${chains.external}`,
      );
    }
    if (count === 0) {
      to.filterExternal.push(
        `-A KUBE-EXTERNAL-SERVICES -p ${protocol} ${quoted(closed)} -m addrtype --dst-type LOCAL -m ${protocol} --dport ${port.nodePort} ${refusal(reachable)}`,
      );
    }
  }
  if (port.healthCheckNodePort > 0) {
    to.filterNodePorts.push(
      `-A KUBE-NODEPORTS -p tcp ${quoted(`${name} health check node port`)} -m tcp --dport ${port.healthCheckNodePort} -j ACCEPT`,
    );
  }
}

/** KUBE-SVC or KUBE-SVL: who is masqueraded, then the dice. */
function addBalancing(
  to: ServiceRules,
  port: ServicePort,
  place: Place,
  { chain, endpoints }: { readonly chain: string; readonly endpoints: readonly ProxyEndpoint[] },
): void {
  const { name, protocol } = port;
  to.natChains.push(chain);
  if (place.clusterCidr !== "") {
    for (const ip of port.clusterIps) {
      to.nat.push(
        `-A ${chain} ! -s ${place.clusterCidr} -d ${ip}/32 -p ${protocol} ${quoted(`${name} cluster IP`)} -m ${protocol} --dport ${port.port} -j KUBE-MARK-MASQ`,
      );
    }
  }
  const rule = ({ ip, port: target }: ProxyEndpoint, how: string): string => {
    const comment = place.large ? "" : ` ${quoted(`${name} -> ${ip}:${target}`)}`;
    return `-A ${chain}${comment}${how} -j ${endpointChain(name, protocol, `${ip}:${target}`)}`;
  };
  if (port.affinitySeconds > 0) {
    for (const endpoint of endpoints) {
      const sep = endpointChain(name, protocol, `${endpoint.ip}:${endpoint.port}`);
      to.nat.push(
        rule(
          endpoint,
          ` -m recent --rcheck --seconds ${port.affinitySeconds} --reap --name ${sep} --mask 255.255.255.255 --rsource`,
        ),
      );
    }
  }
  endpoints.forEach((endpoint, i) => {
    const left = endpoints.length - i;
    to.nat.push(
      rule(
        endpoint,
        left === 1 ? "" : ` -m statistic --mode random --probability ${probability(left)}`,
      ),
    );
  });
}

/** KUBE-EXT: how traffic from outside goes on. */
function addExternalChain(
  to: ServiceRules,
  port: ServicePort,
  place: Place,
  {
    chains,
    local,
  }: {
    readonly chains: {
      readonly external: string;
      readonly cluster: string;
      readonly local: string;
    };
    readonly local: boolean;
  },
): void {
  const { name } = port;
  const at = `-A ${chains.external}`;
  to.natChains.push(chains.external);
  if (!port.externalLocal) {
    to.nat.push(
      `${at} ${quoted(`masquerade traffic for ${name} external destinations`)} -j KUBE-MARK-MASQ`,
      `${at} -j ${chains.cluster}`,
    );
    return;
  }
  if (place.clusterCidr !== "") {
    to.nat.push(
      `${at} -s ${place.clusterCidr} ${quoted(`pod traffic for ${name} external destinations`)} -j ${chains.cluster}`,
    );
  }
  to.nat.push(
    `${at} ${quoted(`masquerade LOCAL traffic for ${name} external destinations`)} -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ`,
    `${at} ${quoted(`route LOCAL traffic for ${name} external destinations`)} -m addrtype --src-type LOCAL -j ${chains.cluster}`,
  );
  if (local) to.nat.push(`${at} -j ${chains.local}`);
}

/** KUBE-SEP: hairpins are masqueraded, then the destination is rewritten. */
function addEndpoint(
  to: ServiceRules,
  port: ServicePort,
  place: Place,
  { ip, port: target }: ProxyEndpoint,
): void {
  const { name, protocol } = port;
  const chain = endpointChain(name, protocol, `${ip}:${target}`);
  const comment = place.large ? "" : ` ${quoted(name)}`;
  const affinity =
    port.affinitySeconds > 0
      ? ` -m recent --set --name ${chain} --mask 255.255.255.255 --rsource`
      : "";
  to.natChains.push(chain);
  to.nat.push(
    `-A ${chain} -s ${ip}/32${comment} -j KUBE-MARK-MASQ`,
    `-A ${chain} -p ${protocol}${comment}${affinity} -m ${protocol} -j DNAT --to-destination ${ip}:${target}`,
  );
}
