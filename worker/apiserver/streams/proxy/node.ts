/** nodes/<name>/proxy: a request to the node's kubelet, or to another port of the node. Upstream: pkg/registry/core/node/strategy.go ResourceLocation. */
import type { V1Node } from "#apimachinery/api/core-v1.ts";
import { notFound } from "#apimachinery/status.ts";
import { storageKey } from "#apiserver/registry.ts";
import { proxyName } from "./location.ts";
import { proxyOf } from "./proxied.ts";

const defaultKubeletPort = 10_250;

export const nodeProxy = proxyOf("nodes", "NodeProxyOptions", ({ api, request }, id) => {
  const { scheme, name, port } = proxyName(id, "node");
  const resource = api.resource(request.info);
  const node = api.world.store.get(storageKey(resource, "", name))?.value as V1Node | undefined;
  if (node === undefined) throw notFound(resource.groupResource, name);
  const { addresses = [], daemonEndpoints } = node.status ?? {};
  const kubeletPort = daemonEndpoints?.kubeletEndpoint?.Port ?? defaultKubeletPort;
  if (port === "" || Number(port) === kubeletPort) return (asked) => api.kubelet.serve(name, asked);
  const ip = addresses.find(({ type }) => type === "InternalIP")?.address ?? "";
  return (asked) =>
    Number.isInteger(Number(port))
      ? api.dialer.exchange({ ip, port: Number(port), isTls: scheme === "https" }, asked)
      : { failure: `dial tcp: lookup tcp/${port}: unknown port` };
});
