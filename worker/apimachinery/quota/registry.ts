/**
 * Who counts what: four resources in ways of their own, every other one by the number of its objects.
 * Upstream: pkg/quota/v1/evaluator/core/registry.go, apiserver/pkg/quota/v1/generic/evaluator.go.
 */
import type { V1ResourceQuota } from "#apimachinery/api/core-v1.ts";
import { added, type Amounts, masked } from "#apimachinery/amounts.ts";
import { type ResourceFacts, resources } from "#apimachinery/api/schema.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { type Evaluator, matchesQuota } from "./evaluator.ts";
import { persistentVolumeClaims } from "./persistent-volume-claims.ts";
import { pods } from "./pods.ts";
import { resourceClaims } from "./resource-claims.ts";
import { services } from "./services.ts";

const special: readonly Evaluator[] = [
  pods,
  services,
  persistentVolumeClaims,
  resourceClaims,
] as never;
/** Older names of counts. Upstream: legacyObjectCountAliases. */
const aliases: ReadonlySet<string> = new Set([
  "configmaps",
  "resourcequotas",
  "replicationcontrollers",
  "secrets",
]);

/** Counts objects. `resource` is `deployments.apps`; `kind` its group, version and kind. */
export function objectCount(resource: string, kind: string): Evaluator {
  const names = [`count/${resource}`, ...(aliases.has(resource) ? [resource] : [])];
  const usage = Object.freeze(Object.fromEntries(names.map((name) => [name, "1"])));
  return { resource, kind, counts: (name) => names.includes(name), usage: () => usage };
}

const gvk = ({ group, version, kind }: ResourceFacts): string =>
  group === "" ? `${version}/${kind}` : `${group}/${version}/${kind}`;

/** Events are never counted; a resource with several versions is counted once. */
function builtIn(): readonly Evaluator[] {
  const found = new Map(special.map((one) => [one.resource, one]));
  for (const facts of resources) {
    const { group, plural, namespaced, verbs } = facts;
    const resource = group === "" ? plural : `${plural}.${group}`;
    const isCountable = ["create", "list", "watch", "delete"].every((verb) => verbs.includes(verb));
    if (!namespaced || !isCountable || plural === "events" || found.has(resource)) continue;
    found.set(resource, objectCount(resource, gvk(facts)));
  }
  return [...found.values()];
}
export const evaluators: readonly Evaluator[] = builtIn();

/** What the objects of a namespace use of a quota: its limits' names alone. `list` gives the objects of a kind. */
export function usedOf(
  quota: V1ResourceQuota,
  known: readonly Evaluator[],
  list: (kind: string) => readonly KubeObject[],
  nowMs: number,
): Amounts {
  const names = Object.keys(quota.spec?.hard ?? {});
  let used: Amounts = {};
  for (const evaluator of known) {
    const own = names.filter((name) => evaluator.counts(name));
    if (own.length === 0) continue;
    let sum: Amounts = Object.fromEntries(own.map((name) => [name, "0"]));
    for (const object of list(evaluator.kind))
      if (matchesQuota(evaluator, quota, own, object))
        sum = added(sum, masked(evaluator.usage(object, nowMs), own));
    used = { ...used, ...sum };
  }
  return used;
}
