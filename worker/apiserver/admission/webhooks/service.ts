/**
 * What calling a Service of the cluster comes to.
 * Upstream: apiserver/pkg/util/proxy/proxy.go ResolveCluster.
 * Differs: a Service with ready endpoints answers as a plain server would, because nothing in a simulated Pod speaks TLS.
 */
import type { V1ServiceReference } from "#apimachinery/api/admissionregistration-v1.ts";
import type { V1Service } from "#apimachinery/api/core-v1.ts";
import type { V1EndpointSlice } from "#apimachinery/api/discovery-v1.ts";
import type { AdmissionRequest } from "#apiserver/admission/admission.ts";

/** Why the call fails. */
export function serviceFailure(
  { context }: Pick<AdmissionRequest, "context">,
  { name, namespace, port = 443 }: V1ServiceReference,
): string {
  const service = context.get<V1Service>("v1/Service", namespace, name);
  if (service === undefined) return `service ${JSON.stringify(name)} not found`;
  const { type, clusterIP, ports = [], externalName } = service.spec ?? {};
  if (type === "ExternalName") return `dial tcp: lookup ${externalName}: no such host`;
  if (clusterIP === "None") return 'cannot route to service with ClusterIP "None"';
  if (!ports.some((one) => one.port === port))
    return `no service port ${port} found for service ${JSON.stringify(name)}`;
  const isReady = context
    .list<V1EndpointSlice>("discovery.k8s.io/v1/EndpointSlice", namespace)
    .filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === name)
    .some(({ endpoints }) => endpoints?.some(({ conditions }) => conditions?.ready !== false));
  return isReady
    ? "http: server gave HTTP response to HTTPS client"
    : `dial tcp ${clusterIP}:${port}: connect: connection refused`;
}
