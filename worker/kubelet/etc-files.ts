/**
 * What the kubelet writes below a container's /etc: names of hosts, and where to ask for others.
 * Upstream: pkg/kubelet/kubelet_pods.go ensureHostsFile, pkg/kubelet/network/dns/dns.go.
 */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { hostnameOf } from "./processes.ts";

/** Of the kubelet's configuration, and of its machine. */
export interface NameServers {
  readonly clusterDomain: string;
  readonly clusterDns: readonly string[];
  /** The node's own /etc/resolv.conf. */
  readonly nodeResolvConf: string;
}

/** Absolute path → text. `ip`: the Pod's own address, "" on the host's network. */
export const etcFiles = (
  pod: V1Pod,
  ip: string,
  servers: NameServers,
): Readonly<Record<string, string>> => ({
  "/etc/hosts": hosts(pod, ip),
  "/etc/resolv.conf": resolvConf(pod, servers),
});

function hosts(pod: V1Pod, ip: string): string {
  const aliases = pod.spec?.hostAliases ?? [];
  const named = ip === "" ? "" : `${ip}\t${hostnameOf(pod)}\n`;
  const added = aliases.map(
    ({ ip: alias, hostnames = [] }) => `${alias}\t${hostnames.join("\t")}\n`,
  );
  return [
    "# Kubernetes-managed hosts file.\n",
    "127.0.0.1\tlocalhost\n",
    "::1\tlocalhost ip6-localhost ip6-loopback\n",
    "fe00::0\tip6-localnet\n",
    "fe00::0\tip6-mcastprefix\n",
    "fe00::1\tip6-allnodes\n",
    "fe00::2\tip6-allrouters\n",
    named,
    added.length === 0 ? "" : `\n# Entries added by HostAliases.\n${added.join("")}`,
  ].join("");
}

function resolvConf(
  { metadata, spec }: V1Pod,
  { clusterDomain, clusterDns, nodeResolvConf }: NameServers,
): string {
  const { dnsPolicy = "ClusterFirst", dnsConfig, hostNetwork } = spec ?? {};
  const isCluster =
    dnsPolicy === "ClusterFirstWithHostNet" || (dnsPolicy === "ClusterFirst" && !hostNetwork);
  if (!isCluster && dnsPolicy !== "None" && dnsConfig === undefined) return nodeResolvConf;
  const searches = [`${metadata.namespace}.svc.`, "svc.", ""].map((part) => part + clusterDomain);
  const search = [...(isCluster ? searches : []), ...(dnsConfig?.searches ?? [])];
  const servers = [...(isCluster ? clusterDns : []), ...(dnsConfig?.nameservers ?? [])];
  const options = [
    ...(isCluster ? ["ndots:5"] : []),
    ...(dnsConfig?.options ?? []).map(({ name, value }) =>
      value === undefined ? String(name) : `${name}:${value}`,
    ),
  ];
  return [
    search.length === 0 ? "" : `search ${search.join(" ")}\n`,
    ...servers.map((server) => `nameserver ${server}\n`),
    options.length === 0 ? "" : `options ${options.join(" ")}\n`,
  ].join("");
}
