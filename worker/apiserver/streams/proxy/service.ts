/**
 * services/<name>/proxy: a request to a ready endpoint of a Service, past its rules.
 * Upstream: pkg/registry/core/service/storage/storage.go ResourceLocation.
 */
import type { V1Service } from "#apimachinery/api/core-v1.ts";
import type { V1EndpointSlice } from "#apimachinery/api/discovery-v1.ts";
import { notFound, serviceUnavailable } from "#apimachinery/status.ts";
import { storageKey } from "#apiserver/registry.ts";
import { type Location, proxyName } from "./location.ts";
import { proxyOf } from "./proxied.ts";

const serviceNameLabel = "kubernetes.io/service-name";

export const serviceProxy = proxyOf("services", "ServiceProxyOptions", ({ api, request }, id) => {
  const { scheme, name, port } = proxyName(id, "service");
  const { namespace } = request.info;
  const resource = api.resource(request.info);
  const service = api.world.store.get(storageKey(resource, namespace, name))?.value as
    | V1Service
    | undefined;
  if (service === undefined) throw notFound(resource.groupResource, name);
  const portName = portNameOf(service, port);
  const slices = (
    api.objects("discovery.k8s.io/v1/EndpointSlice") as readonly V1EndpointSlice[]
  ).filter(
    ({ metadata }) =>
      metadata.namespace === namespace && metadata.labels?.[serviceNameLabel] === name,
  );
  if (!slices.some(({ endpoints = [] }) => endpoints.length > 0))
    throw serviceUnavailable(`no endpoints available for service ${JSON.stringify(name)}`);
  const found = locations(slices, portName, scheme === "https");
  const draw = api.world.random("service-proxy", `${namespace}/${id}/${api.world.nowMs()}`);
  const location = found[Math.floor(draw * found.length)];
  if (location === undefined)
    throw serviceUnavailable(`no endpoints available for service ${JSON.stringify(id)}`);
  return (asked) => api.dialer.exchange(location, asked);
});

/** Endpoints know their ports by name: a number stands for the name of the Service's port. */
function portNameOf({ spec, metadata }: V1Service, port: string): string {
  if (!/^\d+$/.test(port)) return port;
  const found = spec?.ports?.find((one) => one.port === Number(port));
  if (found === undefined)
    throw serviceUnavailable(
      `no service port ${Number(port)} found for service ${JSON.stringify(metadata.name)}`,
    );
  return found.name ?? "";
}

const locations = (
  slices: readonly V1EndpointSlice[],
  portName: string,
  isTls: boolean,
): readonly Location[] =>
  slices.flatMap(({ ports = [], endpoints = [], addressType }) => {
    const port = ports.find(({ name = "" }) => name === portName)?.port;
    if (port === undefined || addressType !== "IPv4") return [];
    return endpoints
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses: [ip] }) => (ip === undefined ? [] : [{ ip, port, isTls }]));
  });
