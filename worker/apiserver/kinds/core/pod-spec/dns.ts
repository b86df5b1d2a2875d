/** A Pod's resolver and hosts file. Upstream: pkg/apis/core/validation validatePodDNSConfig, ValidateHostAliases. */
import type { V1HostAlias, V1PodDNSConfig, V1PodSpec } from "#apimachinery/api/core-v1.ts";
import { type FieldPath, invalid, required } from "#apimachinery/field.ts";
import { dns1123Subdomain, dns1123SubdomainWithUnderscore } from "#apimachinery/names.ts";
import { ip } from "#apiserver/kinds/rules/address.ts";
import { type Errors, named, oneInOrder, remembered } from "#apiserver/kinds/rules/rule.ts";

const policies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
/** What the C library's resolver takes. */
const mostNameservers = 3;
const mostSearches = 32;
const mostSearchCharacters = 2048;

const config = remembered<V1PodDNSConfig>((errors, at, given) => {
  const { nameservers = [], searches = [], options = [] } = given;
  const refuse = (field: string, value: unknown, why: string): unknown =>
    errors.push(invalid(at.child(field), value, why));
  if (nameservers.length > mostNameservers)
    refuse("nameservers", nameservers, `must not have more than ${mostNameservers} nameservers`);
  for (const [i, one] of nameservers.entries()) ip(errors, at.child("nameservers").index(i), one);
  if (searches.length > mostSearches)
    refuse("searches", searches, `must not have more than ${mostSearches} search paths`);
  if (searches.join(" ").length > mostSearchCharacters)
    refuse(
      "searches",
      searches,
      `must not have more than ${mostSearchCharacters} characters (including spaces) in the search list`,
    );
  for (const [i, search] of searches.entries()) {
    if (search !== ".")
      named(
        errors,
        at.child("searches").index(i),
        search.replace(/\.$/, ""),
        dns1123SubdomainWithUnderscore,
      );
  }
  for (const [i, { name }] of options.entries())
    if (!name) errors.push(required(at.child("options").index(i), "must not be empty"));
});

export function dns(errors: Errors, at: FieldPath, { dnsPolicy, dnsConfig }: V1PodSpec): void {
  const here = at.child("dnsConfig");
  if (dnsPolicy === "None" && dnsConfig === undefined)
    errors.push(required(here, "must provide `dnsConfig` when `dnsPolicy` is None"));
  else if (dnsPolicy === "None" && (dnsConfig?.nameservers ?? []).length === 0)
    errors.push(
      required(
        here.child("nameservers"),
        "must provide at least one DNS nameserver when `dnsPolicy` is None",
      ),
    );
  else if (dnsConfig !== undefined) config(errors, here, dnsConfig);
}
export const dnsPolicy = (errors: Errors, at: FieldPath, spec: V1PodSpec): void =>
  oneInOrder(errors, at.child("dnsPolicy"), spec.dnsPolicy, policies);

export const hostAliases = remembered<readonly V1HostAlias[]>((errors, at, list) => {
  for (const [i, alias] of list.entries()) {
    ip(errors, at.index(i).child("ip"), alias.ip);
    for (const [j, name] of (alias.hostnames ?? []).entries())
      named(errors, at.index(i).child("hostnames").index(j), name, dns1123Subdomain);
  }
});
