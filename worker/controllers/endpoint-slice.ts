/** The EndpointSlice controller: addresses behind each Service. Upstream: staging/src/k8s.io/endpointslice/{reconciler,utils}.go. */
import type { V1Node, V1Pod, V1Service } from "#apimachinery/api/core-v1.ts";
import type {
  V1EndpointPort,
  V1Endpoint,
  V1EndpointSlice,
} from "#apimachinery/api/discovery-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { isReason } from "#apimachinery/status.ts";
import { microTimeText } from "#apimachinery/time.ts";
import { done, type Result } from "#client/component.ts";
import { byOwner } from "#client/informer.ts";
import type { Controller, ControllerStep } from "./controller.ts";
import { controllerRef } from "./owner.ts";
import { isTerminating } from "./pod-control.ts";
import { isReady } from "./pods.ts";
import { podsOf, servicesOf, targetPort } from "./service-pods.ts";

const kind = "discovery.k8s.io/v1/EndpointSlice";
const serviceLabel = "kubernetes.io/service-name";
const managerLabel = "endpointslice.kubernetes.io/managed-by";
const manager = "endpointslice-controller.k8s.io";
const headlessLabel = "service.kubernetes.io/headless";
const triggerAnnotation = "endpoints.kubernetes.io/last-change-trigger-time";
const most = 100;

type Ports = readonly V1EndpointPort[];

function endpointOf(
  pod: V1Pod,
  service: V1Service,
  zoneOf: (node: string) => string | undefined,
): V1Endpoint {
  const { metadata, spec, status } = pod;
  const serving = isReady(pod);
  const terminating = metadata.deletionTimestamp !== undefined;
  const ready = service.spec?.publishNotReadyAddresses === true || (serving && !terminating);
  const node = spec?.nodeName ?? "";
  const zone = zoneOf(node);
  const isNamed =
    service.spec?.clusterIP === "None" &&
    spec?.hostname &&
    spec.subdomain === service.metadata.name;
  return {
    addresses: [status?.podIP ?? ""],
    conditions: { ready, serving, terminating },
    ...(isNamed ? { hostname: spec.hostname } : {}),
    targetRef: {
      kind: "Pod",
      namespace: metadata.namespace,
      name: metadata.name,
      uid: metadata.uid,
    },
    ...(node === "" ? {} : { nodeName: node }),
    ...(zone === undefined ? {} : { zone }),
  };
}

/** Pods with the same numbers behind the Service's ports share slices. */
function portsOf(service: V1Service, pod: V1Pod): Ports {
  return (service.spec?.ports ?? []).flatMap((port) => {
    const number = targetPort(port, pod);
    if (number === undefined) return [];
    return [
      {
        name: port.name ?? "",
        port: number,
        protocol: port.protocol ?? "TCP",
        ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
      },
    ];
  });
}

interface Wanted {
  readonly ports: Ports;
  readonly endpoints: readonly V1Endpoint[];
}
function wantedOf(service: V1Service, step: ControllerStep): readonly Wanted[] {
  const nodes = step.lister<V1Node>("v1/Node");
  const zoneOf = (node: string): string | undefined =>
    nodes.get(node)?.metadata.labels?.["topology.kubernetes.io/zone"];
  const groups = new Map<string, { ports: Ports; endpoints: V1Endpoint[] }>();
  for (const pod of podsOf(service, step)) {
    const ports = portsOf(service, pod);
    const id = JSON.stringify(ports);
    const group = groups.get(id) ?? { ports, endpoints: [] };
    group.endpoints.push(endpointOf(pod, service, zoneOf));
    groups.set(id, group);
  }
  return [...groups.values()];
}

const portsId = (ports: V1EndpointSlice["ports"]): string =>
  JSON.stringify(
    (ports ?? []).map(({ name, port, protocol, appProtocol }) => [
      name ?? "",
      port,
      protocol ?? "TCP",
      appProtocol,
    ]),
  );

