/** How a scale is shown; it is stored nowhere. Upstream: pkg/printers/internalversion/printers.go printScale. */
import type { V1Scale } from "#apimachinery/api/autoscaling-v1.ts";
import { ageColumn, column, doc, nameColumn } from "#apiserver/kinds/columns.ts";
import type { Column } from "#apiserver/kinds/kind.ts";

export const scaleColumns: readonly Column<V1Scale>[] = [
  { ...nameColumn, format: "" },
  column(
    "Desired",
    "integer",
    doc("autoscaling.v1.ScaleSpec.replicas"),
    ({ spec }) => spec?.replicas ?? 0,
  ),
  column(
    "Available",
    "integer",
    doc("autoscaling.v1.ScaleStatus.replicas"),
    ({ status }) => status?.replicas ?? 0,
  ),
  ageColumn,
];
