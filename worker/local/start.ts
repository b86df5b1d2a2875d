/**
 * `npm start -- --port N --host H --persist-to DIR --hours N`: kubestep on this machine, until Ctrl-C or SIGTERM.
 * `--webhook-origin http://127.0.0.1:9443` (as often as you like) lets admission webhooks be called there.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildSite } from "#content/build/build.ts";
import { serve } from "./serve.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8787" },
    host: { type: "string", default: "127.0.0.1" },
    "persist-to": { type: "string", default: join(import.meta.dirname, "../../.kubestep") },
    hours: { type: "string", default: "0" },
    "webhook-origin": { type: "string", multiple: true, default: [] },
  },
});
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535)
  throw new Error(`--port ${values.port}: give a number from 0 to 65535`);

await buildSite();
const served = await serve({
  host: values.host,
  port,
  persistTo: values["persist-to"],
  clusterHours: Number(values.hours),
  webhookOrigins: values["webhook-origin"],
}).catch((error: unknown) => {
  const text = String(error);
  if (/address already in use|EADDRINUSE/i.test(text)) {
    console.error(`port ${port} is taken: npm start -- --port ${port + 1}`);
    process.exit(1);
  }
  throw error;
});
const { url } = served;
console.log(`kubestep is ready
  page     ${url}/
  curl     H=${url}; curl $H
  kubectl  curl -sX POST "${url}/clusters?o=kubeconfig" > kubeconfig && kubectl --kubeconfig kubeconfig get nodes`);

let ending = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (ending) return;
    ending = true;
    void served.close().finally(() => process.exit(0));
  });
}
