/**
 * The wire between Pods: finds who a connection reaches from where it starts, by the rules that kube-proxy
 * keeps on the nodes it passes and by the Pod ranges that the CNI routes. Nothing outside of the cluster is
 * ever reached.
 * Upstream: the kernel's netfilter under pkg/proxy/iptables; containernetworking/plugins ptp, host-local.
 * Differs: with ClientIP affinity a client may be sent elsewhere when endpoints change, because nobody is remembered:
 * the same client meets the same dice.
 */
import type { V1Node } from "#apimachinery/api/core-v1.ts";
import type { Informer } from "#client/informer.ts";
import type { Address, EchoReply, Machines, Opened, Origin, Protocol } from "./connection.ts";
import { contains, type Packet, walk, type Walked } from "./packet-walk.ts";
import { addServiceRules, noRules, type ServiceRules } from "./rules.ts";
import type { KubeProxies } from "./proxy.ts";

/** Index of Nodes by their addresses and by the first three bytes of their Pods' range. */
const byAddress = "address";

export interface DataPlaneWorld {
  readonly proxies: KubeProxies;
  readonly machines: Machines;
  readonly clusterCidr: string;
  /** Uniform in [0, 1), a pure function of the cluster's seed and both texts. */
  random(purpose: string, key: string): number;
}

interface Sent {
  readonly to: Address;
  readonly protocol: Protocol;
  /** Names the attempt: another one throws the dice anew. */
  readonly attempt: string;
}

export class DataPlane {
  readonly #world: DataPlaneWorld;
  #nodes: Informer<V1Node> | undefined;

  constructor(world: DataPlaneWorld) {
    this.#world = world;
  }

  /** Sends a first packet. */
  open(origin: Origin, sent: Sent): Opened {
    const { to } = sent;
    const isOwn = isLoopback(to.ip) || to.ip === origin.ip;
    if (isOwn && !origin.hostNetwork) return this.#arrive(origin, origin.ip, sent, []);
    return this.#send(origin, sent);
  }

  /**
   * An ICMP echo request. Services have no answer: their rules are about ports, and no interface has their
   * address. Nodes route between their Pods, as the ptp plugin has it.
   */
  echo(origin: Origin, ip: string, attempt: string): EchoReply | undefined {
    const isOwn = isLoopback(ip) || ip === origin.ip;
    const node = isOwn ? origin.node : this.#nodeOf(ip);
    if (node === undefined) return undefined;
    const to = { ip, port: noPort, protocol: "udp" } as const;
    if (!isOwn && this.#world.machines.listener(node, to) === "nobody") return undefined;
    const ends = [!origin.hostNetwork, !this.#isNodeIp(ip)].filter(Boolean).length;
    const hops = isOwn ? 0 : node === origin.node ? Math.max(0, ends - 1) : ends;
    const draw = this.#world.random("echo", `${attempt} ${ip}`);
    const onWire = isOwn ? 0 : node === origin.node ? nearMicros : farMicros;
    return { hops, tookMicros: leastMicros + onWire + Math.floor(draw * 16) * 3 };
  }

  /** Through the rules of the node it starts on, then of the one it comes to. */
  #send(origin: Origin, sent: Sent): Opened {
    const { to } = sent;
    const here = this.#walked(origin.node, origin, sent);
    if (here.verdict !== "accept") return ended(here);
    const next = isLoopback(here.to.ip) ? origin.node : this.#nodeOf(here.to.ip);
    if (next === undefined) return { state: "unanswered", rules: here.rules };
    // Not rewritten, and for another node: that one's own rules decide.
    const isPassedOn = here.to === to && next !== origin.node && this.#isNodeIp(to.ip);
    if (!isPassedOn) return this.#delivered(origin, origin.node, sent, here);
    const there = this.#walked(next, origin, sent);
    const walked = { ...there, rules: [...here.rules, ...there.rules] };
    return there.verdict === "accept" ? this.#delivered(origin, next, sent, walked) : ended(walked);
  }

  /** To whom the last rules sent it; `by`: the node whose rules these were. */
  #delivered(origin: Origin, by: string, sent: Sent, { to, rules, isMasqueraded }: Walked): Opened {
    const node = isLoopback(to.ip) ? by : this.#nodeOf(to.ip);
    if (node === undefined) return { state: "unanswered", rules };
    const fromIp = isMasqueraded ? this.#wayOut(by, node) : origin.ip;
    return this.#arrive({ node, ip: to.ip }, fromIp, { ...sent, to }, rules);
  }

