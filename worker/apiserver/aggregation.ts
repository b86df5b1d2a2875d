/**
 * Group versions that an APIService puts behind a Service of the cluster.
 * Upstream: kube-aggregator/pkg/apiserver/handler_proxy.go.
 * Differs: nothing is ever passed on, because no program in a Pod speaks TLS: all of it is unavailable.
 */
import type { V1APIService } from "#apimachinery/api/apiregistration-v1.ts";
import { serviceUnavailable, type StatusError } from "#apimachinery/status.ts";
import { storageKey } from "./registry.ts";
import type { ApiServer } from "./server.ts";

/** 503 when somebody else should answer; undefined when nobody should. */
export function unreachable(
  { registry, world }: ApiServer,
  group: string,
  version: string,
): StatusError | undefined {
  const resource = registry.ofKind("apiregistration.k8s.io/v1/APIService");
  if (resource === undefined || version === "") return undefined;
  const entry = world.store.get(storageKey(resource, "", `${version}.${group}`));
  const { spec } = (entry?.value ?? {}) as Partial<V1APIService>;
  return spec?.service === undefined
    ? undefined
    : serviceUnavailable("the server is currently unable to handle the request");
}
