/**
 * Ranges of IP addresses. What an object had already may stay, however it is written.
 * Upstream: apimachinery/pkg/util/validation/ip.go IsValidCIDRForLegacyField, IsValidCIDR.
 */
import ipaddr from "ipaddr.js";
import { type FieldPath, invalid } from "#apimachinery/field.ts";
import { type Address, addressOf, canonical, hasLeadingZero, isMapped } from "./address.ts";
import type { Errors } from "./rule.ts";

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
/** The bits of the i-th byte that are beyond the prefix. */
const hostBits = (i: number, bits: number): number =>
  0xff >> Math.min(8, Math.max(0, bits - i * 8));
const isMasked = ({ address, bits }: Range): boolean =>
  address.toByteArray().every((byte, i) => (byte & hostBits(i, bits)) === 0);
/** The range in the one way to write it. */
function canonicalRange(range: Range): string {
  const bytes = range.address.toByteArray().map((byte, i) => byte & ~hostBits(i, range.bits));
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

/** All of `inner`, which is smaller, lies in `outer`; undefined when it is no range. */
export function isStrictlyWithin(inner: string, outer: string): boolean | undefined {
  const [small, large] = [rangeOf(inner), rangeOf(outer)];
  if (small === undefined || large === undefined) return undefined;
  return (
    small.address.kind() === large.address.kind() &&
    small.bits > large.bits &&
    small.address.match(large.address as never, large.bits)
  );
}

/** `Warning:` texts for ranges that are written in an odd way. Upstream: GetWarningsForCIDR. */
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
