/**
 * Endpoints that somebody writes for a Service without a selector become EndpointSlices, which is what is read.
 * Upstream: pkg/controller/endpointslicemirroring.
 */
import type { V1Endpoints, V1Service } from "#apimachinery/api/core-v1.ts";
import type {
  V1Endpoint,
  V1EndpointPort,
  V1EndpointSlice,
} from "#apimachinery/api/discovery-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { isReason } from "#apimachinery/status.ts";
import { keyOf } from "#client/client.ts";
import { done, type Result } from "#client/component.ts";
import type { Controller, ControllerStep } from "#controllers/controller.ts";
import { controllerRef } from "#controllers/owner.ts";
import { isTerminating } from "#controllers/pod-control.ts";
import { repacked } from "./subsets.ts";

const endpointsKind = "v1/Endpoints";
const serviceKind = "v1/Service";
const sliceKind = "discovery.k8s.io/v1/EndpointSlice";
const serviceLabel = "kubernetes.io/service-name";
const managerLabel = "endpointslice.kubernetes.io/managed-by";
const manager = "endpointslicemirroring-controller.k8s.io";
const skipLabel = "endpointslice.kubernetes.io/skip-mirror";
const leaderAnnotation = "control-plane.alpha.kubernetes.io/leader";
/** What belongs to the Endpoints alone. */
const notMirrored = new Set([
  "endpoints.kubernetes.io/last-change-trigger-time",
  "kubectl.kubernetes.io/last-applied-configuration",
]);
/** Addresses per subset. */
const most = 1000;

/** Index of the slices that this controller made, by the key of their Endpoints. */
const mirrors = "mirrors";
const mirrorIndex = ({ metadata }: V1EndpointSlice): readonly string[] => {
  const service = metadata.labels?.[serviceLabel];
  return metadata.labels?.[managerLabel] === manager && service
    ? [`${metadata.namespace}/${service}`]
    : [];
};

const isMirrored = ({ metadata }: KubeObject): boolean =>
  metadata.labels?.[skipLabel] !== "true" && metadata.annotations?.[leaderAnnotation] === undefined;
const hasSelector = ({ spec }: V1Service): boolean => Object.keys(spec?.selector ?? {}).length > 0;

/** What one slice should say. */
interface Wanted {
  readonly addressType: "IPv4" | "IPv6";
  readonly ports: readonly V1EndpointPort[];
  readonly endpoints: readonly V1Endpoint[];
}

function reconcile(key: string, step: ControllerStep): Result {
  const endpoints = step.lister<V1Endpoints>(endpointsKind).get(key);
  const service = step.lister<V1Service>(serviceKind).get(key);
  const present = step.lister<V1EndpointSlice>(sliceKind).byIndex(mirrors, key);
  if (
    endpoints === undefined ||
    !isMirrored(endpoints) ||
    service === undefined ||
    hasSelector(service)
  ) {
    for (const slice of present) remove(slice, step);
    return done;
  }
  const left = new Set(present);
  const missing: Wanted[] = [];
  for (const wanted of wantedOf(endpoints, step)) {
    const slice = present.find((one) => left.has(one) && isFor(one, wanted));
    if (slice === undefined) missing.push(wanted);
    else {
      left.delete(slice);
      if (!says(slice, endpoints, wanted)) write(endpoints, wanted, slice, step);
    }
  }
  // What is to go is written over first.
  for (const wanted of missing) {
    const spare = [...left].find(({ addressType }) => addressType === wanted.addressType);
    if (spare !== undefined) left.delete(spare);
    if (spare !== undefined || endpoints.metadata.deletionTimestamp === undefined)
      write(endpoints, wanted, spare, step);
  }
  for (const slice of left) remove(slice, step);
  return done;
}

function wantedOf(endpoints: V1Endpoints, step: ControllerStep): readonly Wanted[] {
  const wanted: Wanted[] = [];
  let invalid = 0;
  let skipped = 0;
  for (const { ports, addresses } of repacked(endpoints.subsets ?? [])) {
    const perFamily = { IPv4: [] as V1Endpoint[], IPv6: [] as V1Endpoint[] };
    let taken = 0;
    for (const { address, ready } of addresses) {
      if (taken >= most) break;
      const family = familyOf(address.ip);
      if (family === undefined) {
        invalid += 1;
        continue;
      }
      const { ip, targetRef, nodeName, hostname } = address;
      taken += 1;
      perFamily[family].push({
        addresses: [ip],
        conditions: { ready },
        ...(hostname ? { hostname } : {}),
        ...(targetRef === undefined ? {} : { targetRef }),
        ...(nodeName === undefined ? {} : { nodeName }),
      });
    }
    skipped += addresses.length - taken;
    const own = ports.map(({ name = "", port, protocol = "TCP", appProtocol }) => ({
      name,
      port,
      protocol,
      ...(appProtocol === undefined ? {} : { appProtocol }),
    }));
    for (const addressType of ["IPv4", "IPv6"] as const)
      if (perFamily[addressType].length > 0)
        wanted.push({ addressType, ports: own, endpoints: perFamily[addressType] });
  }
  if (invalid > 0)
    step.recorder.event(
      endpoints,
      "Warning",
      "InvalidIPAddress",
      `Skipped ${invalid} invalid IP addresses when mirroring to EndpointSlices`,
    );
  if (skipped > invalid)
    step.recorder.event(
      endpoints,
      "Warning",
      "TooManyAddressesToMirror",
      `A max of ${most} addresses can be mirrored to EndpointSlices per Endpoints subset. ${skipped} addresses were skipped`,
    );
  return wanted;
}

