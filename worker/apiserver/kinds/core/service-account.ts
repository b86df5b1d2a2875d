/** ServiceAccount. Upstream: pkg/registry/core/serviceaccount/strategy.go. */
import type { V1ServiceAccount } from "#apimachinery/api/core-v1.ts";
import { columnsOf } from "#apiserver/kinds/columns.ts";
import { at as change, each } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";

/** Of a secret only its name means anything. Upstream: cleanSecretReferences. */
const withNamesOnly = (object: V1ServiceAccount): V1ServiceAccount =>
  change(object, "secrets", (secrets) =>
    each(secrets, (one) =>
      Object.keys(one).every((field) => field === "name") ? one : { name: one.name },
    ),
  );

const bindable = "kubernetes.io/enforce-mountable-secrets";

export const serviceAccount: Kind<V1ServiceAccount> = {
  gvk: "v1/ServiceAccount",
  prepareForCreate: withNamesOnly,
  prepareForUpdate: withNamesOnly,
  warnings: ({ metadata }, previous) =>
    metadata.annotations?.[bindable] !== undefined &&
    previous?.metadata.annotations?.[bindable] === undefined
      ? [
          `metadata.annotations[${bindable}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
        ]
      : [],
  columns: columnsOf(),
};
