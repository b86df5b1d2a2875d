/**
 * Keeps a PodDisruptionBudget's status: how many of its Pods are healthy, how many must be, how many may go now.
 * Upstream: pkg/controller/disruption/disruption.go trySync, updatePdbStatus, failSafe.
 * Differs: its events are told when the status changes, not at every look at the same Pods, because an event is a
 * write, and a second look writes nothing.
 */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import type {
  V1PodDisruptionBudget,
  V1PodDisruptionBudgetStatus,
} from "#apimachinery/api/policy-v1.ts";
import {
  isConditionTrueToStatus,
  withDisruptionAllowed,
} from "#apimachinery/disruption-allowed.ts";
import { equal } from "#apimachinery/equal.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { matches, selectorGoText, selectorOf } from "#apimachinery/selector.ts";
import { isReason } from "#apimachinery/status.ts";
import { keyOf } from "#client/client.ts";
import { done, requeueAt, type Result } from "#client/component.ts";
import { byNamespace, type WatchEvent } from "#client/informer.ts";
import type { Controller, ControllerStep, Listers } from "#controllers/controller.ts";
import { definitionKind } from "#controllers/custom-kinds.ts";
import { disrupted, healthy } from "./disrupted-pods.ts";
import { expected, scaledKinds, Uncountable } from "./expected-pods.ts";

type Budget = V1PodDisruptionBudget;
const kind = "policy/v1/PodDisruptionBudget";
const podKind = "v1/Pod";
/** Who tells its events, as upstream names it. */
const source = { component: "controllermanager" };

const covers = ({ spec }: Budget, { metadata }: KubeObject): boolean => {
  const selector = selectorOf(spec?.selector);
  return selector !== undefined && matches(selector, metadata.labels);
};

const budgetsIn = (listers: Listers, { metadata }: KubeObject): readonly Budget[] =>
  listers.lister<Budget>(kind).byIndex(byNamespace, metadata.namespace ?? "");

/** Budgets that have the Pod now, or had it before. */
const budgetsOfPod = ({ object, previous }: WatchEvent, listers: Listers): readonly string[] =>
  budgetsIn(listers, object)
    .filter(
      (budget) => covers(budget, object) || (previous !== undefined && covers(budget, previous)),
    )
    .map(keyOf);

/** All budgets beside a workload that is another size now. */
function budgetsOfScaled({ object, previous }: WatchEvent, listers: Listers): readonly string[] {
  const sizeOf = (one: KubeObject): unknown =>
    (one as { readonly spec?: { readonly replicas?: number } }).spec?.replicas;
  if (previous !== undefined && sizeOf(previous) === sizeOf(object)) return [];
  return budgetsIn(listers, object).map(keyOf);
}

function reconcile(key: string, step: ControllerStep): Result {
  const budget = step.lister<Budget>(kind).get(key);
  if (budget === undefined) return done;
  const { namespace } = budget.metadata;
  const pods = step
    .lister<V1Pod>(podKind)
    .list(namespace)
    .filter((pod) => covers(budget, pod));
  try {
    return counted(budget, pods, step);
  } catch (error) {
    if (!(error instanceof Uncountable)) throw error;
    failed(budget, error.message, step);
    return done;
  }
}

function counted(budget: Budget, pods: readonly V1Pod[], step: ControllerStep): Result {
  const { status = {}, metadata } = budget;
  const { expectedPods, desiredHealthy, unmanaged } = expected(budget, pods, step);
  const { disruptedPods, overdue, nextMs } = disrupted(
    status.disruptedPods ?? {},
    pods,
    step.nowMs,
  );
  const currentHealthy = healthy(pods, disruptedPods);
  const spare = currentHealthy - desiredHealthy;
  const counts: V1PodDisruptionBudgetStatus = {
    ...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
    ...(Object.keys(disruptedPods).length === 0 ? {} : { disruptedPods }),
    disruptionsAllowed: expectedPods <= 0 || spare <= 0 ? 0 : spare,
    currentHealthy,
    desiredHealthy,
    expectedPods,
  };
  const { conditions, ...before } = status;
  const isTrue =
    equal(withoutNone(before), counts) && isConditionTrueToStatus({ ...counts, conditions });
  if (!isTrue) {
    tell(budget, pods, unmanaged, step);
    for (const pod of overdue)
      step.recorder.event(
        pod,
        "Warning",
        "NotDeleted",
        // As upstream prints it: the namespace, twice.
        `Pod was expected by PDB ${metadata.namespace}/${metadata.namespace} to be deleted but it wasn't`,
        source,
      );
    write(
      { ...budget, status: withDisruptionAllowed({ ...counts, conditions }, step.nowMs) },
      step,
    );
  }
  return nextMs === undefined ? done : requeueAt(nextMs);
}

/** No disrupted Pods and an empty list of them are the same. */
function withoutNone({ disruptedPods, ...rest }: V1PodDisruptionBudgetStatus): object {
  return disruptedPods === undefined || Object.keys(disruptedPods).length === 0
    ? rest
    : { ...rest, disruptedPods };
}

/** What cannot be counted allows nothing. */
function failed(budget: Budget, message: string, step: ControllerStep): void {
  const status = withDisruptionAllowed({ ...budget.status, disruptionsAllowed: 0 }, step.nowMs, {
    status: "False",
    reason: "SyncFailed",
    message,
  });
  if (equal(status, budget.status)) return;
  const why = `Failed to calculate the number of expected pods: ${message}`;
  step.recorder.event(budget, "Warning", "CalculateExpectedPodCountFailed", why, source);
  write({ ...budget, status }, step);
}

function tell(
  budget: Budget,
  pods: readonly V1Pod[],
  unmanaged: readonly V1Pod[],
  step: ControllerStep,
): void {
  const { recorder } = step;
  if (pods.length === 0)
    recorder.event(budget, "Normal", "NoPods", "No matching pods found", source);
  if (unmanaged.length > 0)
    recorder.event(
      budget,
      "Warning",
      "UnmanagedPods",
      `Pods selected by this PodDisruptionBudget (selector: ${selectorGoText(budget.spec?.selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`,
      source,
    );
  const others = budgetsIn(step, budget);
  if (others.length < 2) return;
  for (const pod of pods) {
    const [first, ...more] = others.filter((one) => covers(one, pod));
    if (more.length > 0 && first === budget)
      recorder.event(
        pod,
        "Warning",
        "MultiplePodDisruptionBudgets",
        `Pod ${JSON.stringify(pod.metadata.namespace)}/${JSON.stringify(pod.metadata.name)} matches multiple PodDisruptionBudgets.  Chose ${JSON.stringify(budget.metadata.name)} arbitrarily.`,
        source,
      );
  }
}

function write(budget: Budget, step: ControllerStep): void {
  try {
    step.client.updateStatus(budget);
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
}

export const disruption: Controller = {
  name: "disruption-controller",
  account: "disruption-controller",
  watches: kind,
  maps: {
    [podKind]: budgetsOfPod,
    ...Object.fromEntries(scaledKinds.map((one) => [one, budgetsOfScaled])),
    [definitionKind]: () => [],
  },
  reconcile,
};
