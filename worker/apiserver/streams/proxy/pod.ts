/** pods/<name>/proxy: a request to a port of a Pod. Upstream: pkg/registry/core/pod/strategy.go ResourceLocation. */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import { badRequest, notFound } from "#apimachinery/status.ts";
import { storageKey } from "#apiserver/registry.ts";
import { proxyName } from "./location.ts";
import { proxyOf } from "./proxied.ts";

const defaultPorts = { http: 80, https: 443 } as const;

export const podProxy = proxyOf("pods", "PodProxyOptions", ({ api, request }, id) => {
  const { scheme, name, port } = proxyName(id, "pod");
  const resource = api.resource(request.info);
  const pod = api.world.store.get(storageKey(resource, request.info.namespace, name))?.value as
    | V1Pod
    | undefined;
  if (pod === undefined) throw notFound(resource.groupResource, name);
  const ip = pod.status?.podIP ?? "";
  if (ip === "") throw badRequest("address not allowed");
  const declared = pod.spec?.containers.find(({ ports = [] }) => ports.length > 0)?.ports?.[0];
  const wanted = port === "" ? (declared?.containerPort ?? defaultPorts[scheme]) : Number(port);
  return (asked) =>
    Number.isInteger(wanted)
      ? api.dialer.exchange({ ip, port: wanted, isTls: scheme === "https" }, asked)
      : { failure: `dial tcp: lookup tcp/${port}: unknown port` };
});
