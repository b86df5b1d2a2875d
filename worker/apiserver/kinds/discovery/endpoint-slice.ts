/** EndpointSlice. Upstream: pkg/registry/discovery/endpointslice/strategy.go, pkg/apis/discovery/validation. */
import type {
  V1Endpoint,
  V1EndpointPort,
  V1EndpointSlice,
} from "#apimachinery/api/discovery-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import {
  duplicate,
  FieldPath,
  invalid,
  required,
  tooMany,
  unsupported,
} from "#apimachinery/field.ts";
import { dns1123Label, dns1123Subdomain, qualifiedName } from "#apimachinery/names.ts";
import { column, columnsOf, doc } from "#apiserver/kinds/columns.ts";
import { at as change, each, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { addressOf, ip, isIpv6, notSpecial } from "#apiserver/kinds/rules/address.ts";
import {
  type Errors,
  immutable,
  named,
  oneOf,
  present,
  remembered,
} from "#apiserver/kinds/rules/rule.ts";

const types = ["FQDN", "IPv4", "IPv6"];
const protocols = ["SCTP", "TCP", "UDP"];
const most = { addresses: 100, ports: 20_000, endpoints: 1000, zoneHints: 8, nodeHints: 8 };

function address(errors: Errors, at: FieldPath, text: string, type: string): void {
  if (type === "FQDN") {
    named(errors, at, text.replace(/\.$/, ""), dns1123Subdomain);
    if (!text.replace(/\.$/, "").includes("."))
      errors.push(
        invalid(at, text, "should be a domain with at least two segments separated by dots"),
      );
    return;
  }
  if (type !== "IPv4" && type !== "IPv6") return;
  const before = errors.length;
  ip(errors, at, text);
  if (errors.length > before || addressOf(text) === undefined) return;
  if (isIpv6(text) !== (type === "IPv6"))
    errors.push(invalid(at, text, `must be an ${type} address`));
  notSpecial(errors, at, text);
}

/** The controller passes on what has not changed: it is looked at once. */
const endpointOf = (type: string): ((errors: Errors, at: FieldPath, given: V1Endpoint) => void) =>
  remembered<V1Endpoint>((errors, at, given) => {
    const { addresses = [], hostname, hints } = given;
    const here = at.child("addresses");
    if (addresses.length === 0) errors.push(required(here, "must contain at least 1 address"));
    else if (addresses.length > most.addresses)
      errors.push(tooMany(here, addresses.length, most.addresses));
    for (const [i, text] of addresses.entries()) address(errors, here.index(i), text, type);
    if (hostname !== undefined) named(errors, at.child("hostname"), hostname, dns1123Label);
    for (const [field, limit] of [
      ["forZones", most.zoneHints],
      ["forNodes", most.nodeHints],
    ] as const) {
      const names = hints?.[field] ?? [];
      const path = at.child("hints", field);
      if (names.length > limit) errors.push(tooMany(path, names.length, limit));
      for (const [i, { name }] of names.entries()) {
        if (names.findIndex((one) => one.name === name) < i)
          errors.push(duplicate(path.index(i).child("name"), name));
        present(errors, path.index(i).child("name"), name);
      }
    }
  });
const endpointRules: Readonly<Record<string, ReturnType<typeof endpointOf>>> = Object.fromEntries(
  types.map((type) => [type, endpointOf(type)]),
);

function ports(errors: Errors, at: FieldPath, all: readonly V1EndpointPort[]): void {
  if (all.length > most.ports) {
    errors.push(tooMany(at, all.length, most.ports));
    return;
  }
  const seen = new Set<string>();
  for (const [i, { name = "", protocol, appProtocol }] of all.entries()) {
    const here = at.index(i);
    if (name !== "") named(errors, here.child("name"), name, dns1123Label);
    if (seen.has(name)) errors.push(duplicate(here.child("name"), name));
    seen.add(name);
    if (protocol === undefined) errors.push(required(here.child("protocol")));
    else if (!protocols.includes(protocol))
      errors.push(unsupported(here.child("protocol"), protocol, protocols));
    if (appProtocol !== undefined)
      named(errors, here.child("appProtocol"), appProtocol, qualifiedName);
  }
}

const shown = 3;
const listed = (items: readonly (string | number)[]): string => {
  const head = items.slice(0, shown).join(",");
  return items.length > shown ? `${head} + ${items.length - shown} more...` : head || "<unset>";
};

/** Labels of a slice count as its spec. Upstream: endpointSliceStrategy PrepareForUpdate. */
const specChanged = (next: V1EndpointSlice, previous: V1EndpointSlice): boolean => {
  const { endpoints, ports: some, metadata, addressType } = next;
  const same =
    endpoints === previous.endpoints &&
    some === previous.ports &&
    metadata.labels === previous.metadata.labels;
  return !(
    same ||
    equal(
      { endpoints, some, addressType, labels: metadata.labels },
      {
        endpoints: previous.endpoints,
        some: previous.ports,
        addressType: previous.addressType,
        labels: previous.metadata.labels,
      },
    )
  );
};

export const endpointSlice: Kind<V1EndpointSlice> = {
  gvk: "discovery.k8s.io/v1/EndpointSlice",
  defaults: (object) =>
    change(object, "ports", (given) =>
      each(given, (port) => fill(port, { name: "", protocol: "TCP" })),
    ),
  specChanged,
  validate({ addressType, endpoints = [], ports: given = [] }) {
    const errors: Errors = [];
    oneOf(errors, new FieldPath("addressType"), addressType, types);
    const at = new FieldPath("endpoints");
    const rule = endpointRules[addressType] ?? endpointRules["FQDN"];
    if (endpoints.length > most.endpoints)
      errors.push(tooMany(at, endpoints.length, most.endpoints));
    else if (types.includes(addressType))
      for (const [i, one] of endpoints.entries()) rule?.(errors, at.index(i), one);
    ports(errors, new FieldPath("ports"), given);
    return errors;
  },
  validateUpdate(next, previous) {
    const errors: Errors = [];
    immutable(errors, new FieldPath("addressType"), next.addressType, previous.addressType);
    return errors;
  },
  columns: columnsOf(
    column(
      "AddressType",
      "string",
      doc("discovery.v1.EndpointSlice.addressType"),
      ({ addressType }: V1EndpointSlice) => addressType,
    ),
    column(
      "Ports",
      "string",
      doc("discovery.v1.EndpointSlice.ports"),
      ({ ports: given }: V1EndpointSlice) =>
        listed((given ?? []).map(({ port, name }) => port ?? name ?? "*")),
    ),
    column(
      "Endpoints",
      "string",
      doc("discovery.v1.EndpointSlice.endpoints"),
      ({ endpoints }: V1EndpointSlice) =>
        listed((endpoints ?? []).flatMap(({ addresses }) => addresses ?? [])),
    ),
  ),
};
