/** EndpointSlice. Upstream: pkg/registry/discovery/endpointslice/strategy.go. */
import type { V1EndpointSlice } from "#apimachinery/api/discovery-v1.ts";
import { FieldPath, invalid, unsupported } from "#apimachinery/field.ts";
import { column, columnsOf } from "#apiserver/kinds/columns.ts";
import { at as change, each, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";

const types = ["FQDN", "IPv4", "IPv6"];
const shown = 3;
const listed = (items: readonly (string | number)[], none: string): string => {
  if (items.length === 0) return none;
  const head = items.slice(0, shown).join(",");
  return items.length > shown ? `${head} + ${items.length - shown} more...` : head;
};

export const endpointSlice: Kind<V1EndpointSlice> = {
  gvk: "discovery.k8s.io/v1/EndpointSlice",
  defaults: (object) =>
    change(object, "ports", (ports) =>
      each(ports, (port) => fill(port, { name: "", protocol: "TCP" })),
    ),
  validate: ({ addressType }) =>
    types.includes(addressType)
      ? []
      : [unsupported(new FieldPath("addressType"), addressType, types)],
  validateUpdate: (next, previous) =>
    next.addressType === previous.addressType
      ? []
      : [invalid(new FieldPath("addressType"), next.addressType, "field is immutable")],
  columns: columnsOf(
    column(
      "AddressType",
      "string",
      "IPv4, IPv6 or FQDN.",
      ({ addressType }: V1EndpointSlice) => addressType,
    ),
    column("Ports", "string", "Ports of the endpoints.", ({ ports }: V1EndpointSlice) =>
      listed(
        (ports ?? []).map(({ port, name }) => port ?? name ?? "*"),
        "<unset>",
      ),
    ),
    column(
      "Endpoints",
      "string",
      "Addresses behind the Service.",
      ({ endpoints }: V1EndpointSlice) =>
        listed(
          (endpoints ?? []).flatMap(({ addresses }) => addresses ?? []),
          "<unset>",
        ),
    ),
  ),
};
