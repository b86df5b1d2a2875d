/** Namespace. Upstream: pkg/registry/core/namespace/strategy.go, apiserver/pkg/admission/plugin/namespace/lifecycle. */
import type { V1Namespace } from "#apimachinery/api/core-v1.ts";
import { dns1123Label } from "#apimachinery/names.ts";
import { column, columnsOf } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";

const nameLabel = "kubernetes.io/metadata.name";
const kept = new Set(["default", "kube-system", "kube-public"]);

export const namespace: Kind<V1Namespace> = {
  gvk: "v1/Namespace",
  name: dns1123Label,
  defaults(object) {
    const { name, labels } = object.metadata;
    if (!name || labels?.[nameLabel] === name) return object;
    return {
      ...object,
      metadata: { ...object.metadata, labels: { ...labels, [nameLabel]: name } },
    };
  },
  prepareForCreate: (object) => ({
    ...object,
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  }),
  prepareForUpdate: (next, { spec }) => ({ ...next, ...(spec === undefined ? {} : { spec }) }),
  columns: columnsOf(
    column(
      "Status",
      "string",
      "Whether the namespace is being deleted.",
      ({ status }: V1Namespace) => status?.phase ?? "",
    ),
  ),
  fields: { "status.phase": ({ status }) => status?.phase ?? "" },
  holdsDeletion: ({ spec }) => (spec?.finalizers ?? []).length > 0,
  prepareForDelete: (object) => ({ ...object, status: { ...object.status, phase: "Terminating" } }),
  refuseDelete: ({ metadata }) =>
    kept.has(metadata.name ?? "") ? "this namespace may not be deleted" : undefined,
};
