/**
 * Files that the kubelet gives a container beside its volumes: names of hosts, and where to ask for others.
 * Upstream: pkg/kubelet/kubelet_pods.go ensureHostsFile, pkg/kubelet/network/dns/dns.go.
 */
import type { V1Pod, V1Service } from "#apimachinery/api/core-v1.ts";
import { isReason } from "#apimachinery/status.ts";
import { volumeFiles } from "#kubelet/mounted-files.ts";
import { hostnameOf, specOf } from "#kubelet/processes.ts";
import type { Reader } from "#kubelet/worker.ts";

const clusterDomain = "cluster.local";
const dnsService = { kind: "v1/Service", namespace: "kube-system", name: "kube-dns" };

/** Absolute path → text. Throws to wait for a token's signature. */
export function givenFiles(on: Reader, container: string): ReadonlyMap<string, string> {
  const { pod } = on;
  const spec = specOf(pod, container);
  return new Map([
    ["/etc/hosts", hosts(on)],
    ["/etc/resolv.conf", resolvConf(pod, dnsAddress(on))],
    ...Object.entries(spec === undefined ? {} : volumeFiles(on, spec)),
  ]);
}

function hosts({ pod, record }: Reader): string {
  const aliases = pod.spec?.hostAliases ?? [];
  const own = record.sandbox?.ip ?? "";
  const named = own === "" ? "" : `${own}\t${hostnameOf(pod)}\n`;
  const added = aliases.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join("\t")}\n`);
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

function resolvConf({ metadata, spec }: V1Pod, clusterDns: string): string {
  const { dnsPolicy = "ClusterFirst", dnsConfig, hostNetwork } = spec ?? {};
  const isCluster =
    dnsPolicy === "ClusterFirstWithHostNet" || (dnsPolicy === "ClusterFirst" && !hostNetwork);
  const searches = [`${metadata.namespace}.svc.`, "svc.", ""].map((part) => part + clusterDomain);
  const search = [...(isCluster ? searches : []), ...(dnsConfig?.searches ?? [])];
  const servers = [
    ...(isCluster && clusterDns !== "" ? [clusterDns] : []),
    ...(dnsConfig?.nameservers ?? []),
  ];
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

function dnsAddress({ step }: Reader): string {
  try {
    return step.client.get<V1Service>(dnsService).spec?.clusterIP ?? "";
  } catch (error) {
    if (isReason(error, "NotFound") || isReason(error, "Forbidden")) return "";
    throw error;
  }
}
