/** Subsets of Endpoints. Upstream: pkg/apis/core/validation validateEndpointSubsets. */
import type { V1EndpointAddress, V1Endpoints } from "#apimachinery/api/core-v1.ts";
import { type FieldError, FieldPath, required } from "#apimachinery/field.ts";
import { dns1123Label, dns1123Subdomain, qualifiedName } from "#apimachinery/names.ts";
import { ip, ipWarnings, notSpecial } from "#apiserver/kinds/rules/address.ts";
import { portNumber, protocols } from "#apiserver/kinds/rules/port.ts";
import { type Errors, named, oneOf } from "#apiserver/kinds/rules/rule.ts";

const at = new FieldPath("subsets");
const managedBy = "endpoints.kubernetes.io/managed-by";

function address(errors: Errors, here: FieldPath, given: V1EndpointAddress): void {
  const { ip: text = "", hostname, nodeName } = given;
  ip(errors, here.child("ip"), text);
  if (hostname) named(errors, here.child("hostname"), hostname, dns1123Label);
  if (nodeName !== undefined) named(errors, here.child("nodeName"), nodeName, dns1123Subdomain);
  notSpecial(errors, here.child("ip"), text);
}

export function endpointErrors({ subsets = [] }: V1Endpoints): readonly FieldError[] {
  const errors: Errors = [];
  for (const [i, { addresses = [], notReadyAddresses = [], ports = [] }] of subsets.entries()) {
    const here = at.index(i);
    if (addresses.length === 0 && notReadyAddresses.length === 0)
      errors.push(required(here, "must specify `addresses` or `notReadyAddresses`"));
    for (const [j, one] of addresses.entries())
      address(errors, here.child("addresses").index(j), one);
    for (const [j, one] of notReadyAddresses.entries())
      address(errors, here.child("notReadyAddresses").index(j), one);
    for (const [j, { name = "", port, protocol, appProtocol }] of ports.entries()) {
      const where = here.child("ports").index(j);
      if (ports.length > 1 && name === "") errors.push(required(where.child("name")));
      else if (name !== "") named(errors, where.child("name"), name, dns1123Label);
      portNumber(errors, where.child("port"), port);
      oneOf(errors, where.child("protocol"), protocol, protocols);
      if (appProtocol !== undefined)
        named(errors, where.child("appProtocol"), appProtocol, qualifiedName);
    }
  }
  return errors;
}

/** Upstream: pkg/registry/core/endpoint/strategy.go endpointsWarnings. */
export function endpointWarnings({ metadata, subsets = [] }: V1Endpoints): readonly string[] {
  const texts: string[] = [];
  if (metadata.labels?.[managedBy] === "endpoint-controller") return texts;
  for (const [i, { addresses = [], notReadyAddresses = [] }] of subsets.entries()) {
    for (const [j, one] of addresses.entries())
      texts.push(...ipWarnings(at.index(i).child("addresses").index(j).child("ip"), one.ip));
    for (const [j, one] of notReadyAddresses.entries())
      texts.push(
        ...ipWarnings(at.index(i).child("notReadyAddresses").index(j).child("ip"), one.ip),
      );
  }
  return texts;
}
