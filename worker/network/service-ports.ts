/**
 * Services and EndpointSlices as a proxy sees them: one entry per port of a Service, with the endpoints
 * that take its traffic.
 * Upstream: pkg/proxy/{serviceport,endpoints,topology}.go.
 */
import type { V1Service } from "#apimachinery/api/core-v1.ts";
import type { V1Endpoint, V1EndpointSlice } from "#apimachinery/api/discovery-v1.ts";

export interface ProxyEndpoint {
  readonly ip: string;
  readonly port: number;
  readonly node: string;
}
export interface ServicePort {
  /** `<ns>/<svc>` or `<ns>/<svc>:<port name>`: name and comment of its rules. */
  readonly name: string;
  /** Lower case: `tcp`, `udp`, `sctp`. */
  readonly protocol: string;
  readonly clusterIps: readonly string[];
  readonly port: number;
  /** 0: none. */
  readonly nodePort: number;
  readonly externalIps: readonly string[];
  readonly loadBalancerIps: readonly string[];
  readonly sourceRanges: readonly string[];
  readonly healthCheckNodePort: number;
  /** Seconds of ClientIP affinity; 0: none. */
  readonly affinitySeconds: number;
  readonly internalLocal: boolean;
  readonly externalLocal: boolean;
  readonly endpoints: readonly ProxyEndpoint[];
}

/** Label of a slice that names its Service. */
export const serviceNameLabel = "kubernetes.io/service-name";

/** Ready ones; when none is ready, those that still serve while they end. */
function usable(endpoints: readonly V1Endpoint[]): readonly V1Endpoint[] {
  const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false);
  if (ready.length > 0) return ready;
  return endpoints.filter(({ conditions }) => conditions?.serving && conditions.terminating);
}

function endpointsOf(
  slices: readonly V1EndpointSlice[],
  portName: string,
  protocol: string,
): readonly ProxyEndpoint[] {
  const found: ProxyEndpoint[] = [];
  const chosen = new Set(
    usable(
      slices.flatMap(({ addressType, endpoints }) =>
        addressType === "IPv4" ? (endpoints ?? []) : [],
      ),
    ),
  );
  for (const { ports = [], endpoints = [] } of slices) {
    const port = ports.find(
      (p) => (p.name ?? "") === portName && (p.protocol ?? "TCP") === protocol,
    )?.port;
    if (port === undefined) continue;
    for (const endpoint of endpoints) {
      const [ip] = endpoint.addresses;
      if (chosen.has(endpoint) && ip !== undefined)
        found.push({ ip, port, node: endpoint.nodeName ?? "" });
    }
  }
  return found;
}

const isIp = (text: string | undefined): text is string =>
  text !== undefined && text !== "" && text !== "None";

/** The ports of one Service; none for headless and ExternalName. */
export function servicePortsOf(
  service: V1Service,
  slices: readonly V1EndpointSlice[],
): readonly ServicePort[] {
  const { spec, status, metadata } = service;
  if (spec === undefined || spec.type === "ExternalName" || !isIp(spec.clusterIP)) return [];
  const external = spec.type === "NodePort" || spec.type === "LoadBalancer";
  const base = `${metadata.namespace}/${metadata.name}`;
  const affinity =
    spec.sessionAffinity === "ClientIP"
      ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800)
      : 0;
  return (spec.ports ?? []).map((port) => ({
    name: port.name ? `${base}:${port.name}` : base,
    protocol: (port.protocol ?? "TCP").toLowerCase(),
    clusterIps: [spec.clusterIP as string],
    port: port.port,
    nodePort: external ? (port.nodePort ?? 0) : 0,
    externalIps: spec.externalIPs ?? [],
    loadBalancerIps: (status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip).filter(isIp),
    sourceRanges: spec.loadBalancerSourceRanges ?? [],
    healthCheckNodePort: spec.healthCheckNodePort ?? 0,
    affinitySeconds: affinity,
    internalLocal: spec.internalTrafficPolicy === "Local",
    externalLocal: external && spec.externalTrafficPolicy === "Local",
    endpoints: endpointsOf(slices, port.name ?? "", port.protocol ?? "TCP"),
  }));
}

/** All Services' ports, by namespace and name. */
export function allServicePorts(
  services: readonly V1Service[],
  slices: readonly V1EndpointSlice[],
): readonly ServicePort[] {
  const byService = new Map<string, V1EndpointSlice[]>();
  for (const slice of slices) {
    const key = `${slice.metadata.namespace}/${slice.metadata.labels?.[serviceNameLabel] ?? ""}`;
    const present = byService.get(key);
    if (present === undefined) byService.set(key, [slice]);
    else present.push(slice);
  }
  const keyed = services.map(
    (service) => [`${service.metadata.namespace}/${service.metadata.name}`, service] as const,
  );
  return keyed
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, service]) => servicePortsOf(service, byService.get(key) ?? []));
}
