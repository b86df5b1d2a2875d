/** Endpoints, the older form of EndpointSlice. Upstream: pkg/registry/core/endpoint/strategy.go. */
import type { V1Endpoints } from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { column, columnsOf, doc } from "#apiserver/kinds/columns.ts";
import { at as change, each, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { endpointErrors, endpointWarnings } from "./endpoint-rules.ts";

const shown = 3;
function addresses({ subsets = [] }: V1Endpoints): string {
  const all = subsets.flatMap(({ addresses: ready = [], ports = [] }) =>
    ports.length === 0
      ? ready.map(({ ip }) => ip)
      : ports.flatMap(({ port }) =>
          ready.map(({ ip }) => (ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`)),
        ),
  );
  if (subsets.length === 0) return "<none>";
  return all.length > shown
    ? `${all.slice(0, shown).join(",")} + ${all.length - shown} more...`
    : all.join(",");
}
export const endpoints: Kind<V1Endpoints> = {
  gvk: "v1/Endpoints",
  createOnUpdate: true,
  defaults: (object) =>
    change(object, "subsets", (subsets) =>
      each(subsets, (subset) =>
        change(subset, "ports", (ports) => each(ports, (port) => fill(port, { protocol: "TCP" }))),
      ),
    ),
  deprecation: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  validateCreate: endpointErrors,
  /** Odd addresses that were there may stay. */
  validateUpdate: (next, previous) =>
    equal(next.subsets, previous.subsets) ? [] : endpointErrors(next),
  warnings: endpointWarnings,
  columns: columnsOf(column("Endpoints", "string", doc("core.v1.Endpoints.subsets"), addresses)),
};
