/** ServiceAccount. Upstream: pkg/registry/core/serviceaccount/strategy.go. */
import type { V1ServiceAccount } from "#apimachinery/api/core-v1.ts";
import { columnsOf } from "#apiserver/kinds/columns.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";

const bindable = "kubernetes.io/enforce-mountable-secrets";

export const serviceAccount: Kind<V1ServiceAccount> = {
  gvk: "v1/ServiceAccount",
  warnings: ({ metadata }, previous) =>
    metadata.annotations?.[bindable] !== undefined &&
    previous?.metadata.annotations?.[bindable] === undefined
      ? [
          `metadata.annotations[${bindable}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
        ]
      : [],
  columns: columnsOf(),
};
