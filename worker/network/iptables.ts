/**
 * A node's whole rule set as `iptables-save` prints it. Pure.
 * Upstream: pkg/proxy/iptables/proxier.go iptablesJumpChains, syncProxyRules.
 */
import { addServiceRules, noRules, type Place } from "./rules.ts";
import type { ServicePort } from "./service-ports.ts";

/** Over so many endpoints comments are left out. */
const largeEndpoints = 1000;

const filterChains = [
  "KUBE-EXTERNAL-SERVICES",
  "KUBE-FIREWALL",
  "KUBE-FORWARD",
  "KUBE-KUBELET-CANARY",
  "KUBE-NODEPORTS",
  "KUBE-PROXY-CANARY",
  "KUBE-PROXY-FIREWALL",
  "KUBE-SERVICES",
];
const natChains = [
  "KUBE-KUBELET-CANARY",
  "KUBE-MARK-MASQ",
  "KUBE-NODEPORTS",
  "KUBE-POSTROUTING",
  "KUBE-PROXY-CANARY",
  "KUBE-SERVICES",
];

const started = "-m conntrack --ctstate NEW";
const jump = (chain: string, comment: string, to: string, state = ""): string =>
  `-A ${chain}${state === "" ? "" : ` ${state}`} -m comment --comment "${comment}" -j ${to}`;

/** Rules are put in front one by one, so they stand in reverse. */
const filterJumps: readonly string[] = [
  "-A INPUT -j KUBE-FIREWALL",
  jump("INPUT", "kubernetes load balancer firewall", "KUBE-PROXY-FIREWALL", started),
  jump("INPUT", "kubernetes health check service ports", "KUBE-NODEPORTS"),
  jump("INPUT", "kubernetes externally-visible service portals", "KUBE-EXTERNAL-SERVICES", started),
  jump("FORWARD", "kubernetes load balancer firewall", "KUBE-PROXY-FIREWALL", started),
  jump("FORWARD", "kubernetes forwarding rules", "KUBE-FORWARD"),
  jump("FORWARD", "kubernetes service portals", "KUBE-SERVICES", started),
  jump(
    "FORWARD",
    "kubernetes externally-visible service portals",
    "KUBE-EXTERNAL-SERVICES",
    started,
  ),
  "-A OUTPUT -j KUBE-FIREWALL",
  jump("OUTPUT", "kubernetes load balancer firewall", "KUBE-PROXY-FIREWALL", started),
  jump("OUTPUT", "kubernetes service portals", "KUBE-SERVICES", started),
];
const natJumps: readonly string[] = [
  jump("PREROUTING", "kubernetes service portals", "KUBE-SERVICES"),
  jump("OUTPUT", "kubernetes service portals", "KUBE-SERVICES"),
  jump("POSTROUTING", "kubernetes postrouting rules", "KUBE-POSTROUTING"),
];
const firewall =
  '-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment "block incoming localnet connections" -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP';
const forward: readonly string[] = [
  "-A KUBE-FORWARD -m conntrack --ctstate INVALID -m nfacct --nfacct-name ct_state_invalid_dropped_pkts -j DROP",
  '-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT',
  '-A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
];
const masquerade: readonly string[] = [
  "-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000",
  "-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN",
  "-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0",
  '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
];
const nodePortsLast =
  '-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS';

const declared = (chain: string, policy: string): string => `:${chain} ${policy} [0:0]`;

export function iptablesSave(
  ports: readonly ServicePort[],
  { node, clusterCidr }: Pick<Place, "node" | "clusterCidr">,
): string {
  const endpoints = ports.reduce((sum, port) => sum + port.endpoints.length, 0);
  const place: Place = { node, clusterCidr, large: endpoints > largeEndpoints };
  const rules = noRules();
  for (const port of ports) addServiceRules(rules, port, place);
  return [
    "*mangle",
    ...["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"].map((chain) =>
      declared(chain, "ACCEPT"),
    ),
    ...["KUBE-IPTABLES-HINT", "KUBE-KUBELET-CANARY", "KUBE-PROXY-CANARY"].map((chain) =>
      declared(chain, "-"),
    ),
    "COMMIT",
    "*filter",
    ...["INPUT", "FORWARD", "OUTPUT"].map((chain) => declared(chain, "ACCEPT")),
    ...filterChains.map((chain) => declared(chain, "-")),
    ...filterJumps,
    ...rules.filterExternal,
    firewall,
    ...forward,
    ...rules.filterNodePorts,
    ...rules.firewall,
    ...rules.filterServices,
    "COMMIT",
    "*nat",
    ...["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"].map((chain) => declared(chain, "ACCEPT")),
    ...[...new Set([...natChains, ...rules.natChains])]
      .toSorted()
      .map((chain) => declared(chain, "-")),
    ...natJumps,
    ...masquerade,
    ...rules.nodePorts,
    ...rules.services,
    nodePortsLast,
    ...rules.nat.toSorted((a, b) =>
      chainOf(a) < chainOf(b) ? -1 : chainOf(a) > chainOf(b) ? 1 : 0,
    ),
    "COMMIT",
    "",
  ].join("\n");
}

/** The chain a rule stands in; sorting by it is stable within a chain. */
const chainOf = (rule: string): string => rule.split(" ", 2)[1] ?? "";
