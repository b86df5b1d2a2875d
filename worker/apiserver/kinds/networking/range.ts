/** Ranges of addresses and what lies in them. */
import { rangeOf } from "#apiserver/kinds/rules/address.ts";

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
