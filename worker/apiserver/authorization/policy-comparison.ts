/**
 * Do these rules cover those? Each rule is broken down to single permissions, which are compared one by one.
 * Upstream: component-helpers/auth/rbac/validation/policy_comparator.go, pkg/registry/rbac/validation/policy_compact.go.
 */
import type { V1PolicyRule } from "#apimachinery/api/rbac-v1.ts";

type Words = readonly string[];
const none: Words = [];

/** The single permissions of `wanted` that `held` does not cover. */
export function uncovered(
  held: readonly V1PolicyRule[],
  wanted: readonly V1PolicyRule[],
): readonly V1PolicyRule[] {
  return wanted.flatMap(brokenDown).filter((single) => !held.some((rule) => covers(rule, single)));
}

function brokenDown({
  verbs,
  apiGroups = none,
  resources = none,
  resourceNames = none,
  nonResourceURLs = none,
}: V1PolicyRule): readonly V1PolicyRule[] {
  const all = verbs ?? none;
  const names = resourceNames.length === 0 ? [undefined] : resourceNames;
  return [
    ...apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        all.flatMap((verb) =>
          names.map((name) => ({
            apiGroups: [group],
            resources: [resource],
            verbs: [verb],
            ...(name === undefined ? {} : { resourceNames: [name] }),
          })),
        ),
      ),
    ),
    ...nonResourceURLs.flatMap((url) =>
      all.map((verb) => ({ nonResourceURLs: [url], verbs: [verb] })),
    ),
  ];
}

const hasAll = (set: Words, wanted: Words): boolean => wanted.every((one) => set.includes(one));
const hasAny = (set: Words = none, wanted: Words = none): boolean =>
  set.includes("*") || hasAll(set, wanted);

function covers(rule: V1PolicyRule, single: V1PolicyRule): boolean {
  const { resourceNames: held = none } = rule;
  const { resourceNames: names = none } = single;
  return (
    hasAny(rule.verbs, single.verbs) &&
    hasAny(rule.apiGroups, single.apiGroups) &&
    (hasAny(rule.resources, single.resources) ||
      hasSubresources(rule.resources, single.resources)) &&
    (held.length === 0 || (names.length > 0 && hasAll(held, names))) &&
    (single.nonResourceURLs ?? none).every((url) =>
      (rule.nonResourceURLs ?? none).some((own) => urlCovers(own, url)),
    )
  );
}

/** `*\/scale` covers `deployments/scale`. */
const hasSubresources = (held: Words = none, wanted: Words = none): boolean =>
  wanted.every((one) => {
    const slash = one.indexOf("/");
    return held.includes(one) || (slash > 0 && held.includes(`*${one.slice(slash)}`));
  });

const urlCovers = (own: string, url: string): boolean =>
  own === url || (own.endsWith("*") && url.startsWith(own.replace(/\*+$/, "")));

/** One line for each rule, single permissions on the same resource in one, sorted: what a refusal tells. */
export function described(rules: readonly V1PolicyRule[]): readonly string[] {
  const simple = new Map<string, string[]>();
  const compact: V1PolicyRule[] = [];
  for (const rule of rules) {
    const { apiGroups, resources, resourceNames, nonResourceURLs, verbs } = rule;
    if (nonResourceURLs !== undefined) {
      compact.push(rule);
      continue;
    }
    const id = JSON.stringify([apiGroups, resources, resourceNames]);
    const known = simple.get(id);
    if (known !== undefined) known.push(...verbs);
    else {
      const all = [...verbs];
      simple.set(id, all);
      compact.push({ ...rule, verbs: all });
    }
  }
  return [...new Set(compact.map(ruleText))].toSorted();
}

const ruleText = (rule: V1PolicyRule): string => {
  const parts: readonly (readonly [string, Words | undefined])[] = [
    ["APIGroups", rule.apiGroups],
    ["Resources", rule.resources],
    ["NonResourceURLs", rule.nonResourceURLs],
    ["ResourceNames", rule.resourceNames],
    ["Verbs", rule.verbs],
  ];
  const told = parts
    .filter(([, words]) => words !== undefined && words.length > 0)
    .map(([name, words]) => `${name}:${quoted(words ?? none)}`);
  return `{${told.join(", ")}}`;
};

/** As Go prints a slice with %q. */
export const quoted = (words: Words): string =>
  `[${words.map((word) => JSON.stringify(word)).join(" ")}]`;
