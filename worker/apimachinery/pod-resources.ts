/** What a Pod as a whole asks for and may use, exactly. Upstream: component-helpers/resource/helpers.go. */
import { added, type Amounts, larger } from "./amounts.ts";
import type { V1Container, V1ContainerStatus, V1Pod, V1PodSpec } from "./api/core-v1.ts";
import { equal } from "./equal.ts";

type Side = "requests" | "limits";
/** What one container counts for. */
export type Share = (container: V1Container, side: Side) => Amounts;
const asked: Share = ({ resources }, side) => resources?.[side] ?? {};

/** Init containers run one after the other; those that go on running stay on top. */
function total(spec: V1PodSpec, side: Side, share: Share): Amounts {
  const of = (container: V1Container): Amounts => share(container, side);
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
export const podRequests = (spec: V1PodSpec, share = asked): Amounts =>
  total(spec, "requests", share);
export const podLimits = (spec: V1PodSpec, share = asked): Amounts => total(spec, "limits", share);

/** It has what it asks for, or nobody says what it has. */
function isAsAsked(container: V1Container, statuses: readonly V1ContainerStatus[] = []): boolean {
  const status = statuses.find(({ name }) => name === container.name);
  if (status?.resources === undefined) return true;
  const { requests = {}, limits = {} } = container.resources ?? {};
  return (
    equal(status.resources.requests ?? {}, requests) &&
    equal(status.resources.limits ?? {}, limits) &&
    (status.allocatedResources === undefined || equal(status.allocatedResources, requests))
  );
}

/**
 * Of a Pod that is being resized: what a container has or is to have, whichever is more. Undefined: each has what it
 * asks for. Upstream: UseStatusResources, determineEffectiveRequests.
 */
export function shareInResize({ spec, status }: V1Pod): Share | undefined {
  if (status === undefined) return undefined;
  const { containerStatuses, initContainerStatuses, conditions = [] } = status;
  const { containers = [], initContainers = [] } = spec ?? {};
  const isSettled =
    containers.every((one) => isAsAsked(one, containerStatuses)) &&
    initContainers.every((one) => isAsAsked(one, initContainerStatuses));
  if (isSettled) return undefined;
  const pending = conditions.find(({ type }) => type === "PodResizePending");
  const isInfeasible = pending?.reason === "Infeasible";
  return (container, side) => {
    const wanted = asked(container, side);
    const isFirst = initContainers.includes(container);
    const isNeverResized = isFirst && container.restartPolicy !== "Always";
    const statuses = isFirst ? initContainerStatuses : containerStatuses;
    const told = statuses?.find(({ name }) => name === container.name);
    if (isNeverResized || told?.resources === undefined) return wanted;
    const has = told.resources[side] ?? {};
    const given = side === "requests" ? larger(has, told.allocatedResources ?? {}) : has;
    return isInfeasible ? given : larger(wanted, given);
  };
}

/** With overhead: requests always, limits where there is one. */
export function withOverhead(amounts: Amounts, { overhead }: V1PodSpec, side: Side): Amounts {
  if (overhead === undefined) return amounts;
  if (side === "requests") return added(amounts, overhead);
  const limited = Object.fromEntries(
    Object.entries(overhead).filter(([name]) => amounts[name] !== undefined),
  );
  return added(amounts, limited);
}
