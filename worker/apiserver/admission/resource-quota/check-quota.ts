/**
 * Does a request fit into a quota, and what is used then? Pure: quotas in, quotas out.
 * Upstream: apiserver/pkg/admission/plugin/resourcequota/controller.go CheckRequest.
 */
import { added, type Amounts, amountsText, masked, subtracted } from "#apimachinery/amounts.ts";
import type { V1ResourceQuota } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { canonicalQuantity, compareQuantities } from "#apimachinery/quantity.ts";
import { type Evaluator, matchesQuota } from "#apimachinery/quota/evaluator.ts";

export interface Asked {
  readonly evaluator: Evaluator;
  readonly object: KubeObject;
  /** For an update: only what it uses more than before counts. */
  readonly previous: KubeObject | undefined;
  /** A status is counted, never refused. */
  readonly isStatus: boolean;
  readonly nowMs: number;
}
export type Verdict =
  /** The quota has nothing to say, or nothing changes. */
  undefined | { readonly refused: string } | { readonly used: Amounts };

const isZero = (amount: string | number): boolean => compareQuantities(amount, 0) === 0;
const canonical = (amounts: Amounts): Amounts =>
  Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => [name, canonicalQuantity(amount)]),
  );

/** Does the quota count such an object? */
export const concerns = (quota: V1ResourceQuota, { evaluator, object }: Asked): boolean =>
  matchesQuota(evaluator, quota, Object.keys(quota.status?.hard ?? {}), object);

/** Why a quota that is concerned cannot judge: the object leaves something out, or nothing is known yet. */
export function unfit(quota: V1ResourceQuota, { evaluator, object }: Asked): string | undefined {
  const { name } = quota.metadata;
  const { hard = {}, used = {} } = quota.status ?? {};
  const own = Object.keys(hard).filter((limit) => evaluator.counts(limit));
  const missing = evaluator.missing?.(object, own);
  if (missing !== undefined) return `failed quota: ${name}: ${missing}`;
  if (own.every((limit) => used[limit] !== undefined)) return undefined;
  return `status unknown for quota: ${name}, resources: ${own.toSorted().join(",")}`;
}

export function checkQuota(quota: V1ResourceQuota, asked: Asked): Verdict {
  const { evaluator, object } = asked;
  const { name } = quota.metadata;
  const { hard = {}, used = {} } = quota.status ?? {};
  const usage = evaluator.usage(object, asked.nowMs);
  const negative = Object.keys(usage).filter((one) => compareQuantities(usage[one] ?? 0, 0) < 0);
  if (negative.length > 0) {
    const names = negative.toSorted().join(",");
    return { refused: `quota usage is negative for resource(s): ${names}` };
  }
  const requested = masked(more(quota, usage, asked), Object.keys(hard));
  if (Object.keys(requested).length === 0) return undefined;
  const next = added(used, requested);
  const over = Object.keys(requested).filter(
    (one) => compareQuantities(next[one] ?? 0, hard[one] ?? 0) > 0,
  );
  if (over.length > 0 && !asked.isStatus) {
    const said = (amounts: Amounts): string => amountsText(canonical(masked(amounts, over)));
    return {
      refused: `exceeded quota: ${name}, requested: ${said(requested)}, used: ${said(used)}, limited: ${said(hard)}`,
    };
  }
  return { used: next };
}

/** What the request uses that was not used before; nothing that is zero. */
function more(quota: V1ResourceQuota, usage: Amounts, asked: Asked): Amounts {
  const { evaluator, previous, nowMs } = asked;
  const names = Object.keys(quota.status?.hard ?? {});
  const counted = previous !== undefined && matchesQuota(evaluator, quota, names, previous);
  const delta = counted ? subtracted(usage, evaluator.usage(previous, nowMs)) : usage;
  return Object.fromEntries(Object.entries(delta).filter(([, amount]) => !isZero(amount)));
}
