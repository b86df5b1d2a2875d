/** What a Service may say. Upstream: pkg/apis/core/validation ValidateService, ValidateServiceClusterIPsRelatedFields. */
import type { V1Service, V1ServicePort, V1ServiceSpec } from "#apimachinery/api/core-v1.ts";
import {
  duplicate,
  type FieldError,
  FieldPath,
  forbidden,
  invalid,
  required,
  unsupported,
} from "#apimachinery/field.ts";
import { dns1123Label, dns1123Subdomain, qualifiedName } from "#apimachinery/names.ts";
import { ip as ipRule, isDualStack, isIpv6, notSpecial } from "#apiserver/kinds/rules/address.ts";
import { cidr } from "#apiserver/kinds/rules/cidr.ts";
import { asInternal } from "#apiserver/kinds/rules/internal.ts";
import { portNumber, portReference, protocols } from "#apiserver/kinds/rules/port.ts";
import {
  between,
  type Errors,
  named,
  oneOf,
  oneOfIfAny,
  present,
} from "#apiserver/kinds/rules/rule.ts";
import { labels } from "#apiserver/kinds/rules/selector.ts";

const at = new FieldPath("spec");
const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const policies = ["Cluster", "Local"];
const families = ["IPv4", "IPv6"];
const familyPolicies = ["PreferDualStack", "RequireDualStack", "SingleStack"];
const distributions = ["PreferClose", "PreferSameZone", "PreferSameNode"];
const longestAffinity = 86_400;
const onlyLoadBalancer = "may only be used when `type` is 'LoadBalancer'";

export const isHeadless = ({ clusterIPs = [] }: V1ServiceSpec): boolean =>
  clusterIPs.length === 1 && clusterIPs[0] === "None";
/** From outside of the cluster. */
export const isExternal = ({ type, externalIPs = [] }: V1ServiceSpec): boolean =>
  type === "LoadBalancer" ||
  type === "NodePort" ||
  (type === "ClusterIP" && externalIPs.length > 0);
export const needsHealthCheck = ({ type, externalTrafficPolicy }: V1ServiceSpec): boolean =>
  type === "LoadBalancer" && externalTrafficPolicy === "Local";

function typed(errors: Errors, spec: V1ServiceSpec): void {
  const { type, ports = [], clusterIPs = [] } = spec;
  if (ports.length === 0 && !isHeadless(spec) && type !== "ExternalName")
    errors.push(required(at.child("ports")));
  if ((type === "LoadBalancer" || type === "NodePort") && isHeadless(spec))
    errors.push(
      invalid(
        at.child("clusterIPs").index(0),
        clusterIPs[0],
        `may not be set to 'None' for ${type} services`,
      ),
    );
  if (type !== "ExternalName") return;
  const never = "may not be set for ExternalName services";
  if (clusterIPs.length > 0) errors.push(forbidden(at.child("clusterIPs"), never));
  if ((spec.ipFamilies ?? []).length > 0) errors.push(forbidden(at.child("ipFamilies"), never));
  if (spec.ipFamilyPolicy !== undefined) errors.push(forbidden(at.child("ipFamilyPolicy"), never));
  const name = (spec.externalName ?? "").replace(/\.$/, "");
  if (name === "") errors.push(required(at.child("externalName")));
  else named(errors, at.child("externalName"), name, dns1123Subdomain);
}

function port(errors: Errors, here: FieldPath, given: V1ServicePort): void {
  const { protocol, appProtocol } = given;
  portNumber(errors, here.child("port"), given.port);
  oneOf(errors, here.child("protocol"), protocol, protocols);
  portReference(errors, here.child("targetPort"), given.targetPort);
  if (appProtocol !== undefined)
    named(errors, here.child("appProtocol"), appProtocol, qualifiedName);
}
function ports(errors: Errors, list: readonly V1ServicePort[]): void {
  const names = new Set<string>();
  for (const [i, one] of list.entries()) {
    const here = at.child("ports").index(i);
    const { name = "" } = one;
    if (name === "" && list.length > 1) errors.push(required(here.child("name")));
    if (name !== "") {
      named(errors, here.child("name"), name, dns1123Label);
      if (names.has(name)) errors.push(duplicate(here.child("name"), name));
      names.add(name);
    }
    port(errors, here, one);
  }
}
const portFields = ["name", "protocol", "appProtocol", "port", "targetPort", "nodePort"];
const emptyPort = { name: "", targetPort: 0, nodePort: 0 };
function portsTwice(errors: Errors, list: readonly V1ServicePort[]): void {
  const seen = new Set<string>();
  for (const [i, { nodePort, protocol }] of list.entries()) {
    if (!nodePort) continue;
    const id = `${protocol} ${nodePort}`;
    if (seen.has(id))
      errors.push(duplicate(at.child("ports").index(i).child("nodePort"), nodePort));
    seen.add(id);
  }
  seen.clear();
  for (const [i, { port: number, protocol }] of list.entries()) {
    const id = `${protocol} ${number}`;
    if (seen.has(id))
      errors.push(
        duplicate(
          at.child("ports").index(i),
          asInternal({ protocol, port: number }, portFields, emptyPort),
        ),
      );
    seen.add(id);
  }
}

