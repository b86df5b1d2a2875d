/** ValidatingWebhookConfiguration. Upstream: pkg/registry/admissionregistration/validatingwebhookconfiguration/strategy.go. */
import type { V1ValidatingWebhookConfiguration } from "#apimachinery/api/admissionregistration-v1.ts";
import { column, columnsOf } from "#apiserver/kinds/columns.ts";
import { at as change, each } from "#apiserver/kinds/fill.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { reservedName } from "./reserved-name.ts";
import { webhookDefaults, webhooks } from "./webhook.ts";

export const validatingWebhookConfiguration: Kind<V1ValidatingWebhookConfiguration> = {
  gvk: "admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration",
  unconditionalUpdate: false,
  defaults: (object) => change(object, "webhooks", (all) => each(all, webhookDefaults)),
  validate: (object) => webhooks(object.webhooks),
  warnings: reservedName,
  columns: columnsOf(
    column(
      "Webhooks",
      "integer",
      "Webhooks indicates the number of webhooks registered in this configuration",
      (object: V1ValidatingWebhookConfiguration) => (object.webhooks ?? []).length,
    ),
  ),
};
