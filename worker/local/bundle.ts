/** The Worker as one module, for workerd on this machine. */
import { build } from "esbuild";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** Bundled ES module text. */
export async function bundleWorker(entry = "worker/index.ts"): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, entry)],
    bundle: true,
    format: "esm",
    target: "es2024",
    platform: "browser",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    loader: { ".sql": "text" },
    write: false,
    logLevel: "warning",
  });
  return outputFiles[0]?.text ?? "";
}
