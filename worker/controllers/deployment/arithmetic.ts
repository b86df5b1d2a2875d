/** How many Pods each ReplicaSet should have. Pure. Upstream: pkg/controller/deployment/{rolling,sync}.go, util/deployment_util.go. */
import type { V1Deployment, V1ReplicaSet } from "#apimachinery/api/apps-v1.ts";
import { msOf } from "#apimachinery/time.ts";
import { scaledValue } from "#controllers/int-or-percent.ts";

export const wantedOf = ({ spec }: V1Deployment): number => spec?.replicas ?? 0;
export const sizeOf = ({ spec }: V1ReplicaSet): number => spec?.replicas ?? 0;
export const availableOf = ({ status }: V1ReplicaSet): number => status?.availableReplicas ?? 0;
export const sum = (sets: readonly V1ReplicaSet[], of: (set: V1ReplicaSet) => number): number =>
  sets.reduce((total, set) => total + of(set), 0);
export const actualOf = ({ status }: V1ReplicaSet): number => status?.replicas ?? 0;

export const isRolling = ({ spec }: V1Deployment): boolean =>
  spec?.strategy?.type === "RollingUpdate";

function fenceposts(deployment: V1Deployment): {
  readonly surge: number;
  readonly unavailable: number;
} {
  const { maxSurge: surge, maxUnavailable } = deployment.spec?.strategy?.rollingUpdate ?? {};
  const wanted = wantedOf(deployment);
  const up = scaledValue(surge, wanted, Math.ceil);
  const down = scaledValue(maxUnavailable, wanted, Math.floor);
  return { surge: up, unavailable: up === 0 && down === 0 ? 1 : down };
}
export const maxSurge = (deployment: V1Deployment): number =>
  isRolling(deployment) ? fenceposts(deployment).surge : 0;
export const maxUnavailable = (deployment: V1Deployment): number =>
  !isRolling(deployment) || wantedOf(deployment) === 0
    ? 0
    : Math.min(fenceposts(deployment).unavailable, wantedOf(deployment));

/** Size of the new ReplicaSet in the next step of a rollout. */
export function newSize(
  deployment: V1Deployment,
  all: readonly V1ReplicaSet[],
  fresh: V1ReplicaSet | undefined,
): number {
  const wanted = wantedOf(deployment);
  if (!isRolling(deployment)) return wanted;
  const size = fresh === undefined ? 0 : sizeOf(fresh);
  const most = wanted + maxSurge(deployment);
  const current = sum(all, sizeOf);
  return current >= most ? size : size + Math.min(most - current, wanted - size);
}

const ageOf = ({ metadata }: V1ReplicaSet): number => msOf(metadata.creationTimestamp ?? "");
const byName = (a: V1ReplicaSet, b: V1ReplicaSet): number =>
  (a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1;
export const oldestFirst = (a: V1ReplicaSet, b: V1ReplicaSet): number =>
  ageOf(a) - ageOf(b) || byName(a, b);
const newestFirst = (a: V1ReplicaSet, b: V1ReplicaSet): number =>
  ageOf(b) - ageOf(a) || byName(a, b);

/** name → size; only sets that change. */
export type Sizes = ReadonlyMap<string, number>;

/** First what is not healthy, then what is too much. */
export function oldSizes(
  deployment: V1Deployment,
  all: readonly V1ReplicaSet[],
  fresh: V1ReplicaSet | undefined,
  old: readonly V1ReplicaSet[],
): Sizes {
  const sizes = new Map<string, number>();
  if (sum(old, sizeOf) === 0) return sizes;
  const minAvailable = wantedOf(deployment) - maxUnavailable(deployment);
  const newUnavailable = fresh === undefined ? 0 : sizeOf(fresh) - availableOf(fresh);
  const most = sum(all, sizeOf) - minAvailable - newUnavailable;
  if (most <= 0) return sizes;
  const sorted = old.toSorted(oldestFirst);
  const size = (set: V1ReplicaSet): number => sizes.get(set.metadata.name ?? "") ?? sizeOf(set);
  let cleaned = 0;
  for (const set of sorted) {
    if (cleaned >= most) break;
    const unhealthy = sizeOf(set) - availableOf(set);
    if (sizeOf(set) === 0 || unhealthy <= 0) continue;
    const down = Math.min(most - cleaned, unhealthy);
    sizes.set(set.metadata.name ?? "", sizeOf(set) - down);
    cleaned += down;
  }
  const spare = sum(all, availableOf) - minAvailable;
  let scaled = 0;
  for (const set of sorted) {
    if (scaled >= spare) break;
    const down = Math.min(size(set), spare - scaled);
    if (down <= 0) continue;
    sizes.set(set.metadata.name ?? "", size(set) - down);
    scaled += down;
  }
  return sizes;
}

/** A change of replicas in the middle of a rollout is shared out in proportion. */
export function proportionalSizes(
  deployment: V1Deployment,
  active: readonly V1ReplicaSet[],
  maxOf: (set: V1ReplicaSet) => number | undefined,
): Sizes {
  const wanted = wantedOf(deployment);
  const allowed = wanted > 0 ? wanted + maxSurge(deployment) : 0;
  const toAdd = allowed - sum(active, sizeOf);
  const order = toAdd > 0 ? newestFirst : oldestFirst;
  const sorted = active.toSorted((a, b) => sizeOf(b) - sizeOf(a) || order(a, b));
  const sizes = new Map<string, number>();
  let added = 0;
  for (const set of sorted) {
    const size = sizeOf(set);
    const before = maxOf(set) ?? deployment.status?.replicas ?? 0;
    const left = toAdd - added;
    let share = 0;
    if (size !== 0 && left !== 0) {
      const fraction =
        wanted === 0 ? -size : Math.round((size * (wanted + maxSurge(deployment))) / before) - size;
      share = toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
    }
    sizes.set(set.metadata.name ?? "", size + share);
    added += share;
  }
  const first = sorted[0]?.metadata.name ?? "";
  if (toAdd !== added) sizes.set(first, Math.max(0, (sizes.get(first) ?? 0) + toAdd - added));
  return sizes;
}

/** The newest set fills the whole Deployment. Upstream: IsSaturated. */
export function isSaturated(
  deployment: V1Deployment,
  fresh: V1ReplicaSet | undefined,
  desiredOf: (set: V1ReplicaSet) => number | undefined,
): boolean {
  if (fresh === undefined) return false;
  const wanted = wantedOf(deployment);
  return sizeOf(fresh) === wanted && desiredOf(fresh) === wanted && availableOf(fresh) === wanted;
}