function affinity(errors: Errors, { sessionAffinity, sessionAffinityConfig }: V1ServiceSpec): void {
  oneOf(errors, at.child("sessionAffinity"), sessionAffinity, ["ClientIP", "None"]);
  const here = at.child("sessionAffinityConfig");
  if (sessionAffinity === "None" && sessionAffinityConfig !== undefined)
    errors.push(forbidden(here, "must not be set when session affinity is None"));
  if (sessionAffinity !== "ClientIP") return;
  const { clientIP } = sessionAffinityConfig ?? {};
  const seconds = clientIP?.timeoutSeconds;
  if (sessionAffinityConfig === undefined)
    errors.push(required(here, "when session affinity type is ClientIP"));
  else if (clientIP === undefined)
    errors.push(required(here.child("clientIP"), "when session affinity type is ClientIP"));
  else if (seconds === undefined)
    errors.push(
      required(here.child("clientIP", "timeoutSeconds"), "when session affinity type is ClientIP"),
    );
  else if (seconds <= 0 || seconds > longestAffinity)
    errors.push(
      invalid(
        here.child("clientIP", "timeoutSeconds"),
        seconds,
        `must be greater than 0 and less than ${longestAffinity}`,
      ),
    );
}

/** Also asked before addresses are given out. */
export function clusterIpErrors(
  { type, clusterIP, clusterIPs = [], ipFamilies = [], ipFamilyPolicy }: V1ServiceSpec,
  old?: V1ServiceSpec,
): readonly FieldError[] {
  const errors: Errors = [];
  if (type === "ExternalName") return errors;
  const here = at.child("clusterIPs");
  if (clusterIP) {
    if (clusterIPs.length === 0) errors.push(required(here));
    else if (clusterIPs[0] !== clusterIP)
      errors.push(invalid(here, clusterIPs, "first value must match `clusterIP`"));
  } else if (clusterIPs.length > 0)
    errors.push(invalid(here, clusterIPs, "must be empty when `clusterIP` is not specified"));
  for (const [i, family] of ipFamilies.entries()) {
    oneOfIfAny(errors, at.child("ipFamilies").index(i), family, families);
    if (ipFamilies.indexOf(family) < i)
      errors.push(duplicate(at.child("ipFamilies").index(i), family));
  }
  oneOfIfAny(errors, at.child("ipFamilyPolicy"), ipFamilyPolicy, familyPolicies);
  const sound = errors.length;
  for (const [i, one] of clusterIPs.entries()) {
    if (i > 0 || one !== "None") ipRule(errors, here.index(i), one, old?.clusterIPs);
    else if (clusterIPs.length > 1)
      errors.push(invalid(here, clusterIPs, "'None' must be the first and only value"));
  }
  const areAddresses = errors.length === sound;
  if (clusterIPs.length > 2) errors.push(invalid(here, clusterIPs, "may only hold up to 2 values"));
  if (!areAddresses) return errors;
  if (clusterIPs.length > 1 && !isDualStack(clusterIPs))
    errors.push(invalid(here, clusterIPs, "may specify no more than one IP for each IP family"));
  if (clusterIPs[0] === "None") return errors;
  for (const [i, one] of clusterIPs.entries()) {
    const family = ipFamilies[i];
    if (family !== undefined && isIpv6(one) !== (family === "IPv6"))
      errors.push(
        invalid(
          here.index(i),
          one,
          `expected an ${family} value as indicated by \`ipFamilies[${i}]\``,
        ),
      );
  }
  return errors;
}

