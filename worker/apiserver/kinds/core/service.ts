/** Service. Upstream: pkg/registry/core/service/strategy.go, pkg/apis/core/validation ValidateService. */
import type { V1Service, V1ServiceSpec } from "#apimachinery/api/core-v1.ts";
import {
  duplicate,
  type FieldError,
  FieldPath,
  invalid,
  required,
  unsupported,
} from "#apimachinery/field.ts";
import { dns1123Label, dns1123Subdomain } from "#apimachinery/names.ts";
import { ip } from "#apiserver/kinds/rules/address.ts";
import { ageColumn, column, labelsText, nameColumn, wide } from "#apiserver/kinds/columns.ts";
import { at as change, each, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { validateLabels } from "#apiserver/object-meta.ts";
import { portReference } from "#apiserver/kinds/rules/port.ts";
import { allocated } from "./service-allocation.ts";

const at = new FieldPath("spec");
const types = ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"];

function specDefaults(given: V1ServiceSpec): V1ServiceSpec {
  let spec = fill(given, { type: "ClusterIP", sessionAffinity: "None" });
  spec = change(spec, "ports", (ports) =>
    each(ports, (port) =>
      fill(port, { protocol: "TCP", targetPort: port.targetPort ?? port.port }),
    ),
  );
  if (spec.sessionAffinity === "ClientIP")
    spec = fill(spec, { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } });
  if (spec.type === "ExternalName") return spec;
  spec = fill(spec, {
    internalTrafficPolicy: "Cluster",
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
  });
  if (spec.clusterIP === "None") spec = fill(spec, { clusterIPs: ["None"] });
  if (spec.type === "NodePort" || spec.type === "LoadBalancer")
    spec = fill(spec, { externalTrafficPolicy: "Cluster" });
  if (spec.type === "LoadBalancer") spec = fill(spec, { allocateLoadBalancerNodePorts: true });
  return spec;
}

const trafficPolicies: readonly string[] = ["Cluster", "Local"];

function specErrors(spec: V1ServiceSpec): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { type = "", ports = [], clusterIP, externalName } = spec;
  if (type === "") errors.push(required(at.child("type")));
  else if (!types.includes(type)) errors.push(unsupported(at.child("type"), type, types));
  if (type === "ExternalName" && !externalName) errors.push(required(at.child("externalName")));
  else if (type === "ExternalName")
    for (const problem of dns1123Subdomain((externalName ?? "").replace(/\.$/, "")))
      errors.push(invalid(at.child("externalName"), externalName, problem));
  for (const field of ["externalTrafficPolicy", "internalTrafficPolicy"] as const) {
    const policy = spec[field];
    if (policy && !trafficPolicies.includes(policy))
      errors.push(unsupported(at.child(field), policy, trafficPolicies));
  }
  for (const [i, address] of (spec.externalIPs ?? []).entries())
    ip(errors, at.child("externalIPs").index(i), address);
  if (type === "LoadBalancer" && clusterIP === "None")
    errors.push(
      invalid(
        at.child("clusterIPs").index(0),
        "None",
        "may not be set to 'None' for LoadBalancer services",
      ),
    );
  if (type !== "ExternalName" && clusterIP !== "None" && ports.length === 0)
    errors.push(required(at.child("ports")));
  const names = new Set<string>();
  const seen = new Set<string>();
  for (const [i, { name = "", port, protocol = "", targetPort, nodePort }] of ports.entries()) {
    const here = at.child("ports").index(i);
    if (ports.length > 1 && name === "") errors.push(required(here.child("name")));
    else if (name !== "") {
      for (const problem of dns1123Label(name))
        errors.push(invalid(here.child("name"), name, problem));
      if (names.has(name)) errors.push(duplicate(here.child("name"), name));
      names.add(name);
    }
    portReference(errors, here.child("port"), port ?? 0);
    if (!["TCP", "UDP", "SCTP"].includes(protocol))
      errors.push(unsupported(here.child("protocol"), protocol, ["SCTP", "TCP", "UDP"]));
    portReference(errors, here.child("targetPort"), targetPort);
    if (nodePort && type !== "NodePort" && type !== "LoadBalancer")
      errors.push({
        reason: "FieldValueForbidden",
        field: here.child("nodePort").toString(),
        message: "Forbidden: may not be used when `type` is 'ClusterIP'",
      });
    const id = `${protocol} ${port}`;
    if (seen.has(id)) errors.push(duplicate(here, { protocol, port }));
    seen.add(id);
  }
  if (spec.selector !== undefined)
    errors.push(...validateLabels(spec.selector, at.child("selector")));
  if (spec.sessionAffinity !== undefined && !["ClientIP", "None"].includes(spec.sessionAffinity))
    errors.push(
      unsupported(at.child("sessionAffinity"), spec.sessionAffinity, ["ClientIP", "None"]),
    );
  return errors;
}