const familyOf = (ip: string): "IPv4" | "IPv6" | undefined =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(ip) ? "IPv4" : ip.includes(":") ? "IPv6" : undefined;

const portsId = (ports: V1EndpointSlice["ports"]): string =>
  JSON.stringify(
    (ports ?? [])
      .map(({ name = "", port, protocol = "TCP", appProtocol }) =>
        JSON.stringify([name, port, protocol, appProtocol]),
      )
      .toSorted(),
  );
const isFor = (slice: V1EndpointSlice, { addressType, ports }: Wanted): boolean =>
  slice.addressType === addressType && portsId(slice.ports) === portsId(ports);

const sortedBy = (endpoints: readonly V1Endpoint[]): readonly V1Endpoint[] =>
  endpoints.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
const idOf = ({ addresses, targetRef }: V1Endpoint): string =>
  `${addresses[0]} ${targetRef?.uid ?? ""}`;

/** Nothing is to be written. Upstream: totalChanges, needRebuildExistingSlices. */
function says(slice: V1EndpointSlice, endpoints: V1Endpoints, wanted: Wanted): boolean {
  const { labels, annotations = {}, ownerReferences = [] } = slice.metadata;
  const { metadata } = endpoints;
  const isOfAnother = ownerReferences.some(
    ({ kind, name, uid }) => kind === "Endpoints" && name === metadata.name && uid !== metadata.uid,
  );
  return (
    !isOfAnother &&
    equal(labels, labelsOf(endpoints)) &&
    equal(annotations, annotationsOf(endpoints)) &&
    equal(sortedBy(slice.endpoints ?? []), sortedBy(wanted.endpoints))
  );
}

const labelsOf = ({ metadata }: V1Endpoints): Readonly<Record<string, string>> => ({
  ...metadata.labels,
  [serviceLabel]: metadata.name ?? "",
  [managerLabel]: manager,
});
const annotationsOf = ({ metadata }: V1Endpoints): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(([name]) => !notMirrored.has(name)),
  );

/** Over that slice, or as a new one. */
function write(
  endpoints: V1Endpoints,
  { addressType, ports, endpoints: addresses }: Wanted,
  over: V1EndpointSlice | undefined,
  step: ControllerStep,
): void {
  const { name = "", namespace } = endpoints.metadata;
  const annotations = annotationsOf(endpoints);
  const made = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      ...(over === undefined ? { generateName: `${name}-` } : { name: over.metadata.name }),
      namespace,
      labels: labelsOf(endpoints),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ownerReferences: [controllerRef(endpoints)],
    },
    addressType,
    endpoints: addresses,
    ports,
  } as V1EndpointSlice;
  try {
    if (over === undefined) step.client.create(made);
    else step.client.update(made);
  } catch (error) {
    if (!isTerminating(error)) throw error;
  }
}

function remove({ metadata }: V1EndpointSlice, step: ControllerStep): void {
  const { name = "", namespace } = metadata;
  try {
    step.client.delete({ kind: sliceKind, namespace, name });
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
}

export const endpointSliceMirroring: Controller = {
  name: "endpoint-slice-mirroring-controller",
  account: "endpointslicemirroring-controller",
  watches: endpointsKind,
  heeds: ({ object, previous }) =>
    isMirrored(object) || (previous !== undefined && isMirrored(previous)),
  maps: {
    [serviceKind]: ({ type, object, previous }) => {
      const now = hasSelector(object as V1Service);
      const isNews =
        type === "MODIFIED" && previous !== undefined
          ? now !== hasSelector(previous as V1Service)
          : !now;
      return isNews ? [keyOf(object)] : [];
    },
    [sliceKind]: ({ object, previous }) => [
      ...mirrorIndex(object as V1EndpointSlice),
      ...(previous === undefined ? [] : mirrorIndex(previous as V1EndpointSlice)),
    ],
  },
  indexes: { [sliceKind]: { [mirrors]: mirrorIndex } },
  reconcile,
};
