/** One kubestep for all end-to-end tests, each of which makes clusters of its own. */
import type { TestProject } from "vitest/node";
import { serve } from "#local/serve.ts";

declare module "vitest" {
  interface ProvidedContext {
    host: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const served = await serve({ host: "127.0.0.1", port: 0 });
  project.provide("host", served.url);
  return served.close;
}
