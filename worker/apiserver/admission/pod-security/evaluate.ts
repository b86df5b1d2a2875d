/** What a Pod violates at a level and version. Upstream: pod-security-admission/policy/registry.go, checks.go. */
import type { Check, CheckVersion, Find, Subject, Violation } from "./check.ts";
import { checks } from "./checks/registry.ts";
import type { LevelVersion } from "./policy.ts";

/** No check changes after it: later versions, and the latest, are as this one. */
const newest = Math.max(...checks.flatMap(({ versions }) => versions.map(({ from }) => from)));

const chosen = new Map<string, readonly Find[]>();

/** In upstream's order: baseline checks, then restricted ones, each by id. */
export function violations({ level, minor }: LevelVersion, subject: Subject): readonly Violation[] {
  if (level === "privileged") return [];
  const version = Math.min(minor, newest);
  const key = `${level} ${version}`;
  const finds = chosen.get(key) ?? findsAt(level, version);
  chosen.set(key, finds);
  return finds.flatMap((find) => find(subject) ?? []);
}

function findsAt(level: "baseline" | "restricted", minor: number): readonly Find[] {
  const isAsked = (check: Check): boolean => level === "restricted" || check.level === "baseline";
  const byId = (a: { check: Check }, b: { check: Check }): number => {
    if (a.check.level !== b.check.level) return a.check.level === "baseline" ? -1 : 1;
    return a.check.id < b.check.id ? -1 : 1;
  };
  const current = checks.filter(isAsked).flatMap((check) => {
    const version = versionAt(check, minor);
    return version === undefined ? [] : [{ check, version }];
  });
  const overridden = new Set(current.flatMap(({ version }) => version.overrides ?? []));
  return current
    .filter(({ check }) => !overridden.has(check.id))
    .toSorted(byId)
    .map(({ version }) => version.find);
}

const versionAt = ({ versions }: Check, minor: number): CheckVersion | undefined =>
  versions.findLast(({ from }) => from <= minor);

/** `host namespaces (hostPID=true), privileged (…)`. */
export const detailText = (found: readonly Violation[]): string =>
  found.map(({ reason, detail }) => (detail === "" ? reason : `${reason} (${detail})`)).join(", ");
/** Reasons alone. */
export const reasonText = (found: readonly Violation[]): string =>
  found.map(({ reason }) => reason).join(", ");
