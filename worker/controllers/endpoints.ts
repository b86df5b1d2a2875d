/** The Endpoints controller: the older list behind each Service, kept for those who read it. Upstream: pkg/controller/endpoint/endpoints_controller.go. */
import type {
  V1EndpointAddress,
  V1Endpoints,
  V1EndpointSubset,
  V1Pod,
  V1Service,
} from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { isReason } from "#apimachinery/status.ts";
import { microTimeText } from "#apimachinery/time.ts";
import { keyOf } from "#client/client.ts";
import { done, type Result } from "#client/component.ts";
import type { Controller, ControllerStep } from "./controller.ts";
import { isTerminating } from "./pod-control.ts";
import { isReady } from "./pods.ts";
import { podsOf, servicesOf, targetPort } from "./service-pods.ts";

const kind = "v1/Endpoints";
const manager = { "endpoints.kubernetes.io/managed-by": "endpoint-controller" };
const trigger = "endpoints.kubernetes.io/last-change-trigger-time";
const overCapacity = "endpoints.kubernetes.io/over-capacity";
const most = 1000;

const addressOf = ({ metadata, spec, status }: V1Pod): V1EndpointAddress => ({
  ip: status?.podIP ?? "",
  ...(spec?.nodeName ? { nodeName: spec.nodeName } : {}),
  targetRef: { kind: "Pod", namespace: metadata.namespace, name: metadata.name, uid: metadata.uid },
});

function subsetsOf(service: V1Service, pods: readonly V1Pod[]): readonly V1EndpointSubset[] {
  const groups = new Map<
    string,
    {
      ports: NonNullable<V1EndpointSubset["ports"]>;
      ready: V1EndpointAddress[];
      waiting: V1EndpointAddress[];
    }
  >();
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp !== undefined) continue;
    const ports = (service.spec?.ports ?? []).flatMap((port) => {
      const number = targetPort(port, pod);
      return number === undefined
        ? []
        : [
            {
              ...(port.name ? { name: port.name } : {}),
              port: number,
              protocol: port.protocol ?? "TCP",
            },
          ];
    });
    const id = JSON.stringify(ports);
    const group = groups.get(id) ?? { ports, ready: [], waiting: [] };
    groups.set(id, group);
    (isReady(pod) || service.spec?.publishNotReadyAddresses === true
      ? group.ready
      : group.waiting
    ).push(addressOf(pod));
  }
  const sorted = (list: V1EndpointAddress[]): V1EndpointAddress[] =>
    list.toSorted((a, b) => (a.ip < b.ip ? -1 : 1));
  return [...groups.values()].map(({ ports, ready, waiting }) => ({
    ...(ready.length === 0 ? {} : { addresses: sorted(ready) }),
    ...(waiting.length === 0 ? {} : { notReadyAddresses: sorted(waiting) }),
    ports,
  }));
}

function reconcile(key: string, step: ControllerStep): Result {
  const service = step.lister<V1Service>("v1/Service").get(key);
  const present = step.lister<V1Endpoints>(kind).get(key);
  if (service === undefined) {
    if (present?.metadata.labels?.["endpoints.kubernetes.io/managed-by"] !== undefined)
      attempt(() =>
        step.client.delete({
          kind,
          namespace: present.metadata.namespace,
          name: present.metadata.name ?? "",
        }),
      );
    return done;
  }
  if (
    service.spec?.selector === undefined ||
    service.spec.type === "ExternalName" ||
    service.metadata.deletionTimestamp !== undefined
  )
    return done;
  const all = podsOf(service, step);
  const subsets = subsetsOf(service, all.slice(0, most));
  const { name = "", namespace, labels } = service.metadata;
  const wantedLabels = { ...labels, ...manager };
  if (
    present !== undefined &&
    equal(present.subsets ?? [], subsets) &&
    equal(present.metadata.labels, wantedLabels)
  )
    return done;
  const annotations = {
    [trigger]: microTimeText(step.nowMs),
    ...(all.length > most ? { [overCapacity]: "truncated" } : {}),
  };
  const metadata = { ...present?.metadata, name, namespace, labels: wantedLabels, annotations };
  const wanted: V1Endpoints = {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata,
    ...(subsets.length === 0 ? {} : { subsets }),
  };
  attempt(() => (present === undefined ? step.client.create(wanted) : step.client.update(wanted)));
  return done;
}
function attempt(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!isTerminating(error) && !isReason(error, "NotFound", "AlreadyExists")) throw error;
  }
}

export const endpoints: Controller = {
  name: "endpoint-controller",
  account: "endpoint-controller",
  watches: "v1/Service",
  maps: {
    "v1/Pod": servicesOf,
    // Deleted by somebody else, or left over from before. Upstream: onEndpointsDelete, checkLeftoverEndpoints.
    [kind]: ({ type, object }) => (type === "MODIFIED" ? [] : [keyOf(object)]),
  },
  reconcile,
};
