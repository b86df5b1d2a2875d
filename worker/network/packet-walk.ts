/**
 * Walks a connection's first packet through a node's rules as the kernel does: the nat table decides where it
 * goes, the filter table whether it may. Pure; every rule that matched is told.
 */
import type { Address, Chance, Protocol } from "./connection.ts";
import type { ServiceRules } from "./rules.ts";

export interface Packet {
  readonly fromIp: string;
  readonly to: Address;
  readonly protocol: Protocol;
  /** It comes from a process on the node itself, not from a Pod. */
  readonly isFromNode: boolean;
  /** Its destination is an address of the node. */
  readonly isToNode: boolean;
}
export interface Walked {
  readonly verdict: "accept" | "reject" | "drop";
  /** Rewritten by a DNAT rule; else the packet's own. */
  readonly to: Address;
  /** Its source will be the node's. */
  readonly isMasqueraded: boolean;
  readonly rules: readonly string[];
}

interface Walk {
  readonly packet: Packet;
  readonly chains: ReadonlyMap<string, readonly string[]>;
  readonly chance: Chance;
  readonly rules: string[];
  isMasqueraded: boolean;
}

const servicesLast = "-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS";
/** What a chain can end in; anything else is the name of a chain. */
const returns = "RETURN";

export function walk(packet: Packet, rules: ServiceRules, chance: Chance): Walked {
  const state: Walk = {
    packet,
    chains: chainsOf([...rules.services, ...rules.nodePorts, ...rules.nat, servicesLast]),
    chance,
    rules: [],
    isMasqueraded: false,
  };
  const target = follow(state, "KUBE-SERVICES");
  const to = target?.startsWith("DNAT ") === true ? addressOf(target.slice(5)) : packet.to;
  const filters: Walk = {
    ...state,
    packet: { ...packet, to, isToNode: packet.isToNode && to === packet.to },
    chains: chainsOf([
      ...rules.filterServices,
      ...rules.filterExternal,
      ...rules.filterNodePorts,
      ...rules.firewall,
    ]),
  };
  const ended =
    follow(filters, "KUBE-SERVICES") ??
    follow(filters, "KUBE-EXTERNAL-SERVICES") ??
    follow(filters, "KUBE-PROXY-FIREWALL");
  const verdict = ended === "REJECT" ? "reject" : ended === "DROP" ? "drop" : "accept";
  return { verdict, to, isMasqueraded: state.isMasqueraded, rules: state.rules };
}

function chainsOf(rules: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const chains = new Map<string, string[]>();
  for (const rule of rules) {
    const name = rule.split(" ", 2)[1] ?? "";
    const present = chains.get(name);
    if (present === undefined) chains.set(name, [rule]);
    else present.push(rule);
  }
  return chains;
}

const addressOf = (text: string): Address => {
  const colon = text.lastIndexOf(":");
  return { ip: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
};

/** The terminating target that a packet meets in a chain; undefined: it comes out at the end. */
function follow(state: Walk, chain: string): string | undefined {
  for (const rule of state.chains.get(chain) ?? []) {
    const words = wordsOf(rule);
    if (!matches(words, state, rule)) continue;
    const target = words[words.indexOf("-j") + 1];
    if (words.includes("-j") === false) continue;
    if (rule !== servicesLast) state.rules.push(rule);
    switch (target) {
      case "KUBE-MARK-MASQ":
        state.isMasqueraded = true;
        continue;
      case returns:
        return undefined;
      case "DNAT":
        return `DNAT ${words[words.indexOf("--to-destination") + 1] ?? ""}`;
      case "ACCEPT":
      case "DROP":
      case "REJECT":
        return target;
    }
    const ended = follow(state, target ?? "");
    if (ended !== undefined) return ended;
  }
  return undefined;
}

/** A rule's words; what stands in quotes is one. */
const wordsOf = (rule: string): readonly string[] => rule.match(/"[^"]*"|\S+/g) ?? [];

function matches(words: readonly string[], { packet, chance }: Walk, rule: string): boolean {
  const { fromIp, to, protocol, isFromNode, isToNode } = packet;
  for (let at = 2; at < words.length; at += 1) {
    const value = words[at + 1] ?? "";
    const isNot = words[at - 1] === "!";
    const holds = (found: boolean): boolean => found !== isNot;
    switch (words[at]) {
      case "-s":
        if (!holds(contains(value, fromIp))) return false;
        break;
      case "-d":
        if (!holds(contains(value, to.ip))) return false;
        break;
      case "-p":
        if (!holds(value === protocol)) return false;
        break;
      case "--dport":
        if (!holds(Number(value) === to.port)) return false;
        break;
      case "--src-type":
        if (!holds(isFromNode)) return false;
        break;
      case "--dst-type":
        if (!holds(isToNode)) return false;
        break;
      case "--probability":
        if (!(chance(rule) < Number(value))) return false;
        break;
      // Who was here before is drawn by the same dice again: see affinity in data-plane.ts.
      case "--rcheck":
        return false;
    }
  }
  return true;
}

const numberOf = (ip: string): number =>
  ip.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);

/** Is an address in a range of IPv4? */
export function contains(cidr: string, ip: string): boolean {
  const [base = "", bits = "32"] = cidr.split("/");
  const size = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(base) / size) === Math.floor(numberOf(ip) / size);
}
