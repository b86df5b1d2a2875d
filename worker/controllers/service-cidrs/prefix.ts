/** Ranges and what lies in them. Upstream: pkg/api/servicecidr/servicecidr.go. */
import ipaddr from "ipaddr.js";

type Prefix = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

const parsed = new Map<string, Prefix>();
const mostParsed = 1000;

/** Text that was validated. */
function prefixOf(cidr: string): Prefix {
  const known = parsed.get(cidr);
  if (known !== undefined) return known;
  const made = ipaddr.parseCIDR(cidr);
  if (parsed.size >= mostParsed) parsed.clear();
  parsed.set(cidr, made);
  return made;
}

export function holdsAddress(cidr: string, address: string): boolean {
  const [base, bits] = prefixOf(cidr);
  const one = ipaddr.parse(address);
  return one.kind() === base.kind() && one.match([base, bits] as never);
}
/** The same range, or a part of it. */
export function holdsRange(cidr: string, inner: string): boolean {
  const [, bits] = prefixOf(cidr);
  const [base, innerBits] = prefixOf(inner);
  return innerBits >= bits && holdsAddress(cidr, base.toString());
}
export const overlap = (a: string, b: string): boolean => holdsRange(a, b) || holdsRange(b, a);
