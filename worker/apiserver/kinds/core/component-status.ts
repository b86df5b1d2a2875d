/** ComponentStatus, deprecated since 1.19: shown, never written. Upstream: pkg/registry/core/componentstatus. */
import type { V1ComponentStatus } from "#apimachinery/api/core-v1.ts";
import { column, nameColumn } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";

const healthy = ({ conditions = [] }: V1ComponentStatus): (typeof conditions)[number] | undefined =>
  conditions.find(({ type }) => type === "Healthy");
const words: Readonly<Record<string, string>> = { True: "Healthy", False: "Unhealthy" };

export const componentStatus: Kind<V1ComponentStatus> = {
  gvk: "v1/ComponentStatus",
  deprecation: "v1 ComponentStatus is deprecated in v1.19+",
  columns: [
    nameColumn,
    column(
      "Status",
      "string",
      "Status of the component conditions",
      (object) => words[healthy(object)?.status ?? ""] ?? "Unknown",
    ),
    column(
      "Message",
      "string",
      "Message of the component conditions",
      (object) => healthy(object)?.message ?? "",
    ),
    column(
      "Error",
      "string",
      "Error of the component conditions",
      (object) => healthy(object)?.error ?? "",
    ),
  ],
};