  /** What a node's rules make of a packet. */
  #walked(node: string, origin: Origin, { to, protocol, attempt }: Sent): Walked {
    const isFromNode = origin.hostNetwork && origin.node === node;
    const isToNode = isLoopback(to.ip) || this.#addressesOf(node).includes(to.ip);
    const packet: Packet = { fromIp: origin.ip, to, protocol, isFromNode, isToNode };
    const ports = this.#world.proxies.portsAt(to, protocol, isToNode);
    if (ports.length === 0) return { verdict: "accept", to, isMasqueraded: false, rules: [] };
    const rules: ServiceRules = noRules();
    const place = { node, clusterCidr: this.#world.clusterCidr, large: false };
    for (const port of ports) addServiceRules(rules, port, place);
    const isSticky = ports.some(({ affinitySeconds }) => affinitySeconds > 0);
    const key = isSticky ? origin.ip : attempt;
    return walk(packet, rules, (rule) => this.#world.random("iptables", `${key} ${rule}`));
  }

  #arrive(
    at: { readonly node: string; readonly ip: string },
    fromIp: string,
    { to, protocol }: Sent,
    rules: readonly string[],
  ): Opened {
    const found = this.#world.machines.listener(at.node, { ip: at.ip, port: to.port, protocol });
    if (found === "closed") return { state: "refused", rules };
    if (found === "nobody") return { state: "unreachable", rules };
    return {
      state: "open",
      to,
      toNode: at.node,
      fromIp: isLoopback(to.ip) ? to.ip : fromIp,
      rules,
      server: found,
    };
  }

  /** The address of the way out: the bridge's towards a Pod of the same node, else the node's. */
  #wayOut(node: string, target: string): string {
    const object = this.#node(node);
    const cidr = object?.spec?.podCIDR ?? "";
    return node === target && cidr !== ""
      ? cidr.replace(/\d+\/\d+$/, "1")
      : (this.#addressesOf(node)[0] ?? "");
  }

  #nodeList(): Informer<V1Node> | undefined {
    if (this.#nodes !== undefined) return this.#nodes;
    this.#nodes = this.#world.proxies.nodes;
    this.#nodes?.addIndex(byAddress, ({ spec, status }) => [
      ...(status?.addresses ?? []).map(({ address }) => address),
      ...(spec?.podCIDR ? [networkOf(spec.podCIDR)] : []),
    ]);
    return this.#nodes;
  }
  #node(name: string): V1Node | undefined {
    return this.#nodeList()?.get(name);
  }
  #addressesOf(node: string): readonly string[] {
    return (this.#node(node)?.status?.addresses ?? [])
      .filter(({ type }) => type === "InternalIP")
      .map(({ address }) => address);
  }
  #isNodeIp(ip: string): boolean {
    return (this.#nodeList()?.countIndex(byAddress, ip) ?? 0) > 0;
  }
  /** The node that has an address, or whose Pods' range has it. */
  #nodeOf(ip: string): string | undefined {
    const nodes = this.#nodeList();
    const [direct] = nodes?.byIndex(byAddress, ip) ?? [];
    if (direct !== undefined) return direct.metadata.name;
    const near = nodes?.byIndex(byAddress, networkOf(ip)) ?? [];
    return near.find(({ spec }) => contains(spec?.podCIDR ?? "", ip))?.metadata.name;
  }
}

/** Nobody listens there. */
const noPort = 0;
/** How long an echo takes: within a machine, over its bridge, over the wire between two. */
const leastMicros = 42;
const nearMicros = 31;
const farMicros = 260;

const isLoopback = (ip: string): boolean => ip.startsWith("127.");
/** `10.244.1`. */
const networkOf = (ip: string): string => ip.split(".").slice(0, 3).join(".");

const ended = ({ verdict, rules }: Walked): Opened => ({
  state: verdict === "reject" ? "refused" : "unanswered",
  rules,
});
