/** Pods in quotas. Upstream: pkg/quota/v1/evaluator/core/pods.go. */
import { added, type Amounts, sameAmounts } from "#apimachinery/amounts.ts";
import type {
  V1Affinity,
  V1Container,
  V1Pod,
  V1PodAffinityTerm,
  V1PodSpec,
} from "#apimachinery/api/core-v1.ts";
import { isTerminal } from "#apimachinery/pod-phase.ts";
import {
  podLimits,
  podRequests,
  type Share,
  shareInResize,
  withOverhead,
} from "#apimachinery/pod-resources.ts";
import { compareQuantities } from "#apimachinery/quantity.ts";
import { msOf } from "#apimachinery/time.ts";
import { type Evaluator, selects } from "./evaluator.ts";

const native = new Set(["cpu", "memory", "ephemeral-storage"]);
const counted = new Set([
  "count/pods",
  "pods",
  ...[...native].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
]);
/** Containers must say these when a quota limits them. */
const required = new Set(
  ["cpu", "memory"].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
);
const hugePages = "hugepages-";
const isDomained = (name: string): boolean =>
  name.includes("/") && !name.includes("kubernetes.io/");
const isExtended = (name: string): boolean => isDomained(name) && !name.startsWith("requests.");

function computed(requests: Amounts, limits: Amounts): Amounts {
  const used: Record<string, string | number> = { pods: "1" };
  for (const [name, amount] of Object.entries(requests)) {
    if (native.has(name) || name.startsWith(hugePages)) used[name] = amount;
    if (native.has(name) || name.startsWith(hugePages) || isExtended(name))
      used[`requests.${name}`] = amount;
  }
  for (const [name, amount] of Object.entries(limits))
    if (native.has(name)) used[`limits.${name}`] = amount;
  return used;
}

interface Charged {
  readonly spec: V1PodSpec;
  readonly amounts: Amounts;
}
/** Pods of one template share their containers: what they use is added up once. */
const known = new WeakMap<readonly V1Container[], Charged>();

function summed(spec: V1PodSpec, share?: Share): Amounts {
  const requests = withOverhead(podRequests(spec, share), spec, "requests");
  const limits = withOverhead(podLimits(spec, share), spec, "limits");
  return added({ "count/pods": "1" }, computed(requests, limits));
}

function charge(pod: V1Pod, spec: V1PodSpec): Amounts {
  const share = shareInResize(pod);
  if (share !== undefined) return summed(spec, share);
  const before = known.get(spec.containers);
  if (
    before !== undefined &&
    before.spec.initContainers === spec.initContainers &&
    before.spec.resources === spec.resources &&
    before.spec.overhead === spec.overhead
  )
    return before.amounts;
  const amounts = summed(spec);
  known.set(spec.containers, { spec, amounts });
  return amounts;
}

/** Neither over nor past its grace. Upstream: QuotaV1Pod. */
function isCharged({ status, metadata }: V1Pod, nowMs: number): boolean {
  if (isTerminal({ status })) return false;
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return true;
  return nowMs <= msOf(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

function isBestEffort({ spec }: V1Pod): boolean {
  const all = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  const amounts = [spec?.resources, ...all.map(({ resources }: V1Container) => resources)].flatMap(
    (resources) => [resources?.requests, resources?.limits],
  );
  return !amounts.some((one) =>
    ["cpu", "memory"].some((name) => compareQuantities(one?.[name] ?? 0, 0) > 0),
  );
}

/** Upstream: component-helpers/resource/helpers.go IsPodLevelResourcesSet. */
const isOfWhole = (resources: V1PodSpec["resources"]): boolean =>
  [resources?.requests, resources?.limits].some((amounts) =>
    Object.keys(amounts ?? {}).some(
      (name) => name === "cpu" || name === "memory" || name.startsWith(hugePages),
    ),
  );

const isTerminating = ({ spec }: V1Pod): boolean => (spec?.activeDeadlineSeconds ?? -1) >= 0;

function crossesNamespaces({ podAffinity, podAntiAffinity }: V1Affinity): boolean {
  const terms = [podAffinity, podAntiAffinity].flatMap((one): readonly V1PodAffinityTerm[] => [
    ...(one?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(one?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
      ({ podAffinityTerm }) => podAffinityTerm,
    ),
  ]);
  return terms.some(
    ({ namespaces = [], namespaceSelector }) =>
      namespaces.length > 0 || namespaceSelector !== undefined,
  );
}

/** Upstream, of `frees`: update_filter.go hasResourcesChanged, which looks at what the kubelet tells alone. */
function isChargedOtherwise(next: V1Pod, old: V1Pod): boolean {
  if (next.spec === undefined || old.spec === undefined) return false;
  const [now, before] = [charge(next, next.spec), charge(old, old.spec)];
  return now !== before && !sameAmounts(now, before);
}

export const pods: Evaluator<V1Pod> = {
  resource: "pods",
  kind: "v1/Pod",
  counts: (name) =>
    counted.has(name) ||
    name.startsWith(hugePages) ||
    name.startsWith(`requests.${hugePages}`) ||
    (name.startsWith("requests.") && isDomained(name.slice("requests.".length))),
  usage(pod, nowMs) {
    const { spec } = pod;
    if (spec === undefined || !isCharged(pod, nowMs)) return { "count/pods": "1" };
    return charge(pod, spec);
  },
  inScope(pod, scope) {
    switch (scope.scopeName) {
      case "Terminating":
        return isTerminating(pod);
      case "NotTerminating":
        return !isTerminating(pod);
      case "BestEffort":
        return isBestEffort(pod);
      case "NotBestEffort":
        return !isBestEffort(pod);
      case "PriorityClass":
        return selects(scope, pod.spec?.priorityClassName || undefined);
      case "CrossNamespacePodAffinity":
        return crossesNamespaces(pod.spec?.affinity ?? {});
      default:
        return false;
    }
  },
  missing({ spec }, names) {
    // What the Pod asks for as a whole, its containers need not say.
    if (isOfWhole(spec?.resources)) return undefined;
    const wanted = names.filter((name) => required.has(name)).toSorted();
    const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
    const lines = wanted.flatMap((name) => {
      const without = containers.filter(
        ({ resources }) =>
          computed(resources?.requests ?? {}, resources?.limits ?? {})[name] === undefined,
      );
      const called = [...new Set(without.map((container) => container.name))].sort();
      return called.length === 0 ? [] : [`${name} for: ${called.join(",")}`];
    });
    return lines.length === 0 ? undefined : `must specify ${lines.join("; ")}`;
  },
  // With a deadline it comes into another scope.
  judges: (next, old) => isTerminating(next) !== isTerminating(old),
  frees: (next, old, nowMs) =>
    isTerminating(next) !== isTerminating(old) ||
    (isCharged(old, nowMs) && !isCharged(next, nowMs)) ||
    isChargedOtherwise(next, old),
};