const rangesKey = "service.beta.kubernetes.io/load-balancer-source-ranges";
export function loadBalancerClass(
  errors: Errors,
  { type, loadBalancerClass: name }: V1ServiceSpec,
): void {
  if (name === undefined) return;
  if (type === "LoadBalancer") named(errors, at.child("loadBalancerClass"), name, qualifiedName);
  else errors.push(forbidden(at.child("loadBalancerClass"), onlyLoadBalancer));
}
/** Ranges that it had before may stay. */
function loadBalancer(
  errors: Errors,
  { metadata, spec = {} }: V1Service,
  old: V1Service | undefined,
): void {
  const isOne = spec.type === "LoadBalancer";
  const ranges = spec.loadBalancerSourceRanges ?? [];
  const noted = metadata.annotations?.[rangesKey];
  if (ranges.length > 0) {
    const here = at.child("LoadBalancerSourceRanges");
    if (!isOne) errors.push(forbidden(here, onlyLoadBalancer));
    const before = old?.spec?.loadBalancerSourceRanges?.map((range) => range.trim());
    for (const [i, range] of ranges.entries()) cidr(errors, here.index(i), range.trim(), before);
  } else if (noted !== undefined) {
    const here = new FieldPath("metadata").child("annotations").key(rangesKey);
    if (!isOne) errors.push(forbidden(here, onlyLoadBalancer));
    if (noted.trim() !== "" && noted !== old?.metadata.annotations?.[rangesKey])
      for (const range of noted.split(",")) cidr(errors, here, range.trim());
  }
  if (spec.allocateLoadBalancerNodePorts !== undefined && !isOne)
    errors.push(forbidden(at.child("allocateLoadBalancerNodePorts"), onlyLoadBalancer));
  loadBalancerClass(errors, spec);
}

function traffic(errors: Errors, spec: V1ServiceSpec): void {
  const { externalTrafficPolicy, internalTrafficPolicy, healthCheckNodePort } = spec;
  if (isExternal(spec))
    oneOf(errors, at.child("externalTrafficPolicy"), externalTrafficPolicy, policies);
  else if (externalTrafficPolicy)
    errors.push(
      invalid(
        at.child("externalTrafficPolicy"),
        externalTrafficPolicy,
        "may only be set for externally-accessible services",
      ),
    );
  const health = at.child("healthCheckNodePort");
  if (needsHealthCheck(spec)) {
    if (!healthCheckNodePort) errors.push(required(health));
    else between(errors, health, healthCheckNodePort, [1, 65_535]);
  } else if (healthCheckNodePort)
    errors.push(
      invalid(
        health,
        healthCheckNodePort,
        "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
      ),
    );
  if (internalTrafficPolicy === undefined && spec.type !== "ExternalName")
    present(errors, at.child("internalTrafficPolicy"), internalTrafficPolicy);
  oneOfIfAny(errors, at.child("internalTrafficPolicy"), internalTrafficPolicy, policies);
  const { trafficDistribution } = spec;
  if (trafficDistribution !== undefined && !distributions.includes(trafficDistribution))
    errors.push(
      unsupported(at.child("trafficDistribution"), trafficDistribution, distributions, "listed"),
    );
}

const hints = "service.kubernetes.io/topology-aware-hints";
const mode = "service.kubernetes.io/topology-mode";

export function serviceErrors(service: V1Service, old?: V1Service): readonly FieldError[] {
  const { spec = {}, metadata } = service;
  const errors: Errors = [];
  const { [hints]: hinted, [mode]: chosen } = metadata.annotations ?? {};
  if (hinted !== undefined && chosen !== undefined && hinted !== chosen)
    errors.push(
      invalid(
        new FieldPath("metadata").child("annotations").key(mode),
        chosen,
        `must match annotations[${hints}] when both are specified`,
      ),
    );
  typed(errors, spec);
  ports(errors, spec.ports ?? []);
  labels(errors, at.child("selector"), spec.selector);
  affinity(errors, spec);
  errors.push(...clusterIpErrors(spec, old?.spec));
  for (const [i, one] of (spec.externalIPs ?? []).entries()) {
    const before = errors.length;
    ipRule(errors, at.child("externalIPs").index(i), one, old?.spec?.externalIPs);
    if (errors.length === before) notSpecial(errors, at.child("externalIPs").index(i), one);
  }
  oneOf(errors, at.child("type"), spec.type, types);
  if (spec.type === "ClusterIP")
    for (const [i, { nodePort }] of (spec.ports ?? []).entries())
      if (nodePort)
        errors.push(
          forbidden(
            at.child("ports").index(i).child("nodePort"),
            "may not be used when `type` is 'ClusterIP'",
          ),
        );
  portsTwice(errors, spec.ports ?? []);
  loadBalancer(errors, service, old);
  traffic(errors, spec);
  return errors;
}
