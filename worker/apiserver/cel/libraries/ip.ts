/** `ip`, `isIP` and what an address is. Upstream: apiserver/pkg/cel/library/ip.go. */
import ipaddr from "ipaddr.js";
import { namespace } from "./library.ts";
import type { Library } from "./library.ts";

export const ipType = "net.IP";
type Address = ipaddr.IPv4 | ipaddr.IPv6;
const plainV4 = /^(?:(?:0|[1-9]\d{0,2})(?:\.|$)){4}$/;

/** As netip.ParseAddr, without zones and mapped addresses. Throws with upstream's words. */
export function parseAddress(text: string): Address {
  if (text.includes("%")) throw new Error(`IP address "${text}" with zone value is not allowed`);
  const isV4 = plainV4.test(text) && !text.endsWith(".");
  if ((!isV4 && !text.includes(":")) || !ipaddr.isValid(text))
    throw new Error(
      `IP Address "${text}" parse error during conversion from string: ParseAddr("${text}"): unable to parse IP`,
    );
  const address = ipaddr.parse(text);
  if (address.kind() === "ipv6" && (address as ipaddr.IPv6).isIPv4MappedAddress())
    throw new Error(`IPv4-mapped IPv6 address "${text}" is not allowed`);
  return address;
}

export const addressText = (address: Address): string =>
  address.kind() === "ipv4" ? address.toString() : (address as ipaddr.IPv6).toRFC5952String();

export class CelIp {
  readonly address: Address;
  constructor(address: Address) {
    this.address = address;
  }
  toJSON(): string {
    return addressText(this.address);
  }
}

const inRange = (ip: CelIp, v4: string, v6: string): boolean => {
  const [network, bits] = ipaddr.parseCIDR(ip.address.kind() === "ipv4" ? v4 : v6);
  return (ip.address as ipaddr.IPv4).match(network as ipaddr.IPv4, bits);
};
const isUnspecified = (ip: CelIp): boolean => inRange(ip, "0.0.0.0/32", "::/128");
const isLoopback = (ip: CelIp): boolean => inRange(ip, "127.0.0.0/8", "::1/128");
const isMulticast = (ip: CelIp): boolean => inRange(ip, "224.0.0.0/4", "ff00::/8");
const isLinkLocalUnicast = (ip: CelIp): boolean => inRange(ip, "169.254.0.0/16", "fe80::/10");
const isGlobalUnicast = (ip: CelIp): boolean =>
  !isUnspecified(ip) &&
  !isLoopback(ip) &&
  !isMulticast(ip) &&
  !isLinkLocalUnicast(ip) &&
  ip.toJSON() !== "255.255.255.255";

export function valid(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}

export const ipLibrary: Library = (environment) => {
  const names = namespace(environment, "ip");
  environment
    .registerType(ipType, CelIp)
    .registerOperator(`${ipType} == ${ipType}`, (a: CelIp, b: CelIp) => a.toJSON() === b.toJSON())
    .registerFunction(`ip(string): ${ipType}`, (text: string) => new CelIp(parseAddress(text)))
    .registerFunction("isIP(string): bool", (text: string) => valid(() => parseAddress(text)))
    .registerFunction(
      `${names}.isCanonical(string): bool`,
      (_: unknown, text: string) => addressText(parseAddress(text)) === text,
    )
    .registerFunction(`string(${ipType}): string`, (ip: CelIp) => ip.toJSON())
    .registerFunction(`${ipType}.family(): int`, ({ address }: CelIp) =>
      address.kind() === "ipv4" ? 4n : 6n,
    )
    .registerFunction(`${ipType}.isUnspecified(): bool`, isUnspecified)
    .registerFunction(`${ipType}.isLoopback(): bool`, isLoopback)
    .registerFunction(`${ipType}.isLinkLocalMulticast(): bool`, (ip: CelIp) =>
      inRange(ip, "224.0.0.0/24", "ff02::/16"),
    )
    .registerFunction(`${ipType}.isLinkLocalUnicast(): bool`, isLinkLocalUnicast)
    .registerFunction(`${ipType}.isGlobalUnicast(): bool`, isGlobalUnicast);
};
