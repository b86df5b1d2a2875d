/** What a Pod as a whole asks for and may use, exactly. Upstream: component-helpers/resource/helpers.go. */
import { added, type Amounts, larger } from "./amounts.ts";
import type { V1Container, V1PodSpec } from "./api/core-v1.ts";

type Side = "requests" | "limits";

/** Init containers run one after the other; those that go on running stay on top. */
function total(spec: V1PodSpec, side: Side): Amounts {
  const of = ({ resources }: V1Container): Amounts => resources?.[side] ?? {};
  let sum: Amounts = {};
  for (const container of spec.containers) sum = added(sum, of(container));
  let sidecars: Amounts = {};
  let most: Amounts = {};
  for (const container of spec.initContainers ?? []) {
    if (container.restartPolicy === "Always") {
      sidecars = added(sidecars, of(container));
      most = larger(most, sidecars);
    } else most = larger(most, added(sidecars, of(container)));
  }
  const containers = larger(added(sum, sidecars), most);
  // What the Pod itself names stands for all its containers.
  const own = spec.resources?.[side];
  return own === undefined ? containers : { ...containers, ...own };
}

/** Without overhead. */
export const podRequests = (spec: V1PodSpec): Amounts => total(spec, "requests");
export const podLimits = (spec: V1PodSpec): Amounts => total(spec, "limits");

/** With overhead: requests always, limits where there is one. */
export function withOverhead(amounts: Amounts, { overhead }: V1PodSpec, side: Side): Amounts {
  if (overhead === undefined) return amounts;
  if (side === "requests") return added(amounts, overhead);
  const limited = Object.fromEntries(
    Object.entries(overhead).filter(([name]) => amounts[name] !== undefined),
  );
  return added(amounts, limited);
}