function externalIp({ spec, status }: V1Service): string {
  const fixed = spec?.externalIPs ?? [];
  if (spec?.type === "ExternalName") return spec.externalName ?? "";
  if (spec?.type !== "LoadBalancer") return fixed.join(",") || "<none>";
  const given = (status?.loadBalancer?.ingress ?? []).map(
    ({ ip, hostname }) => ip || hostname || "",
  );
  return [...given, ...fixed].join(",") || "<pending>";
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

/** What an update does not repeat stays as it was. */
function keptAddress(next: V1Service, { spec: old }: V1Service): V1Service {
  const { spec } = next;
  if (spec === undefined || spec.type === "ExternalName" || old?.type === "ExternalName")
    return next;
  let made: V1ServiceSpec = spec;
  if (!made.clusterIP && old?.clusterIP) made = { ...made, clusterIP: old.clusterIP };
  if (
    (made.clusterIPs ?? []).length === 0 &&
    old?.clusterIPs !== undefined &&
    made.clusterIP === old.clusterIP
  )
    made = { ...made, clusterIPs: old.clusterIPs };
  const needsPorts = made.type === "NodePort" || made.type === "LoadBalancer";
  if (needsPorts) {
    made = change(made, "ports", (ports) =>
      each(ports, (port) => {
        const before = old?.ports?.find(
          (one) => one.port === port.port && one.protocol === port.protocol,
        );
        return port.nodePort || !before?.nodePort ? port : { ...port, nodePort: before.nodePort };
      }),
    );
  } else made = change(made, "ports", (ports) => each(ports, (port) => dropPort(port, old)));
  return made === spec ? next : { ...next, spec: made };
}
/** Going back to ClusterIP gives up the node ports that were not asked for anew. */
function dropPort(
  port: NonNullable<V1ServiceSpec["ports"]>[number],
  old: V1ServiceSpec | undefined,
): typeof port {
  if (!port.nodePort || !(old?.ports ?? []).some(({ nodePort }) => nodePort === port.nodePort))
    return port;
  const { nodePort: _port, ...rest } = port;
  return rest;
}

export const service: Kind<V1Service> = {
  gvk: "v1/Service",
  name: dns1123Label,
  defaults: (object) => change(object, "spec", specDefaults),
  prepareForCreate: (object, context) =>
    allocated({ ...object, status: { loadBalancer: {} } }, context),
  prepareForUpdate: (next, previous, context) => allocated(keptAddress(next, previous), context),
  validate: ({ spec }) => (spec === undefined ? [required(at)] : specErrors(spec)),
  validateUpdate({ spec }, { spec: old }) {
    if (
      !old?.clusterIP ||
      old.type === "ExternalName" ||
      spec?.type === "ExternalName" ||
      spec?.clusterIP === old.clusterIP
    )
      return [];
    return [
      invalid(at.child("clusterIPs").index(0), spec?.clusterIPs ?? [], "may not change once set"),
    ];
  },
  columns: [
    nameColumn,
    column("Type", "string", "How the Service is reached.", ({ spec }) => spec?.type ?? ""),
    column(
      "Cluster-IP",
      "string",
      "Its address inside the cluster.",
      ({ spec }) => spec?.clusterIP || "<none>",
    ),
    column("External-IP", "string", "Its address outside, when it has one.", externalIp),
    column(
      "Port(s)",
      "string",
      "Ports it listens on.",
      ({ spec }) => (spec?.ports ?? []).map(portText).join(",") || "<none>",
    ),
    ageColumn,
    wide("Selector", "Which Pods it leads to.", ({ spec }) => labelsText(spec?.selector)),
  ],
  fields: {
    "spec.clusterIP": ({ spec }) => spec?.clusterIP ?? "",
    "spec.type": ({ spec }) => spec?.type ?? "",
  },
};
