/** EndpointSlice. Upstream: pkg/registry/discovery/endpointslice/strategy.go, pkg/apis/discovery/validation. */
import type {
  V1Endpoint,
  V1EndpointHints,
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
import { dns1123Label, dns1123Subdomain, labelValue, qualifiedName } from "#apimachinery/names.ts";
import { column, columnsOf, doc } from "#apiserver/kinds/columns.ts";
import { at as change, each, fill, without } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import {
  ip,
  ipWarnings,
  isIpv6,
  notSpecial,
  strictIpProblems,
} from "#apiserver/kinds/rules/address.ts";
import { type Errors, immutable, named, oneOf, remembered } from "#apiserver/kinds/rules/rule.ts";

const types = ["FQDN", "IPv4", "IPv6"];
const protocols = ["SCTP", "TCP", "UDP"];
const most = { addresses: 100, ports: 20_000, endpoints: 1000, zoneHints: 8, nodeHints: 8 };

/** Upstream: apimachinery/pkg/util/validation IsFullyQualifiedDomainName. */
function domainName(errors: Errors, at: FieldPath, text: string): void {
  if (text === "") {
    errors.push(required(at));
    return;
  }
  const name = text.replace(/\.$/, "");
  const problems = dns1123Subdomain(name);
  const labels = name.split(".");
  const bad = labels.find((label) => dns1123Label(label).length > 0);
  if (problems.length > 0) errors.push(invalid(at, name, problems.join(",")));
  else if (labels.length < 2)
    errors.push(
      invalid(at, name, "should be a domain with at least two segments separated by dots"),
    );
  else if (bad !== undefined) errors.push(invalid(at, bad, dns1123Label(bad).join(",")));
}

/** `all`: where the addresses stand, for what upstream says of them together. */
function address(errors: Errors, all: FieldPath, i: number, text: string, type: string): void {
  const at = all.index(i);
  if (type === "FQDN") domainName(errors, at, text);
  if (type !== "IPv4" && type !== "IPv6") return;
  const before = errors.length;
  if (type === "IPv4") ip(errors, at, text);
  else for (const problem of strictIpProblems(text)) errors.push(invalid(at, text, problem));
  if (errors.length > before) return;
  if (isIpv6(text) !== (type === "IPv6"))
    errors.push(invalid(all, text, `must be an ${type} address`));
  notSpecial(errors, at, text);
}

function hints(errors: Errors, at: FieldPath, given: V1EndpointHints): void {
  for (const [field, limit, rule] of [
    ["forZones", most.zoneHints, labelValue],
    ["forNodes", most.nodeHints, dns1123Subdomain],
  ] as const) {
    const names = given[field] ?? [];
    const path = at.child(field);
    if (names.length > limit) {
      errors.push(tooMany(path, names.length, limit));
      return;
    }
    for (const [i, { name = "" }] of names.entries()) {
      const here = path.index(i).child("name");
      if (names.findIndex((one) => one.name === name) < i) errors.push(duplicate(here, name));
      named(errors, here, name, rule);
    }
  }
}

/** The controller passes on what has not changed: it is looked at once. */
const endpointOf = (type: string): ((errors: Errors, at: FieldPath, given: V1Endpoint) => void) =>
  remembered<V1Endpoint>((errors, at, given) => {
    const { addresses = [], hostname, nodeName } = given;
    const here = at.child("addresses");
    if (addresses.length === 0) errors.push(required(here, "must contain at least 1 address"));
    else if (addresses.length > most.addresses)
      errors.push(tooMany(here, addresses.length, most.addresses));
    for (const [i, text] of addresses.entries()) address(errors, here, i, text, type);
    if (nodeName !== undefined) named(errors, at.child("nodeName"), nodeName, dns1123Subdomain);
    if (hostname !== undefined) named(errors, at.child("hostname"), hostname, dns1123Label);
    if (given.hints !== undefined) hints(errors, at.child("hints"), given.hints);
  });
/** Of a type that is not known, addresses are not looked at. */
const otherEndpoint = endpointOf("");
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

const endpointsAt = new FieldPath("endpoints");

function judged(slice: V1EndpointSlice, previous: V1EndpointSlice | undefined): Errors {
  const errors: Errors = [];
  const { addressType, endpoints = [], ports: given = [] } = slice;
  oneOf(errors, new FieldPath("addressType"), addressType, types);
  ports(errors, new FieldPath("ports"), given);
  const before = errors.length;
  if (endpoints.length > most.endpoints)
    errors.push(tooMany(endpointsAt, endpoints.length, most.endpoints));
  else {
    const rule = endpointRules[addressType] ?? otherEndpoint;
    for (const [i, one] of endpoints.entries()) rule(errors, endpointsAt.index(i), one);
  }
  // What older versions took may stay.
  if (errors.length > before && equal(endpoints, previous?.endpoints)) errors.length = before;
  return errors;
}

const managedBy = "endpointslice.kubernetes.io/managed-by";
/** They set right what they are given. */
const ownManagers: ReadonlySet<string> = new Set([
  "endpointslice-controller.k8s.io",
  "endpointslicemirroring-controller.k8s.io",
]);

/** Of v1beta1 alone. Upstream: dropTopologyOnV1. */
const withoutTopology = (slice: V1EndpointSlice): V1EndpointSlice =>
  change(slice, "endpoints", (endpoints) =>
    each(endpoints, (endpoint) => without(endpoint, "deprecatedTopology")),
  );

export const endpointSlice: Kind<V1EndpointSlice> = {
  gvk: "discovery.k8s.io/v1/EndpointSlice",
  defaults: (object) =>
    change(object, "ports", (given) =>
      each(given, (port) => fill(port, { name: "", protocol: "TCP" })),
    ),
  specChanged,
  prepareForCreate: withoutTopology,
  prepareForUpdate: (next, previous) =>
    next.endpoints === previous.endpoints ? next : withoutTopology(next),
  validateCreate: (slice) => judged(slice, undefined),
  validateUpdate(next, previous) {
    const errors = judged(next, previous);
    immutable(errors, new FieldPath("addressType"), next.addressType, previous.addressType);
    return errors;
  },
  warnings({ addressType, metadata, endpoints = [] }, previous) {
    const ofAddresses = ownManagers.has(metadata.labels?.[managedBy] ?? "")
      ? []
      : endpoints.flatMap(({ addresses = [] }, i) =>
          addresses.flatMap((text, j) =>
            ipWarnings(endpointsAt.index(i).child("addresses").index(j), text),
          ),
        );
    return previous === undefined && addressType === "FQDN"
      ? // The path is upstream's.
        ["spec.addressType: FQDN endpoints are deprecated", ...ofAddresses]
      : ofAddresses;
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
