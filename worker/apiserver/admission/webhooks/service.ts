/**
 * Webhooks behind a Service of the cluster: where it is, and what calling it comes to.
 * Upstream: apiserver/pkg/util/proxy/proxy.go ResolveCluster, apiserver/pkg/util/webhook/client.go.
 */
import type {
  V1ServiceReference,
  V1WebhookClientConfig,
} from "#apimachinery/api/admissionregistration-v1.ts";
import type { V1Service } from "#apimachinery/api/core-v1.ts";
import { bytesIn } from "#apimachinery/base64.ts";
import type { KindContext } from "#apiserver/kinds/kind.ts";
import type { Dialer, Heard } from "#apiserver/world.ts";
import { unreachable, urlOf } from "./address.ts";

type Place = Parameters<Dialer["post"]>[0];

/** Its address inside the cluster, or why it has none. */
export function placeOf(
  context: Pick<KindContext, "get">,
  { name, namespace, port = 443 }: V1ServiceReference,
): Place | { readonly failure: string } {
  const service = context.get<V1Service>("v1/Service", namespace, name);
  if (service === undefined) return { failure: `service ${JSON.stringify(name)} not found` };
  const { type, clusterIP = "", ports = [], externalName } = service.spec ?? {};
  if (type === "ExternalName") return { failure: `dial tcp: lookup ${externalName}: no such host` };
  if (clusterIP === "None") return { failure: 'cannot route to service with ClusterIP "None"' };
  if (!ports.some((one) => one.port === port))
    return { failure: `no service port ${port} found for service ${JSON.stringify(name)}` };
  return { ip: clusterIP, port };
}

/** Puts a question to whoever is behind the Service when it is asked. */
export function postToService(
  dialer: Dialer | undefined,
  place: Place,
  config: V1WebhookClientConfig,
  asked: { readonly body: string; readonly timeoutSeconds: number },
): Promise<Heard> {
  if (dialer === undefined) return Promise.resolve({ failure: unreachable });
  const { name, namespace } = config.service as V1ServiceReference;
  const { pathname, search } = new URL(urlOf(config, asked.timeoutSeconds));
  return dialer.post(place, {
    path: pathname + search,
    body: asked.body,
    timeoutMs: asked.timeoutSeconds * 1000,
    name: `${name}.${namespace}.svc`,
    trusts: bundleOf(config),
  });
}

const bundleOf = ({ caBundle = "" }: V1WebhookClientConfig): string =>
  new TextDecoder().decode(bytesIn(caBundle));
