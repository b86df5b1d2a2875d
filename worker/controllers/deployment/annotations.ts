/** The annotations that tie a Deployment and its ReplicaSets. Upstream: pkg/controller/deployment/util/deployment_util.go. */
import type { V1Deployment, V1ReplicaSet } from "#apimachinery/api/apps-v1.ts";
import { maxSurge } from "./arithmetic.ts";

const prefix = "deployment.kubernetes.io/";
export const revisionKey = `${prefix}revision`;
const historyKey = `${prefix}revision-history`;
const desiredKey = `${prefix}desired-replicas`;
const maxKey = `${prefix}max-replicas`;
const longestHistory = 2000;
const notCopied = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  revisionKey,
  historyKey,
  desiredKey,
  maxKey,
  "deprecated.deployment.rollback.to",
]);

type Annotations = Readonly<Record<string, string>>;

export const revisionOf = ({ metadata }: V1ReplicaSet | V1Deployment): number => {
  const value = Number.parseInt(metadata.annotations?.[revisionKey] ?? "", 10);
  return Number.isNaN(value) ? 0 : value;
};
export const desiredOf = ({ metadata }: V1ReplicaSet): number | undefined =>
  numberOf(metadata.annotations?.[desiredKey]);
export const maxOf = ({ metadata }: V1ReplicaSet): number | undefined =>
  numberOf(metadata.annotations?.[maxKey]);
const numberOf = (text: string | undefined): number | undefined =>
  text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);

export const maxRevision = (sets: readonly V1ReplicaSet[]): number =>
  Math.max(0, ...sets.map(revisionOf));

/** What the new ReplicaSet's annotations should be; the same object when they are. */
export function newSetAnnotations(
  deployment: V1Deployment,
  set: V1ReplicaSet,
  revision: number,
  exists: boolean,
): Annotations {
  const old = set.metadata.annotations ?? {};
  const made: Record<string, string> = { ...old };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {}))
    if (!notCopied.has(key)) made[key] = value;
  const before = revisionOf(set);
  if (before < revision) {
    made[revisionKey] = String(revision);
    // A set that comes back keeps the numbers it had.
    if (exists && old[revisionKey] !== undefined)
      made[historyKey] = withHistory(old[historyKey], old[revisionKey]);
  }
  if (!exists) Object.assign(made, replicaAnnotations(deployment));
  return isSame(made, old) ? old : made;
}

function withHistory(history: string | undefined, revision: string): string {
  const all = history === undefined || history === "" ? [] : history.split(",");
  all.push(revision);
  while (all.length > 1 && all.join(",").length > longestHistory) all.shift();
  return all.join(",");
}

export const replicaAnnotations = (deployment: V1Deployment): Annotations => ({
  [desiredKey]: String(deployment.spec?.replicas ?? 0),
  [maxKey]: String((deployment.spec?.replicas ?? 0) + maxSurge(deployment)),
});

const isSame = (a: Annotations, b: Annotations): boolean => {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
};
export const hasReplicaAnnotations = (
  deployment: V1Deployment,
  { metadata }: V1ReplicaSet,
): boolean =>
  Object.entries(replicaAnnotations(deployment)).every(
    ([key, value]) => metadata.annotations?.[key] === value,
  );
