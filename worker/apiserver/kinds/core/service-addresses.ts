/**
 * ClusterIPs: every Service gets its own out of the ServiceCIDRs that are ready, and an IPAddress says whose it is.
 * Upstream: pkg/registry/core/service/ipallocator/{cidrallocator,ipallocator}.go.
 */
import ipaddr from "ipaddr.js";
import type { V1Service } from "#apimachinery/api/core-v1.ts";
import type { V1IPAddress, V1ServiceCIDR } from "#apimachinery/api/networking-v1.ts";
import { FieldPath, invalid } from "#apimachinery/field.ts";
import { internalError, invalid as invalidObject } from "#apimachinery/status.ts";
import type { KindContext } from "#apiserver/kinds/kind.ts";
import { isIpv6 } from "#apiserver/kinds/rules/address.ts";

const cidrKind = "networking.k8s.io/v1/ServiceCIDR";
const addressKind = "networking.k8s.io/v1/IPAddress";
const managedBy = "ipallocator.k8s.io";
const at = new FieldPath("spec").child("clusterIPs");

/** Addresses as numbers; the first one is the network's own and the last one everybody's. */
interface Range {
  readonly first: number;
  readonly size: number;
}

const numberOf = (text: string): number =>
  ipaddr.IPv4.parse(text)
    .toByteArray()
    .reduce((sum, byte) => sum * 256 + byte, 0);
const textOf = (address: number): string =>
  [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");

function rangeOf(cidr: string): Range {
  const [address = "", bits = ""] = cidr.split("/");
  return { first: numberOf(address), size: 2 ** (32 - Number(bits)) };
}

/** What has no condition counts as ready. */
const isReady = ({ metadata, status }: V1ServiceCIDR): boolean =>
  metadata.deletionTimestamp === undefined &&
  status?.conditions?.find(({ type }) => type === "Ready")?.status !== "False";

const rangesOf = (context: KindContext): readonly Range[] =>
  context
    .list<V1ServiceCIDR>(cidrKind)
    .filter(isReady)
    .flatMap(({ spec }) => (spec?.cidrs ?? []).filter((cidr) => !isIpv6(cidr)).map(rangeOf));

const isIn = ({ first, size }: Range, address: number): boolean =>
  address > first && address < first + size - 1;

const isTaken = (context: KindContext, address: string): boolean =>
  context.get(addressKind, "", address) !== undefined;

/** How many addresses at the low end are kept for those who choose one. Upstream: calculateRangeOffset. */
const reservedOf = (size: number): number =>
  size <= 16 ? 0 : Math.min(Math.max(Math.floor(size / 16), 16), 256);

/** A free address: above the reserved ones while there is any. */
function freeIn({ first, size }: Range, context: KindContext): string | undefined {
  const reserved = reservedOf(size);
  const draw = context.random("cluster-ip");
  for (const [from, count] of [
    [reserved + 1, size - reserved - 2],
    [1, reserved],
  ] as const) {
    const start = Math.floor(draw * count);
    for (let tries = 0; tries < count; tries += 1) {
      const candidate = textOf(first + from + ((start + tries) % count));
      if (!isTaken(context, candidate)) return candidate;
    }
  }
  return undefined;
}

/** The Service with an address; throws 422 when the one it asks for cannot be had. */
export function addressed(service: V1Service, context: KindContext): V1Service {
  const { name = "" } = service.metadata;
  const asked = service.spec?.clusterIP || service.spec?.clusterIPs?.[0];
  if (asked) {
    const refuse = (why: string): never => {
      throw invalidObject({ group: "", kind: "Service" }, name, [
        invalid(at, [asked], `failed to allocate IP ${asked}: ${why}`),
      ]);
    };
    if (!rangesOf(context).some((range) => isIn(range, numberOf(asked))))
      refuse("the provided network does not match the current range");
    if (isTaken(context, asked)) refuse("provided IP is already allocated");
  }
  const ip = asked || free(context);
  if (service.spec?.clusterIP === ip && service.spec.clusterIPs?.[0] === ip) return service;
  return { ...service, spec: { ...service.spec, clusterIP: ip, clusterIPs: [ip] } };
}

function free(context: KindContext): string {
  for (const range of rangesOf(context)) {
    const found = freeIn(range, context);
    if (found !== undefined) return found;
  }
  throw internalError("failed to allocate a serviceIP: range is full");
}

/** What says that the Service has its addresses. */
export const addressesOf = ({ metadata, spec }: V1Service): readonly V1IPAddress[] =>
  spec?.type === "ExternalName"
    ? []
    : (spec?.clusterIPs ?? [])
        .filter((ip) => ip !== "None" && ip !== "")
        .map((ip) => ({
          apiVersion: "networking.k8s.io/v1",
          kind: "IPAddress",
          metadata: {
            name: ip,
            labels: {
              "ipaddress.kubernetes.io/ip-family": isIpv6(ip) ? "IPv6" : "IPv4",
              "ipaddress.kubernetes.io/managed-by": managedBy,
            },
          },
          spec: {
            parentRef: {
              resource: "services",
              namespace: metadata.namespace ?? "",
              name: metadata.name ?? "",
            },
          },
        }));
