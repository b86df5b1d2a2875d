/**
 * Keeps a quota's status true: its limits as the spec has them, and what the namespace uses of them. Admission
 * adds what comes; here it is counted again when a limit changes or something becomes free.
 * Upstream: pkg/controller/resourcequota/{resource_quota_controller,resource_quota_monitor}.go.
 * Differs: there is no recount each five minutes, because no event is ever missed.
 */
import { type Amounts, masked, sameAmounts } from "#apimachinery/amounts.ts";
import type { V1CustomResourceDefinition } from "#apimachinery/api/apiextensions-v1.ts";
import type { V1ResourceQuota } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { Evaluator } from "#apimachinery/quota/evaluator.ts";
import { evaluators, objectCount, usedOf } from "#apimachinery/quota/registry.ts";
import { isReason } from "#apimachinery/status.ts";
import { done, type Result } from "#client/component.ts";
import { byNamespace, type WatchEvent } from "#client/informer.ts";
import type { Controller, ControllerStep, Listers } from "./controller.ts";
import { keyOf } from "#client/client.ts";

const kind = "v1/ResourceQuota";
const definitions = "apiextensions.k8s.io/v1/CustomResourceDefinition";
const prefix = "count/";

/** A deletion, or a change after which the object uses less. */
const frees = ({ frees: isFreed }: Evaluator, { type, object, previous }: WatchEvent): boolean =>
  type === "DELETED" ||
  (previous !== undefined && isFreed?.(object, previous, Number.MAX_SAFE_INTEGER) === true);

const mapOf =
  (evaluator: Evaluator) =>
  (event: WatchEvent, listers: Listers): readonly string[] => {
    const quotas = listers.lister<V1ResourceQuota>(kind);
    const { namespace = "" } = event.object.metadata;
    if (quotas.countIndex(byNamespace, namespace) === 0 || !frees(evaluator, event)) return [];
    return quotas
      .byIndex(byNamespace, namespace)
      .filter(({ spec }) => Object.keys(spec?.hard ?? {}).some((name) => evaluator.counts(name)))
      .map(keyOf);
  };

/** Evaluators of custom resources that a quota names. */
function customOf(names: readonly string[], listers: Listers): readonly Evaluator[] {
  return names.flatMap((name) => {
    const resource = name.startsWith(prefix) ? name.slice(prefix.length) : "";
    if (!resource.includes(".") || evaluators.some((one) => one.resource === resource)) return [];
    const spec = listers.lister<V1CustomResourceDefinition>(definitions).get(resource)?.spec;
    const version = spec?.versions.find(({ served }) => served)?.name;
    return spec === undefined || version === undefined || spec.scope !== "Namespaced"
      ? []
      : [objectCount(resource, `${spec.group}/${version}/${spec.names.kind}`)];
  });
}

function usageOf(quota: V1ResourceQuota, step: ControllerStep): Amounts {
  const { namespace = "" } = quota.metadata;
  const names = Object.keys(quota.spec?.hard ?? {});
  const custom = customOf(names, step);
  const isCustom = new Set(custom.map((one) => one.kind));
  const list = (of: string): readonly KubeObject[] =>
    isCustom.has(of) ? step.client.list(of, { namespace }) : step.lister(of).list(namespace);
  const counted = usedOf(quota, [...evaluators, ...custom], list, step.nowMs);
  // What nobody counts keeps what was said of it.
  return { ...masked(quota.status?.used ?? {}, names), ...counted };
}

function reconcile(key: string, step: ControllerStep): Result {
  const quota = step.lister<V1ResourceQuota>(kind).get(key);
  if (quota === undefined) return done;
  const { status, spec } = quota;
  const hard = spec?.hard ?? {};
  const used = usageOf(quota, step);
  const isTrue =
    status?.hard !== undefined &&
    status.used !== undefined &&
    sameAmounts(status.hard, hard) &&
    sameAmounts(status.used, used);
  if (isTrue) return done;
  try {
    step.client.updateStatus({ ...quota, status: { hard, used } });
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
  return done;
}

export const resourceQuota: Controller = {
  name: "resourcequota-controller",
  account: "resourcequota-controller",
  watches: kind,
  maps: {
    [definitions]: () => [],
    ...Object.fromEntries(evaluators.map((one) => [one.kind, mapOf(one)])),
  },
  mapsCustom: (event, listers, { text, gvk, namespaced }) =>
    namespaced ? mapOf(objectCount(text, gvk))(event, listers) : [],
  reconcile,
};
