/** MutatingWebhookConfiguration. Upstream: pkg/registry/admissionregistration/mutatingwebhookconfiguration/strategy.go. */
import type { V1MutatingWebhookConfiguration } from "#apimachinery/api/admissionregistration-v1.ts";
import { column, columnsOf } from "#apiserver/kinds/columns.ts";
import { at as change, each, fill } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { reservedName } from "./reserved-name.ts";
import { webhookDefaults, webhooks } from "./webhook.ts";

export const mutatingWebhookConfiguration: Kind<V1MutatingWebhookConfiguration> = {
  gvk: "admissionregistration.k8s.io/v1/MutatingWebhookConfiguration",
  unconditionalUpdate: false,
  defaults: (object) =>
    change(object, "webhooks", (all) =>
      each(all, (one) => fill(webhookDefaults(one), { reinvocationPolicy: "Never" })),
    ),
  validate: (object) => webhooks(object.webhooks),
  warnings: reservedName,
  columns: columnsOf(
    column(
      "Webhooks",
      "integer",
      "Webhooks indicates the number of webhooks registered in this configuration",
      (object: V1MutatingWebhookConfiguration) => (object.webhooks ?? []).length,
    ),
  ),
};
