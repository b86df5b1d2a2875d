/** Lease. Upstream: pkg/registry/coordination/lease/strategy.go. */
import type { V1Lease } from "#apimachinery/api/coordination-v1.ts";
import { column, columnsOf } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";

export const lease: Kind<V1Lease> = {
  gvk: "coordination.k8s.io/v1/Lease",
  createOnUpdate: true,
  unconditionalUpdate: false,
  columns: columnsOf(
    column("Holder", "string", "Who holds it.", ({ spec }: V1Lease) => spec?.holderIdentity ?? ""),
  ),
};
