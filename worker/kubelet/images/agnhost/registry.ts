/** Every subcommand of agnhost that is here. */
import { crdConversionWebhook } from "./crd-conversion-webhook.ts";
import { liveness } from "./liveness.ts";
import { logsGenerator } from "./logs-generator.ts";
import { mounttest } from "./mounttest.ts";
import { netexec, serveHostname } from "./netexec.ts";
import type { Subcommand } from "./subcommand.ts";
import { webhook } from "./webhook.ts";

export const subcommands: readonly Subcommand[] = [
  netexec,
  serveHostname,
  liveness,
  webhook,
  crdConversionWebhook,
  mounttest,
  logsGenerator,
];
