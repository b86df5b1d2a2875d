/** `Warning:` texts for Services. Upstream: pkg/api/service/warnings.go. */
import type { V1Service } from "#apimachinery/api/core-v1.ts";
import { FieldPath } from "#apimachinery/field.ts";
import { ipWarnings } from "#apiserver/kinds/rules/address.ts";
import { cidrWarnings } from "#apiserver/kinds/rules/cidr.ts";

const at = new FieldPath("spec");
const hints = "service.kubernetes.io/topology-aware-hints";

export function serviceWarnings({ spec = {}, metadata }: V1Service): readonly string[] {
  const { type, clusterIP, clusterIPs = [], externalIPs = [], loadBalancerIP } = spec;
  const texts: string[] = [];
  if (metadata.annotations?.[hints] !== undefined)
    texts.push(
      `annotation ${hints} is deprecated, please use service.kubernetes.io/topology-mode instead`,
    );
  const isHeadless = type === "ClusterIP" && clusterIP === "None";
  if (!isHeadless && clusterIP)
    for (const [i, ip] of clusterIPs.entries())
      texts.push(...ipWarnings(at.child("clusterIPs").index(i), ip));
  if (isHeadless) {
    if (loadBalancerIP) texts.push("spec.loadBalancerIP is ignored for headless services");
    if (externalIPs.length > 0) texts.push("spec.externalIPs is ignored for headless services");
    if (spec.sessionAffinity !== "None")
      texts.push("spec.SessionAffinity is ignored for headless services");
  }
  for (const [i, ip] of externalIPs.entries())
    texts.push(...ipWarnings(at.child("externalIPs").index(i), ip));
  if (externalIPs.length > 0 && !isHeadless && type !== "ExternalName")
    texts.push("spec.externalIPs is deprecated and may no longer be implemented in some clusters");
  if (loadBalancerIP) texts.push(...ipWarnings(at.child("loadBalancerIP"), loadBalancerIP));
  for (const [i, range] of (spec.loadBalancerSourceRanges ?? []).entries())
    texts.push(...cidrWarnings(at.child("loadBalancerSourceRanges").index(i), range));
  if (type === "ExternalName" && externalIPs.length > 0)
    texts.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  if (type !== "ExternalName" && spec.externalName)
    texts.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  if (spec.trafficDistribution === "PreferClose")
    texts.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
  return texts;
}
