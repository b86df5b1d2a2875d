/**
 * Says of each APIService whether it can be reached. What the server serves itself always can; behind a Service
 * there must be something that answers.
 * Upstream: kube-aggregator/pkg/controllers/status/local/local_available_controller.go, remote/remote_available_controller.go.
 * Differs: a Service with endpoints fails the last check, because programs in Pods speak no TLS here.
 */
import type {
  V1APIService,
  V1APIServiceCondition as Condition,
} from "#apimachinery/api/apiregistration-v1.ts";
import type { V1Service } from "#apimachinery/api/core-v1.ts";
import type { V1EndpointSlice } from "#apimachinery/api/discovery-v1.ts";
import { isReason } from "#apimachinery/status.ts";
import { timeText } from "#apimachinery/time.ts";
import { done } from "#client/component.ts";
import type { Controller, ControllerStep, Listers } from "#controllers/controller.ts";
import { apiServiceKind } from "./autoregister.ts";

const serviceKind = "v1/Service";
const sliceKind = "discovery.k8s.io/v1/EndpointSlice";
const serviceName = "kubernetes.io/service-name";

type Verdict = Pick<Condition, "status" | "reason" | "message">;
const unavailable = (reason: string, message: string): Verdict => ({
  status: "False",
  reason,
  message,
});

/** Pure: upstream's checks in their order. */
export function verdictOf(
  { spec }: V1APIService,
  service: V1Service | undefined,
  slices: readonly V1EndpointSlice[],
): Verdict {
  const reference = spec?.service;
  if (reference === undefined)
    return { status: "True", reason: "Local", message: "Local APIServices are always available" };
  const { name = "", namespace = "", port = 443 } = reference;
  const named = `service/${name} in ${JSON.stringify(namespace)}`;
  if (service === undefined) return unavailable("ServiceNotFound", `${named} is not present`);
  if ((service.spec?.type ?? "ClusterIP") === "ClusterIP") {
    const found = service.spec?.ports?.find((one) => one.port === port);
    if (found === undefined)
      return unavailable("ServicePortError", `${named} is not listening on port ${port}`);
    if (slices.length === 0)
      return unavailable("EndpointsNotFound", `cannot find endpointslices for ${named}`);
    const { name: portName = "" } = found;
    const hasAddress = slices.some(
      ({ endpoints, ports }) =>
        endpoints?.some(({ conditions }) => conditions?.ready !== false) === true &&
        ports?.some((one) => (one.name ?? "") === portName && one.port !== undefined) === true,
    );
    if (!hasAddress)
      return unavailable(
        "MissingEndpoints",
        `endpointslices for ${named} have no addresses with port name ${JSON.stringify(portName)}`,
      );
  }
  const url = `https://${service.spec?.clusterIP ?? name}:${port}/apis/${spec?.group}/${spec?.version}`;
  return unavailable(
    "FailedDiscoveryCheck",
    `failing or missing response from ${url}: Get ${JSON.stringify(url)}: tls: first record does not look like a TLS handshake`,
  );
}

function slicesOf(namespace: string, name: string, listers: Listers): readonly V1EndpointSlice[] {
  return listers
    .lister<V1EndpointSlice>(sliceKind)
    .list(namespace)
    .filter(({ metadata }) => metadata.labels?.[serviceName] === name);
}

function judged(service: V1APIService, step: ControllerStep): V1APIService {
  const { name = "", namespace = "" } = service.spec?.service ?? {};
  const verdict = verdictOf(
    service,
    step.lister<V1Service>(serviceKind).get(`${namespace}/${name}`),
    slicesOf(namespace, name, step),
  );
  const { conditions = [] } = service.status ?? {};
  const old = conditions.find(({ type }) => type === "Available");
  if (
    old?.status === verdict.status &&
    old.reason === verdict.reason &&
    old.message === verdict.message
  )
    return service;
  const lastTransitionTime =
    old?.status === verdict.status ? old.lastTransitionTime : timeText(step.nowMs);
  const { status, ...said } = verdict;
  const next: Condition = { lastTransitionTime, ...said, status, type: "Available" };
  return {
    ...service,
    status: { conditions: [...conditions.filter((one) => one !== old), next] },
  };
}

/** APIServices behind a Service. */
const behind =
  (nameOf: (object: { readonly metadata: V1Service["metadata"] }) => string | undefined) =>
  (
    { object }: { readonly object: { readonly metadata: V1Service["metadata"] } },
    listers: Listers,
  ): readonly string[] =>
    listers
      .lister<V1APIService>(apiServiceKind)
      .list()
      .filter(
        ({ spec }) =>
          spec?.service !== undefined &&
          spec.service.name === nameOf(object) &&
          spec.service.namespace === object.metadata.namespace,
      )
      .map(({ metadata }) => metadata.name ?? "");

export const availability: Omit<Controller, "account"> = {
  name: "api-service-availability",
  watches: apiServiceKind,
  maps: {
    [serviceKind]: behind(({ metadata }) => metadata.name),
    [sliceKind]: behind(({ metadata }) => metadata.labels?.[serviceName]),
  },
  reconcile(key, step) {
    const service = step.lister<V1APIService>(apiServiceKind).get(key);
    if (service === undefined) return done;
    const next = judged(service, step);
    if (next === service) return done;
    try {
      step.client.updateStatus(next);
    } catch (error) {
      if (!isReason(error, "NotFound", "Conflict")) throw error;
    }
    return done;
  },
};
