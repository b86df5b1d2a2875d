/** Who has which address. As kubeadm with a pod subnet plans it, on one flat network of machines. */
import type { ClusterOptions } from "#apiserver/rpc.ts";

/** Nodes a /16 of /24s has room for. */
const nodesOfSmall = 254;

/** The Pods' range: one /24 for each node. */
export const clusterCidr = ({ controlPlane, workers }: ClusterOptions): string =>
  controlPlane + workers <= nodesOfSmall ? "10.244.0.0/16" : "10.128.0.0/11";

/** Each node's /24, by the order of joining. */
export function podCidr(options: ClusterOptions, index: number): string {
  const first = controlPlaneIsSmall(options) ? 244 * 256 : 128 * 256;
  const net = first + index;
  return `10.${Math.floor(net / 256)}.${net % 256}.0/24`;
}
const controlPlaneIsSmall = (options: ClusterOptions): boolean =>
  clusterCidr(options).endsWith("/16");

/** 172.18.0.2 on: .1 is the gateway. */
export function nodeIp(index: number): string {
  const host = index + 2;
  return `172.18.${Math.floor(host / 256)}.${host % 256}`;
}
export const apiServerIp = "10.96.0.1";
export const dnsIp = "10.96.0.10";
export const clusterDomain = "cluster.local";
/** The machines ask their gateway, behind which there is nothing. */
export const nodeResolvConf = "nameserver 172.18.0.1\noptions ndots:0\n";

/** Machines in order of joining: control plane first. */
export interface PlannedNode {
  readonly name: string;
  readonly index: number;
  readonly ip: string;
  readonly isControlPlane: boolean;
  /** `zone-a`; undefined where everything is in one place. */
  readonly zone: string | undefined;
}
export function plannedNodes(options: ClusterOptions): readonly PlannedNode[] {
  const { controlPlane, workers, zones } = options;
  const zoneOf = (n: number): string | undefined =>
    zones === 1 ? undefined : `zone-${String.fromCharCode(97 + (n % zones))}`;
  const made = (isControlPlane: boolean, n: number): PlannedNode => {
    const index = isControlPlane ? n : controlPlane + n;
    return {
      name: `${isControlPlane ? "control-plane" : "worker"}-${n + 1}`,
      index,
      ip: nodeIp(index),
      isControlPlane,
      zone: zoneOf(n),
    };
  };
  return [
    ...Array.from({ length: controlPlane }, (_, n) => made(true, n)),
    ...Array.from({ length: workers }, (_, n) => made(false, n)),
  ];
}

/** Whose certificate the API server shows. Upstream: cmd/kubeadm/app/util/pkiutil GetAPIServerAltNames; kind adds localhost. */
export function apiServerNames(options: ClusterOptions): readonly string[] {
  const machines = plannedNodes(options).filter(({ isControlPlane }) => isControlPlane);
  return [
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    `kubernetes.default.svc.${clusterDomain}`,
    "localhost",
    "127.0.0.1",
    apiServerIp,
    ...machines.flatMap(({ name, ip }) => [name, ip]),
  ];
}
