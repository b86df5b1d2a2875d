/**
 * IP addresses and ranges. Upstream: apimachinery/pkg/util/validation/ip.go, pkg/apis/core/validation ValidateNonSpecialIP.
 * What an object had already may stay, however it is written.
 */
import ipaddr from "ipaddr.js";
import { type FieldPath, invalid } from "#apimachinery/field.ts";
import type { Errors } from "./rule.ts";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

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

const hasLeadingZero = (text: string): boolean =>
  dotted.test(text) && text.split(".").some((octet) => octet.length > 1 && octet.startsWith("0"));
const isMapped = (address: Address): boolean =>
  address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress();
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

/** Two addresses, one of each family. */
export const isDualStack = (addresses: readonly string[]): boolean =>
  addresses.some(isIpv6) && addresses.some((one) => !isIpv6(one));
