/** How a Service may change, and what its status may say. Upstream: pkg/apis/core/validation ValidateServiceUpdate, ValidateServiceStatusUpdate. */
import type { V1Service, V1ServiceSpec } from "#apimachinery/api/core-v1.ts";
import { type FieldError, FieldPath, forbidden, invalid, required } from "#apimachinery/field.ts";
import { dns1123Subdomain } from "#apimachinery/names.ts";
import type { Warn } from "#apiserver/kinds/kind.ts";
import { addressOf, ipWarnings, ip as ipRule } from "#apiserver/kinds/rules/address.ts";
import { type Errors, named, oneOfIfAny } from "#apiserver/kinds/rules/rule.ts";
import {
  isHeadless,
  needsHealthCheck,
  loadBalancerClass,
  serviceErrors,
} from "./service-validation.ts";

const at = new FieldPath("spec");
const once = "may not change once set";
type List = readonly string[];
/** What was first stays first; a second one goes only with the policy. */
function fixedList(
  errors: Errors,
  name: "clusterIPs" | "ipFamilies",
  [next, old]: readonly [List, List],
  { clusterIPs = [], ipFamilyPolicy }: V1ServiceSpec,
): void {
  const here = at.child(name);
  const one = name === "clusterIPs" ? "clusterIP" : "ipFamily";
  if (old.length === next.length) {
    for (const [i, value] of old.entries())
      if (value !== next[i])
        errors.push(invalid(here.index(name === "clusterIPs" ? i : 0), next, once));
    return;
  }
  if (old.length > next.length && clusterIPs.length === 0)
    errors.push(
      invalid(here.index(0), next.length === 0 ? null : next, `primary ${one} can not be unset`),
    );
  if (old[0] !== undefined && next[0] !== undefined && old[0] !== next[0])
    errors.push(invalid(here.index(0), name === "clusterIPs" ? next : clusterIPs, once));
  if (old.length > next.length && next.length === 1 && ipFamilyPolicy !== "SingleStack")
    errors.push(
      invalid(
        at.child("ipFamilyPolicy"),
        ipFamilyPolicy ?? null,
        `must be set to 'SingleStack' when releasing the secondary ${one}`,
      ),
    );
}

/** What may not change comes before what may not be. */
export function serviceUpdateErrors(next: V1Service, previous: V1Service): readonly FieldError[] {
  const { spec = {} } = next;
  const { spec: old = {} } = previous;
  const errors: Errors = [];
  const isOutside = spec.type === "ExternalName" || old.type === "ExternalName";
  if (!isOutside && !(isHeadless(spec) && isHeadless(old)))
    fixedList(errors, "clusterIPs", [spec.clusterIPs ?? [], old.clusterIPs ?? []], spec);
  if (!isOutside && !isHeadless(spec) && !isHeadless(old))
    fixedList(errors, "ipFamilies", [spec.ipFamilies ?? [], old.ipFamilies ?? []], spec);
  if (
    old.type === "LoadBalancer" &&
    spec.type === "LoadBalancer" &&
    old.loadBalancerClass !== spec.loadBalancerClass
  )
    errors.push(invalid(at.child("loadBalancerClass"), spec.loadBalancerClass ?? null, once));
  loadBalancerClass(errors, spec);
  if (
    needsHealthCheck(old) &&
    needsHealthCheck(spec) &&
    old.healthCheckNodePort !== spec.healthCheckNodePort
  )
    errors.push(forbidden(at.child("healthCheckNodePort"), "field is immutable"));
  return [...errors, ...serviceErrors(next, previous)];
}

/** Upstream: ValidateLoadBalancerStatus; serviceStatusStrategy WarningsOnUpdate. */
export function serviceStatusErrors(
  next: V1Service,
  previous: V1Service,
  warn?: Warn,
): readonly FieldError[] {
  const { spec, status } = next;
  const errors: Errors = [];
  const here = new FieldPath("status").child("loadBalancer", "ingress");
  const given = status?.loadBalancer?.ingress ?? [];
  if (given.length > 0 && spec?.type !== "LoadBalancer") {
    errors.push(forbidden(here, "may only be used when `spec.type` is 'LoadBalancer'"));
    return errors;
  }
  const before = (previous.status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip);
  for (const [i, { ip, ipMode, hostname }] of given.entries()) {
    const one = here.index(i);
    if (ip) ipRule(errors, one.child("ip"), ip, before);
    if (ip && ipMode === undefined)
      errors.push(required(one.child("ipMode"), "must be specified when `ip` is set"));
    else if (!ip && ipMode !== undefined)
      errors.push(forbidden(one.child("ipMode"), "may not be specified when `ip` is not set"));
    else oneOfIfAny(errors, one.child("ipMode"), ipMode, ["Proxy", "VIP"]);
    if (!hostname) continue;
    named(errors, one.child("hostname"), hostname, dns1123Subdomain);
    if (addressOf(hostname) !== undefined)
      errors.push(
        invalid(one.child("hostname"), hostname, "must be a DNS name, not an IP address"),
      );
  }
  if (errors.length === 0 && warn !== undefined)
    for (const [i, { ip }] of given.entries())
      if (ip) for (const text of ipWarnings(here.index(i), ip)) warn(text);
  return errors;
}
