/** The bare route, served exactly as the product is. */
import { bundleWorker } from "#local/bundle.ts";
import { serve } from "#local/serve.ts";

export interface Bare {
  readonly url: string;
  close(): Promise<void>;
}

export async function startBare(persistTo: string): Promise<Bare> {
  const script = await bundleWorker("test/bench/bare/worker.ts");
  return serve({ host: "127.0.0.1", port: 0, persistTo, script });
}
