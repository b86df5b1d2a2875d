/**
 * May a Pod that is healthy be evicted? Its PodDisruptionBudget says so, and pays for it.
 * Upstream: pkg/registry/core/pod/storage/eviction.go checkAndDecrement, getPodDisruptionBudgets.
 */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import type { V1PodDisruptionBudget } from "#apimachinery/api/policy-v1.ts";
import { withDisruptionAllowed } from "#apimachinery/disruption-allowed.ts";
import { matches, selectorOf } from "#apimachinery/selector.ts";
import { forbidden, StatusError } from "#apimachinery/status.ts";
import { timeText } from "#apimachinery/time.ts";

/** Evictions that the disruption controller has not seen the end of. */
const mostDisrupted = 2000;
const retryAfterSeconds = 10;
const on = { group: "policy", resource: "poddisruptionbudget" };

/** Budgets whose selector has the Pod; a selector that is left out has none, an empty one has all. */
export const budgetsOf = (
  pod: V1Pod,
  budgets: readonly V1PodDisruptionBudget[],
): readonly V1PodDisruptionBudget[] =>
  budgets.filter(({ spec }) => {
    const selector = selectorOf(spec?.selector);
    return selector !== undefined && matches(selector, pod.metadata.labels);
  });

const isReady = ({ status }: V1Pod): boolean =>
  status?.conditions?.some((one) => one.type === "Ready" && one.status === "True") === true;

/** It does not count as healthy, so nothing is lost with it. */
export function isFreeToGo(pod: V1Pod, { spec, status }: V1PodDisruptionBudget): boolean {
  if (isReady(pod)) return false;
  if (spec?.unhealthyPodEvictionPolicy === "AlwaysAllow") return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return desiredHealthy > 0 && currentHealthy >= desiredHealthy;
}

/** The budget with one disruption less and the Pod among those that go. Throws 429, 403. */
export function spent(
  budget: V1PodDisruptionBudget,
  pod: V1Pod,
  nowMs: number,
): V1PodDisruptionBudget {
  const { metadata, status = {} } = budget;
  const { name = "", generation = 0 } = metadata;
  const { disruptionsAllowed = 0, disruptedPods = {}, observedGeneration = 0 } = status;
  if (observedGeneration < generation)
    throw tooMany(
      `The disruption budget ${name} is still being processed by the server.`,
      retryAfterSeconds,
    );
  if (disruptionsAllowed < 0) throw forbidden(on, name, "pdb disruptions allowed is negative");
  if (Object.keys(disruptedPods).length > mostDisrupted)
    throw forbidden(
      on,
      name,
      "DisruptedPods map too big - too many evictions not confirmed by PDB controller",
    );
  if (disruptionsAllowed === 0) {
    const { currentHealthy = 0, desiredHealthy = 0 } = status;
    throw tooMany(
      `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
      0,
    );
  }
  const left = {
    ...status,
    disruptionsAllowed: disruptionsAllowed - 1,
    disruptedPods: { ...disruptedPods, [pod.metadata.name ?? ""]: timeText(nowMs) },
  };
  return {
    ...budget,
    status: disruptionsAllowed === 1 ? withDisruptionAllowed(left, nowMs) : left,
  };
}

const tooMany = (message: string, afterSeconds: number): StatusError =>
  new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    reason: "TooManyRequests",
    details: {
      causes: [{ reason: "DisruptionBudget", message }],
      ...(afterSeconds === 0 ? {} : { retryAfterSeconds: afterSeconds }),
    },
    code: 429,
  });
