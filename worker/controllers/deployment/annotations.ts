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

/** 64 bits: anybody may write large ones. 0n without one, undefined where it is no number. Upstream: Revision. */
export function revisionOf({ metadata }: V1ReplicaSet | V1Deployment): bigint | undefined {
  const text = metadata.annotations?.[revisionKey];
  if (text === undefined) return 0n;
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.replace("+", ""));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}
export const desiredOf = ({ metadata }: V1ReplicaSet): number | undefined =>
  numberOf(metadata.annotations?.[desiredKey]);
export const maxOf = ({ metadata }: V1ReplicaSet): number | undefined =>
  numberOf(metadata.annotations?.[maxKey]);
const numberOf = (text: string | undefined): number | undefined =>
  text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);

export const maxRevision = (sets: readonly V1ReplicaSet[]): bigint =>
  sets.reduce((newest, set) => {
    const revision = revisionOf(set) ?? 0n;
    return revision > newest ? revision : newest;
  }, 0n);

/** What the new ReplicaSet's annotations should be; the same object when they are. */
export function newSetAnnotations(
  deployment: V1Deployment,
  set: V1ReplicaSet,
  revision: bigint,
  exists: boolean,
): Annotations {
  const old = set.metadata.annotations ?? {};
  const made: Record<string, string> = { ...old };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {}))
    if (!notCopied.has(key)) made[key] = value;
  const before = old[revisionKey] === "" ? 0n : revisionOf(set);
  if (before === undefined) return old;
  if (before < revision) {
    made[revisionKey] = String(revision);
    // A set that comes back keeps the numbers it had.
    const history =
      old[revisionKey] === undefined ? undefined : withHistory(old[historyKey], old[revisionKey]);
    if (exists && history !== undefined) made[historyKey] = history;
  }
  if (!exists) Object.assign(made, replicaAnnotations(deployment));
  return isSame(made, old) ? old : made;
}

/** The oldest make room for the newest; undefined when nothing makes enough. */
function withHistory(history: string | undefined, revision: string): string | undefined {
  const kept = history === undefined || history === "" ? [] : history.split(",");
  if (kept.length === 0) return revision;
  const lengthOf = (): number => kept.join(",").length + revision.length + 1;
  while (kept.length > 0 && lengthOf() > longestHistory) kept.shift();
  return lengthOf() > longestHistory ? undefined : [...kept, revision].join(",");
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
