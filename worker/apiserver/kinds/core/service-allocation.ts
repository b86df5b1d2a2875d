/**
 * ClusterIPs and node ports: every Service gets its own.
 * Upstream: pkg/registry/core/service/{ipallocator,portallocator}, storage/alloc.go.
 */
import type { V1Service, V1ServicePort } from "#apimachinery/api/core-v1.ts";
import { FieldPath, invalid } from "#apimachinery/field.ts";
import { invalid as invalidObject } from "#apimachinery/status.ts";
import type { KindContext } from "#apiserver/kinds/kind.ts";

const range = "10.96.0.0/12";
const base = (10 << 24) + (96 << 16);
const size = 2 ** 20;
/** The low end is kept for those who choose their address. Upstream: min(max(16, size / 16), 256). */
const reserved = 256;
const firstPort = 30_000;
const ports = 2768;
const reservedPorts = 86;
const at = new FieldPath("spec");
const on = { group: "", kind: "Service" };

const textOf = (offset: number): string => {
  const ip = base + offset;
  return `${ip >>> 24}.${(ip >>> 16) & 255}.${(ip >>> 8) & 255}.${ip & 255}`;
};
const isIp = (text: string): boolean =>
  /^(\d{1,3}\.){3}\d{1,3}$/.test(text) && text.split(".").every((part) => Number(part) < 256);
const isInRange = (text: string): boolean => {
  const [a = 0, b = 0, c = 0, d = 0] = text.split(".").map(Number);
  const offset = (a << 24) + (b << 16) + (c << 8) + d - base;
  return offset > 0 && offset < size - 1;
};

const hasIp = ({ type = "ClusterIP", clusterIP }: NonNullable<V1Service["spec"]>): boolean =>
  type !== "ExternalName" && clusterIP !== "None";
const hasPorts = ({ type }: NonNullable<V1Service["spec"]>): boolean =>
  type === "NodePort" || type === "LoadBalancer";

/** The Service with what it asks for and does not have yet; throws 422 when its wish cannot be met. */
export function allocated(service: V1Service, context: KindContext): V1Service {
  const spec = service.spec ?? {};
  const others = context
    .list<V1Service>("v1/Service")
    .filter(
      ({ metadata }) =>
        metadata.name !== service.metadata.name ||
        metadata.namespace !== service.metadata.namespace,
    );
  const withIp = hasIp(spec) ? addressed(service, others, context) : service;
  return hasPorts(spec) ? withNodePorts(withIp, others, context) : withIp;
}

function addressed(
  service: V1Service,
  others: readonly V1Service[],
  context: KindContext,
): V1Service {
  const { name = "" } = service.metadata;
  const asked = service.spec?.clusterIP || service.spec?.clusterIPs?.[0];
  const taken = new Set(others.map(({ spec }) => spec?.clusterIP));
  const refuse = (why: string): never => {
    throw invalidObject(on, name, [
      invalid(at.child("clusterIPs"), [asked], `failed to allocate IP ${asked}: ${why}`),
    ]);
  };
  if (asked) {
    if (!isIp(asked))
      throw invalidObject(on, name, [
        invalid(
          at.child("clusterIPs").index(0),
          asked,
          "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
        ),
      ]);
    if (!isInRange(asked))
      refuse(
        `the provided IP (${asked}) is not in the valid range. The range of valid IPs is ${range}`,
      );
    if (taken.has(asked)) refuse("provided IP is already allocated");
  }
  let ip = asked;
  for (let n = Math.floor(context.random("cluster-ip") * (size - reserved - 2)); !ip; n += 1) {
    const candidate = textOf(reserved + 1 + (n % (size - reserved - 2)));
    if (!taken.has(candidate)) ip = candidate;
  }
  if (service.spec?.clusterIP === ip && service.spec.clusterIPs?.[0] === ip) return service;
  return { ...service, spec: { ...service.spec, clusterIP: ip, clusterIPs: [ip] } };
}

function withNodePorts(
  service: V1Service,
  others: readonly V1Service[],
  context: KindContext,
): V1Service {
  const list = service.spec?.ports ?? [];
  const id = ({ protocol = "TCP" }: V1ServicePort, port: number): string => `${protocol} ${port}`;
  const taken = new Set(
    others.flatMap(({ spec }) => (spec?.ports ?? []).map((port) => id(port, port.nodePort ?? 0))),
  );
  const made = list.map((port, i) => {
    if (port.nodePort) {
      const here = at.child("ports").index(i).child("nodePort");
      const name = service.metadata.name ?? "";
      if (port.nodePort < firstPort || port.nodePort >= firstPort + ports) {
        throw invalidObject(on, name, [
          invalid(
            here,
            port.nodePort,
            "provided port is not in the valid range. The range of valid ports is 30000-32767",
          ),
        ]);
      }
      if (taken.has(id(port, port.nodePort)))
        throw invalidObject(on, name, [
          invalid(here, port.nodePort, "provided port is already allocated"),
        ]);
      taken.add(id(port, port.nodePort));
      return port;
    }
    for (
      let n = Math.floor(context.random(`node-port-${i}`) * (ports - reservedPorts)), tries = 0;
      tries < ports;
      n += 1, tries += 1
    ) {
      const nodePort = firstPort + reservedPorts + (n % (ports - reservedPorts));
      if (taken.has(id(port, nodePort))) continue;
      taken.add(id(port, nodePort));
      return { ...port, nodePort };
    }
    return port;
  });
  return list.every((port, i) => port === made[i])
    ? service
    : { ...service, spec: { ...service.spec, ports: made } };
}
