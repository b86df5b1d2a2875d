/**
 * How one resource counts in quotas. To add one: a file here and a line in `registry.ts`.
 * Upstream: apiserver/pkg/quota/v1/interfaces.go, generic/evaluator.go.
 */
import type { Amounts } from "#apimachinery/amounts.ts";
import type {
  V1ResourceQuota,
  V1ScopedResourceSelectorRequirement,
} from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";

export type ScopeRequirement = V1ScopedResourceSelectorRequirement;

export interface Evaluator<T extends KubeObject = KubeObject> {
  /** `pods`, `deployments.apps`. */
  readonly resource: string;
  /** The kind whose objects it counts. */
  readonly kind: string;
  /** Is this a name of a quota that the resource counts in? */
  counts(name: string): boolean;
  /** What one object uses. `nowMs`: cluster time. */
  usage(object: T, nowMs: number): Amounts;
  /** Is the object within a quota's scope? Left out: it has none. */
  inScope?(object: T, scope: ScopeRequirement): boolean;
  /** What a new object must say, given the names of the quota it counts in; undefined: nothing is missing. */
  missing?(object: T, names: readonly string[]): string | undefined;
  /** Is an update to be judged at all? Left out: each is, of the resources that admission names. */
  judges?(next: T, old: T): boolean;
  /** Does a change free something? Deletions always do. */
  frees?(next: T, old: T, nowMs: number): boolean;
}

/** Scopes and the scope selector are one list: all must hold. */
export const scopesOf = ({ spec }: V1ResourceQuota): readonly ScopeRequirement[] => [
  ...(spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: "Exists" })),
  ...(spec?.scopeSelector?.matchExpressions ?? []),
];

/** Whether an object counts in a quota whose limits have these names. */
export const matchesQuota = (
  evaluator: Evaluator,
  quota: V1ResourceQuota,
  names: readonly string[],
  object: KubeObject,
): boolean =>
  names.some((name) => evaluator.counts(name)) &&
  scopesOf(quota).every((scope) => evaluator.inScope?.(object, scope) === true);

/** In, NotIn, Exists, DoesNotExist over the one value an object has for a scope. */
export function selects(
  { operator, values = [] }: ScopeRequirement,
  value: string | undefined,
): boolean {
  if (operator === "In") return value !== undefined && values.includes(value);
  if (operator === "NotIn") return value === undefined || !values.includes(value);
  return operator === "Exists" ? value !== undefined : value === undefined;
}
