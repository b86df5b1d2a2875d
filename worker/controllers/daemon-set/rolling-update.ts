/** Which Pods of the old template make way, and where new ones may come before they do. Upstream: pkg/controller/daemon/update.go rollingUpdate. */
import type { V1DaemonSet } from "#apimachinery/api/apps-v1.ts";
import type { V1Node, V1Pod } from "#apimachinery/api/core-v1.ts";
import { scaledValue } from "#controllers/int-or-percent.ts";
import { isAvailable } from "./availability.ts";
import { fits, isUpdated } from "./placement.ts";
import type { Work } from "./work.ts";

const share = (value: string | number | undefined, nodes: number): number =>
  scaledValue(value, nodes, Math.ceil);
const surgeOf = ({ spec }: V1DaemonSet, nodes: number): number =>
  spec?.updateStrategy?.type === "RollingUpdate"
    ? share(spec.updateStrategy.rollingUpdate?.maxSurge, nodes)
    : 0;
/** May a node have two of its Pods? Upstream: AllowsSurge. */
export const allowsSurge = (set: V1DaemonSet): boolean => surgeOf(set, 1) > 0;

/** The Pods of a node by template; undefined where one of them has doubles. */
interface Pair {
  readonly fresh: V1Pod | undefined;
  readonly old: V1Pod | undefined;
}
/** Upstream: findUpdatedPodsOnNode. */
function pairOf(set: V1DaemonSet, pods: readonly V1Pod[], hash: string): Pair | undefined {
  let fresh: V1Pod | undefined;
  let old: V1Pod | undefined;
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp !== undefined) continue;
    if (isUpdated(set, pod, hash)) {
      if (fresh !== undefined) return undefined;
      fresh = pod;
    } else {
      if (old !== undefined) return undefined;
      old = pod;
    }
  }
  return { fresh, old };
}

export function rollingUpdate(
  set: V1DaemonSet,
  nodes: readonly V1Node[],
  podsPerNode: ReadonlyMap<string, readonly V1Pod[]>,
  hash: string,
  nowMs: number,
): Work {
  const perNode = new Map(podsPerNode);
  const wanted = nodes.filter((node) => fits(set, node).run);
  for (const { metadata } of wanted)
    if (!perNode.has(metadata.name ?? "")) perNode.set(metadata.name ?? "", []);
  const pairs = new Map(
    [...perNode].map(([node, pods]) => [node, pairOf(set, pods, hash)] as const),
  );
  const { maxUnavailable } = set.spec?.updateStrategy?.rollingUpdate ?? {};
  const surge = surgeOf(set, wanted.length);
  if (surge > 0) return surging(set, nodes, pairs, surge, wanted.length, nowMs);
  const unavailable = share(maxUnavailable, wanted.length);
  // Neither of them is what validation refuses; one at a time then.
  return replacing(set, pairs, wanted.length > 0 && unavailable === 0 ? 1 : unavailable, nowMs);
}

type Pairs = ReadonlyMap<string, Pair | undefined>;

/** Old Pods go, at most so many nodes without one; the next steps make the new ones. */
function replacing(set: V1DaemonSet, pairs: Pairs, most: number, nowMs: number): Work {
  let unavailable = 0;
  const broken: V1Pod[] = [];
  const candidates: V1Pod[] = [];
  for (const pair of pairs.values()) {
    if (pair === undefined || (pair.fresh === undefined) === (pair.old === undefined))
      unavailable += 1;
    else if (pair.old === undefined) {
      if (!isAvailable(set, pair.fresh as V1Pod, nowMs)) unavailable += 1;
    } else if (isAvailable(set, pair.old, nowMs)) candidates.push(pair.old);
    else {
      broken.push(pair.old);
      unavailable += 1;
    }
  }
  const remove = [...broken, ...candidates.slice(0, Math.max(0, most - unavailable))];
  return { create: [], remove };
}

/** New Pods come first, beside at most so many old ones that still serve. */
function surging(
  set: V1DaemonSet,
  nodes: readonly V1Node[],
  pairs: Pairs,
  most: number,
  wanted: number,
  nowMs: number,
): Work {
  const byName = new Map(nodes.map((node) => [node.metadata.name ?? "", node]));
  const remove: V1Pod[] = [];
  const unwanted: V1Pod[] = [];
  const create: string[] = [];
  const candidates: string[] = [];
  let surplus = 0;
  let available = 0;
  for (const [name, pair] of pairs) {
    if (pair === undefined) {
      surplus += 1;
      continue;
    }
    const { fresh, old } = pair;
    const serving = old ?? fresh;
    const serves = serving !== undefined && isAvailable(set, serving, nowMs);
    if (serves) available += 1;
    if (old === undefined) continue;
    if (fresh !== undefined) {
      if (isAvailable(set, fresh, nowMs)) remove.push(old);
      else surplus += 1;
      continue;
    }
    const node = byName.get(name);
    const runs = node !== undefined && fits(set, node).run;
    if (serves && runs) candidates.push(name);
    else if (serves) unwanted.push(old);
    else if (runs) create.push(name);
    else remove.push(old);
  }
  // Where it should not run any more it stays until as many as wanted serve elsewhere.
  remove.push(...unwanted.slice(0, Math.max(0, available - wanted)));
  create.push(...candidates.slice(0, Math.max(0, most - surplus)));
  return { create, remove };
}