function labelsOf({ metadata, spec }: V1Service): Readonly<Record<string, string>> {
  return {
    ...metadata.labels,
    [managerLabel]: manager,
    [serviceLabel]: metadata.name ?? "",
    ...(spec?.clusterIP === "None" ? { [headlessLabel]: "" } : {}),
  };
}

function reconcile(key: string, step: ControllerStep): Result {
  const service = step.lister<V1Service>("v1/Service").get(key);
  if (
    service?.spec?.selector === undefined ||
    service.spec.type === "ExternalName" ||
    service.metadata.deletionTimestamp !== undefined
  )
    return done;
  const slices = step
    .lister<V1EndpointSlice>(kind)
    .byIndex(byOwner, service.metadata.uid ?? "")
    .filter(({ metadata }) => metadata.labels?.[managerLabel] === manager);
  const wanted = wantedOf(service, step);
  const labels = labelsOf(service);
  const left = new Set(slices);
  for (const group of wanted.length === 0 ? [{ ports: [], endpoints: [] }] : wanted) {
    const same = slices.filter(({ ports }) => portsId(ports) === portsId(group.ports));
    for (const slice of same) left.delete(slice);
    settle(service, group, same, labels, step);
  }
  for (const slice of left) remove(slice, step);
  return done;
}

/** Keeps each endpoint in its slice; new ones fill the slices up, then make new slices. */
function settle(
  service: V1Service,
  { ports, endpoints }: Wanted,
  slices: readonly V1EndpointSlice[],
  labels: Readonly<Record<string, string>>,
  step: ControllerStep,
): void {
  const byAddress = new Map(endpoints.map((endpoint) => [endpoint.targetRef?.uid ?? "", endpoint]));
  const kept = slices.map((slice) => {
    const own: V1Endpoint[] = [];
    for (const { targetRef } of slice.endpoints ?? []) {
      const now = byAddress.get(targetRef?.uid ?? "");
      if (now === undefined) continue;
      own.push(now);
      byAddress.delete(targetRef?.uid ?? "");
    }
    return { slice, own };
  });
  const fresh = [...byAddress.values()];
  for (const one of kept) one.own.push(...fresh.splice(0, Math.max(0, most - one.own.length)));
  const isPlaceholder = endpoints.length === 0;
  for (const [i, { slice, own }] of kept.entries()) {
    if (own.length === 0 && !(isPlaceholder && i === 0)) remove(slice, step);
    else if (!equal(own, slice.endpoints ?? []) || !equal(labels, slice.metadata.labels)) {
      const annotations = {
        ...slice.metadata.annotations,
        [triggerAnnotation]: microTimeText(step.nowMs),
      };
      attempt(() =>
        step.client.update<V1EndpointSlice>({
          ...slice,
          metadata: { ...slice.metadata, labels, annotations },
          endpoints: own,
        }),
      );
    }
  }
  const rest = kept.length === 0 && isPlaceholder ? [[]] : chunks(fresh);
  for (const own of rest) {
    attempt(() =>
      step.client.create<V1EndpointSlice>({
        apiVersion: "discovery.k8s.io/v1",
        kind: "EndpointSlice",
        metadata: {
          generateName: `${service.metadata.name}-`,
          namespace: service.metadata.namespace,
          labels,
          annotations: { [triggerAnnotation]: microTimeText(step.nowMs) },
          ownerReferences: [controllerRef(service)],
        },
        addressType: "IPv4",
        endpoints: own,
        ports,
      }),
    );
  }
}
const chunks = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / most) }, (_, i) =>
    items.slice(i * most, (i + 1) * most),
  );

function attempt(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!isTerminating(error)) throw error;
  }
}
function remove(
  { metadata: { name = "", namespace } }: V1EndpointSlice,
  step: ControllerStep,
): void {
  try {
    step.client.delete({ kind, namespace, name });
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
}

export const endpointSlice: Controller = {
  name: "endpoint-slice-controller",
  account: "endpointslice-controller",
  watches: "v1/Service",
  owns: [kind],
  maps: { "v1/Pod": servicesOf },
  reconcile,
};
