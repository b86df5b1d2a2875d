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
const canonical = (address: Address): string =>
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

/** A range as Go's older parser takes it. */
interface Range {
  readonly address: Address;
  readonly bits: number;
}
export function rangeOf(text: string): Range | undefined {
  const [base = "", length = "", ...more] = text.split("/");
  const address = addressOf(base);
  const bits = Number(length);
  return address === undefined || more.length > 0 || !/^\d+$/.test(length) || bits > sizeOf(address)
    ? undefined
    : { address, bits };
}
const sizeOf = (address: Address): number => (address instanceof ipaddr.IPv6 ? 128 : 32);
const hasLeadingZeros = (text: string): boolean => {
  const [base = "", length = ""] = text.split("/");
  return hasLeadingZero(base) || /^0\d/.test(length);
};
/** An IPv4 address that is written as an IPv6 one has the length of its own kind. */
const shownBits = ({ address, bits }: Range): number => (isMapped(address) ? bits - 96 : bits);
const isMasked = ({ address, bits }: Range): boolean =>
  address
    .toByteArray()
    .every((byte, i) => (byte & (0xff >> Math.min(8, Math.max(0, bits - i * 8)))) === 0);
/** The range in the one way to write it. */
function canonicalRange(range: Range): string {
  const bytes = range.address
    .toByteArray()
    .map((byte, i) => byte & ~(0xff >> Math.min(8, Math.max(0, range.bits - i * 8))));
  return `${canonical(ipaddr.fromByteArray(bytes))}/${shownBits(range)}`;
}

export function cidr(
  errors: Errors,
  at: FieldPath,
  text: string,
  before: readonly (string | undefined)[] = [],
): void {
  if (before.includes(text)) return;
  const range = rangeOf(text);
  if (range === undefined) {
    errors.push(
      invalid(at, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"),
    );
  } else if (hasLeadingZeros(text))
    errors.push(invalid(at, text, "must not have leading 0s in IP or prefix length"));
  else if (isMapped(range.address))
    errors.push(invalid(at, text, "must not have an IPv4-mapped IPv6 address"));
  else if (!isMasked(range))
    errors.push(invalid(at, text, "must not have bits set beyond the prefix length"));
}
/** Of fields as young as the strict rules: the one way to write it, too. Upstream: IsValidCIDR. */
export function strictCidr(errors: Errors, at: FieldPath, text: string): void {
  const found = errors.length;
  cidr(errors, at, text);
  const range = rangeOf(text);
  if (errors.length > found || range === undefined) return;
  const better = canonicalRange(range);
  if (better !== text)
    errors.push(invalid(at, text, `must be in canonical form (${JSON.stringify(better)})`));
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

/** An address with the length of its network's prefix, in the one way to write it. Upstream: IsValidInterfaceAddress. */
export function interfaceAddress(errors: Errors, at: FieldPath, text: string): void {
  const range = rangeOf(text);
  if (range === undefined) {
    errors.push(
      invalid(
        at,
        text,
        "must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)",
      ),
    );
    return;
  }
  const better = `${canonical(range.address)}/${shownBits(range)}`;
  if (better !== text)
    errors.push(invalid(at, text, `must be in canonical form (${JSON.stringify(better)})`));
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
/** The same of ranges. Upstream: GetWarningsForCIDR. */
export function cidrWarnings(at: FieldPath, text: string): readonly string[] {
  const range = rangeOf(text);
  if (range === undefined) return [];
  const { address } = range;
  const [shown, better] = [JSON.stringify(text), JSON.stringify(canonicalRange(range))];
  const warnings: string[] = [];
  if (!isMasked(range)) {
    const alone = JSON.stringify(`${canonical(address)}/${sizeOf(address)}`);
    warnings.push(
      `${at}: CIDR value ${shown} is ambiguous in this context (should be ${better} or ${alone}?)`,
    );
  }
  if (hasLeadingZeros(text) || isMapped(address))
    warnings.push(`${at}: non-standard CIDR value ${shown} is invalid: use ${better}`);
  if (warnings.length === 0 && address instanceof ipaddr.IPv6 && better !== shown)
    warnings.push(
      `${at}: IPv6 CIDR value ${shown} should be in RFC 5952 canonical format (${better})`,
    );
  return warnings;
}
/** Two addresses, one of each family. */
export const isDualStack = (addresses: readonly string[]): boolean =>
  addresses.some(isIpv6) && addresses.some((one) => !isIpv6(one));
