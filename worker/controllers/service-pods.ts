/** Which Pods stand behind a Service, and which Services a Pod's change concerns. Upstream: endpointslice/utils.go, pkg/controller/util/endpoint. */
import { isTerminal } from "#apimachinery/pod-phase.ts";
import type { V1Pod, V1Service, V1ServicePort } from "#apimachinery/api/core-v1.ts";
import { matches, selectorOf } from "#apimachinery/selector.ts";
import { keyOf } from "#client/client.ts";
import type { WatchEvent } from "#client/informer.ts";
import type { ControllerStep, Listers } from "./controller.ts";
import { isReady } from "./pods.ts";

const serviceKind = "v1/Service";

/** Services a Pod event may concern: those that select its labels, when something an endpoint shows has changed. */
export function servicesOf(
  { type, object, previous }: WatchEvent,
  listers: Listers,
): readonly string[] {
  const pod = object as V1Pod;
  const before = previous as V1Pod | undefined;
  if (type === "MODIFIED" && before !== undefined && !hasNews(pod, before)) return [];
  const services = listers.lister<V1Service>(serviceKind).list(pod.metadata.namespace);
  const selects = ({ spec }: V1Service): boolean => {
    const selector = spec?.selector;
    if (selector === undefined) return false;
    const wanted = selectorOf({ matchLabels: selector }) ?? [];
    return (
      matches(wanted, pod.metadata.labels) ||
      (before !== undefined &&
        before.metadata.labels !== pod.metadata.labels &&
        matches(wanted, before.metadata.labels))
    );
  };
  return services.filter(selects).map(keyOf);
}
const hasNews = (now: V1Pod, before: V1Pod): boolean =>
  now.status?.podIP !== before.status?.podIP ||
  isReady(now) !== isReady(before) ||
  isTerminal(now) !== isTerminal(before) ||
  now.metadata.deletionTimestamp !== before.metadata.deletionTimestamp ||
  now.metadata.labels !== before.metadata.labels ||
  now.spec?.nodeName !== before.spec?.nodeName;

/** Pods with an address that are not over, in order of name. */
export function podsOf({ metadata, spec }: V1Service, step: ControllerStep): readonly V1Pod[] {
  const selector = selectorOf({ matchLabels: spec?.selector ?? {} }) ?? [];
  return step
    .lister<V1Pod>("v1/Pod")
    .list(metadata.namespace)
    .filter(
      (pod) =>
        Boolean(pod.status?.podIP) && !isTerminal(pod) && matches(selector, pod.metadata.labels),
    );
}

/** The number a Service's port means on this Pod; undefined = it has no port of that name. */
export function targetPort(
  { targetPort: target, port, protocol }: V1ServicePort,
  pod: V1Pod,
): number | undefined {
  if (typeof target !== "string") return target ?? port;
  for (const { ports = [] } of pod.spec?.containers ?? []) {
    const found = ports.find(
      ({ name, protocol: one }) => name === target && (one ?? "TCP") === (protocol ?? "TCP"),
    );
    if (found !== undefined) return found.containerPort;
  }
  return undefined;
}
