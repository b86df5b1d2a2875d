/** Service. Upstream: pkg/registry/core/service/strategy.go, pkg/apis/core/validation ValidateService. */
import type {
  V1Service,
  V1ServicePort,
  V1ServiceSpec,
  V1ServiceStatus,
} from "#apimachinery/api/core-v1.ts";
import { dns1123Label } from "#apimachinery/names.ts";
import {
  ageColumn,
  column,
  labelsText,
  nameColumn,
  wide,
  doc,
  loadBalancers,
} from "#apiserver/kinds/columns.ts";
import { at as change, each, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { addressesOf } from "./service-addresses.ts";
import { allocated } from "./service-allocation.ts";
import { serviceStatusErrors, serviceUpdateErrors } from "./service-changes.ts";
import { carriedOver, withClusterIps } from "./service-update.ts";
import { isExternal, serviceErrors } from "./service-validation.ts";
import { serviceWarnings } from "./service-warnings.ts";

/** A port of zero and an empty name are none: Go clients send what they have not set. */
function portDefaults(given: V1ServicePort): V1ServicePort {
  const port = fill(given, { protocol: "TCP" });
  return port.targetPort ? port : { ...port, targetPort: port.port };
}
function affinityDefaults(spec: V1ServiceSpec): V1ServiceSpec {
  const { sessionAffinityConfig: config, ...rest } = spec;
  if (spec.sessionAffinity === "None") return config === undefined ? spec : rest;
  if (spec.sessionAffinity !== "ClientIP" || config?.clientIP?.timeoutSeconds !== undefined)
    return spec;
  return { ...spec, sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } };
}
function specDefaults(given: V1ServiceSpec): V1ServiceSpec {
  let spec = fill(given, { type: "ClusterIP", sessionAffinity: "None" });
  spec = affinityDefaults(change(spec, "ports", (ports) => each(ports, portDefaults)));
  if (spec.type === "ExternalName") return spec;
  spec = fill(spec, { internalTrafficPolicy: "Cluster" });
  if (isExternal(spec)) spec = fill(spec, { externalTrafficPolicy: "Cluster" });
  return spec.type === "LoadBalancer" ? fill(spec, { allocateLoadBalancerNodePorts: true }) : spec;
}

/** Addresses of a load balancer are virtual unless it says otherwise. */
const statusDefaults = (status: V1ServiceStatus): V1ServiceStatus =>
  change(status, "loadBalancer", (balancer) =>
    change(balancer, "ingress", (ingress) =>
      each(ingress, (one) => (one.ip ? fill(one, { ipMode: "VIP" }) : one)),
    ),
  );
function defaults(object: V1Service): V1Service {
  const made = change(object, "spec", specDefaults);
  return made.spec?.type === "LoadBalancer" ? change(made, "status", statusDefaults) : made;
}
/** What is no load balancer any more has no addresses of one. */
const withoutBalancer = (next: V1Service): V1Service =>
  next.spec?.type === "LoadBalancer" || next.status?.loadBalancer?.ingress === undefined
    ? next
    : { ...next, status: { ...next.status, loadBalancer: {} } };

function externalIp({ spec, status }: V1Service): string {
  const fixed = spec?.externalIPs ?? [];
  if (spec?.type === "ExternalName") return spec.externalName ?? "";
  if (spec?.type !== "LoadBalancer") return fixed.join(",") || "<none>";
  return [...loadBalancers(status), ...fixed].join(",") || "<pending>";
}
const portText = ({
  port,
  nodePort,
  protocol,
}: {
  readonly port: number;
  readonly nodePort?: number | undefined;
  readonly protocol?: string | undefined;
}): string => `${nodePort ? `${port}:${nodePort}` : port}/${protocol ?? "TCP"}`;

export const service: Kind<V1Service> = {
  gvk: "v1/Service",
  createOnUpdate: true,
  name: dns1123Label,
  defaults,
  prepareForCreate(object, context) {
    const spec = withClusterIps(object.spec ?? {}, undefined);
    return allocated({ ...object, spec, status: { loadBalancer: {} } }, undefined, context);
  },
  prepareForUpdate: (next, previous, context) =>
    allocated(withoutBalancer(carriedOver(next, previous)), previous, context),
  companions: addressesOf,
  validateCreate: serviceErrors,
  validateUpdate: serviceUpdateErrors,
  validateStatusUpdate: serviceStatusErrors,
  warnings: serviceWarnings,
  columns: [
    nameColumn,
    column("Type", "string", doc("core.v1.ServiceSpec.type"), ({ spec }) => spec?.type ?? ""),
    column(
      "Cluster-IP",
      "string",
      doc("core.v1.ServiceSpec.clusterIP"),
      ({ spec }) => spec?.clusterIP || "<none>",
    ),
    column("External-IP", "string", doc("core.v1.ServiceSpec.externalIPs"), externalIp),
    column(
      "Port(s)",
      "string",
      doc("core.v1.ServiceSpec.ports"),
      ({ spec }) => (spec?.ports ?? []).map(portText).join(",") || "<none>",
    ),
    ageColumn,
    wide("Selector", doc("core.v1.ServiceSpec.selector"), ({ spec }) => labelsText(spec?.selector)),
  ],
  fields: {
    "spec.clusterIP": ({ spec }) => spec?.clusterIP ?? "",
    "spec.type": ({ spec }) => spec?.type ?? "",
  },
};
