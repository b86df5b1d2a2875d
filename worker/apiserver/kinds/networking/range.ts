/** Ranges of addresses and what lies in them. Both texts are valid ranges. */
import ipaddr from "ipaddr.js";

/** All of `inner`, which is smaller, lies in `outer`. */
export function isStrictlyWithin(inner: string, outer: string): boolean {
  const [address, bits] = ipaddr.parseCIDR(inner);
  const [base, outerBits] = ipaddr.parseCIDR(outer);
  return (
    address.kind() === base.kind() && bits > outerBits && address.match(base as never, outerBits)
  );
}
