/**
 * IP addresses; ranges of them are in `cidr.ts`. Upstream: apimachinery/pkg/util/validation/ip.go, pkg/apis/core/validation ValidateNonSpecialIP.
 * What an object had already may stay, however it is written.
 */
import ipaddr from "ipaddr.js";
import { type FieldPath, invalid } from "#apimachinery/field.ts";
import type { Errors } from "./rule.ts";

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

const dotted = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Leading zeros are decimal, as in Go's older parser. */
export function addressOf(text: string): Address | undefined {
  if (dotted.test(text)) {
    const octets = text.split(".").map(Number);
    return octets.every((octet) => octet < 256) ? new ipaddr.IPv4(octets) : undefined;
  }
  return text.includes(":") && !text.includes("%") && ipaddr.IPv6.isValid(text)
    ? ipaddr.IPv6.parse(text)
    : undefined;
}
export const isIpv6 = (text: string): boolean => text.includes(":");

export const hasLeadingZero = (text: string): boolean =>
  dotted.test(text) && text.split(".").some((octet) => octet.length > 1 && octet.startsWith("0"));
export const isMapped = (address: Address): boolean =>
  address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress();
/** In the one way to write it. */
export const canonical = (address: Address): string =>
  address instanceof ipaddr.IPv6
    ? isMapped(address)
      ? address.toIPv4Address().toString()
      : address.toRFC5952String()
    : address.toString();

/** A field that is older than the strict rules. */
export function ip(
  errors: Errors,
  at: FieldPath,
  text: string,
  before: readonly (string | undefined)[] = [],
): void {
  if (before.includes(text)) return;
  const address = addressOf(text);
  if (address === undefined)
    errors.push(invalid(at, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"));
  else if (hasLeadingZero(text)) errors.push(invalid(at, text, "must not have leading 0s"));
  else if (isMapped(address))
    errors.push(invalid(at, text, "must not be an IPv4-mapped IPv6 address"));
}

/** What is wrong with an address in a young field. Upstream: IsValidIP. */
export function strictIpProblems(text: string): readonly string[] {
  const address = addressOf(text);
  if (address === undefined)
    return ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"];
  if (hasLeadingZero(text)) return ["must not have leading 0s"];
  if (isMapped(address)) return ["must not be an IPv4-mapped IPv6 address"];
  const better = canonical(address);
  return better === text ? [] : [`must be in canonical form (${JSON.stringify(better)})`];
}

/** Addresses that a Service or an endpoint cannot have. */
export function notSpecial(errors: Errors, at: FieldPath, text: string): void {
  const address = addressOf(text);
  if (address === undefined) {
    errors.push(invalid(at, text, "must be a valid IP address"));
    return;
  }
  const range = address.range();
  if (range === "unspecified" && address.toByteArray().every((byte) => byte === 0))
    errors.push(invalid(at, text, `may not be unspecified (${text})`));
  if (range === "loopback")
    errors.push(invalid(at, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)"));
  if (range === "linkLocal")
    errors.push(
      invalid(at, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)"),
    );
  if (text.startsWith("224.0.0.") || /^ff.2:/i.test(text))
    errors.push(
      invalid(at, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"),
    );
}

/** `Warning:` texts for addresses that are written in an odd way. Upstream: GetWarningsForIP. */
export function ipWarnings(at: FieldPath, text: string): readonly string[] {
  const address = addressOf(text);
  if (address === undefined) return [];
  const better = canonical(address);
  if (hasLeadingZero(text) || isMapped(address))
    return [
      `${at}: non-standard IP address ${JSON.stringify(text)} is invalid: use ${JSON.stringify(better)}`,
    ];
  return address instanceof ipaddr.IPv6 && better !== text
    ? [
        `${at}: IPv6 address ${JSON.stringify(text)} should be in RFC 5952 canonical format (${JSON.stringify(better)})`,
      ]
    : [];
}
/** Two addresses, one of each family. */
export const isDualStack = (addresses: readonly string[]): boolean =>
  addresses.some(isIpv6) && addresses.some((one) => !isIpv6(one));
