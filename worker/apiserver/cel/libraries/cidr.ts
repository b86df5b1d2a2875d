/** `cidr`, `isCIDR` and what a network holds. Upstream: apiserver/pkg/cel/library/cidr.go. */
import ipaddr from "ipaddr.js";
import { addressText, CelIp, ipType, parseAddress, valid } from "./ip.ts";
import type { Library } from "./library.ts";

const type = "net.CIDR";

class CelCidr {
  readonly ip: CelIp;
  readonly bits: number;
  constructor(ip: CelIp, bits: number) {
    this.ip = ip;
    this.bits = bits;
  }
  toJSON(): string {
    return `${addressText(this.ip.address)}/${this.bits}`;
  }
}

function parseCidr(text: string): CelCidr {
  const [address = "", bits = "", ...more] = text.split("/");
  const wrong = (why: string): Error =>
    new Error(
      `network address parse error during conversion from string: netip.ParsePrefix("${text}"): ${why}`,
    );
  if (!text.includes("/") || more.length > 0) throw wrong("no '/'");
  if (!/^(?:0|[1-9]\d{0,2})$/.test(bits)) throw wrong(`bad bits after slash: "${bits}"`);
  const ip = new CelIp(parseAddress(address));
  if (Number(bits) > (ip.address.kind() === "ipv4" ? 32 : 128))
    throw wrong("prefix length out of range");
  return new CelCidr(ip, Number(bits));
}

const contains = (cidr: CelCidr, ip: CelIp): boolean =>
  cidr.ip.address.kind() === ip.address.kind() &&
  (ip.address as ipaddr.IPv4).match(cidr.ip.address as ipaddr.IPv4, cidr.bits);
const containsCidr = (outer: CelCidr, inner: CelCidr): boolean =>
  contains(outer, inner.ip) && outer.bits <= inner.bits;

function masked({ ip, bits }: CelCidr): CelCidr {
  const bytes = ip.address.toByteArray().map((byte, i) => {
    const kept = Math.min(8, Math.max(0, bits - i * 8));
    return byte & (0xff << (8 - kept)) & 0xff;
  });
  return new CelCidr(new CelIp(ipaddr.fromByteArray(bytes)), bits);
}

export const cidrLibrary: Library = (environment) => {
  environment
    .registerType(type, CelCidr)
    .registerOperator(`${type} == ${type}`, (a: CelCidr, b: CelCidr) => a.toJSON() === b.toJSON())
    .registerFunction(`cidr(string): ${type}`, parseCidr)
    .registerFunction("isCIDR(string): bool", (text: string) => valid(() => parseCidr(text)))
    .registerFunction(`string(${type}): string`, (cidr: CelCidr) => cidr.toJSON())
    .registerFunction(`${type}.containsIP(${ipType}): bool`, contains)
    .registerFunction(`${type}.containsIP(string): bool`, (cidr: CelCidr, text: string) =>
      contains(cidr, new CelIp(parseAddress(text))),
    )
    .registerFunction(`${type}.containsCIDR(${type}): bool`, containsCidr)
    .registerFunction(`${type}.containsCIDR(string): bool`, (cidr: CelCidr, text: string) =>
      containsCidr(cidr, parseCidr(text)),
    )
    .registerFunction(`${type}.ip(): ${ipType}`, ({ ip }: CelCidr) => ip)
    .registerFunction(`${type}.masked(): ${type}`, masked)
    .registerFunction(`${type}.prefixLength(): int`, ({ bits }: CelCidr) => BigInt(bits));
};
