/**
 * What a change of a namespace's labels would mean for the Pods it has: warnings, never a refusal.
 * Upstream: pod-security-admission/admission/admission.go ValidateNamespace, EvaluatePodsInNamespace.
 */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { reasonText, violations } from "./evaluate.ts";
import { compareLevels, type LevelVersion, levelText } from "./policy.ts";

const mostPods = 3000;

/** A laxer policy asks for no second look. */
export const isStricter = (next: LevelVersion, old: LevelVersion): boolean =>
  !(next.level === old.level && next.minor === old.minor) &&
  next.level !== "privileged" &&
  !(next.minor === old.minor && compareLevels(next.level, old.level) < 1);

export function warningsFor(
  namespace: string,
  enforce: LevelVersion,
  pods: readonly V1Pod[],
): readonly string[] {
  const ordered = oneOfEachFirst(pods);
  const checked = ordered.slice(0, mostPods);
  const found = new Map<string, string[]>();
  for (const pod of checked) {
    if (pod.spec === undefined) continue;
    const why = reasonText(violations(enforce, { metadata: pod.metadata, spec: pod.spec }));
    if (why === "") continue;
    const names = found.get(why) ?? [];
    names.push(pod.metadata.name ?? "");
    found.set(why, names);
  }
  const partly =
    checked.length < ordered.length
      ? [
          `new PodSecurity enforce level only checked against the first ${checked.length} of ${ordered.length} existing pods`,
        ]
      : [];
  if (found.size === 0) return partly;
  const head = `existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level ${JSON.stringify(levelText(enforce))}`;
  const lines = [...found].map(([why, names]) => `${namesText(names)}: ${why}`);
  return [...partly, head, ...lines.sort()];
}

function namesText(names: readonly string[]): string {
  const [first = ""] = names.toSorted();
  if (names.length === 1) return first;
  const others = names.length - 1;
  return `${first} (and ${others} other ${others === 1 ? "pod" : "pods"})`;
}

/** One Pod of each controller comes before its siblings. */
function oneOfEachFirst(pods: readonly V1Pod[]): readonly V1Pod[] {
  const seen = new Set<string>();
  const siblings: V1Pod[] = [];
  const first = pods.filter((pod) => {
    const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid;
    if (owner === undefined) return true;
    if (seen.has(owner)) siblings.push(pod);
    const isFirst = !seen.has(owner);
    seen.add(owner);
    return isFirst;
  });
  return [...first, ...siblings];
}
