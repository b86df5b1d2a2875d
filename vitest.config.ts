/**
 * Three projects: `node` (pure code), `workerd` (Worker and Durable Objects inside workerd, with
 * evictions), `e2e` (the product as people run it, driven by kubectl, helm, curl's requests and a browser).
 */
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

const workerd = cloudflareTest(async () => ({
  wrangler: { configPath: "./wrangler.toml" },
  miniflare: {
    bindings: {
      TEST_MIGRATIONS: await readD1Migrations("migrations/directory"),
      CLUSTER_HOURS: "0",
    },
  },
}));

/** What the platform's bundler does with a migration: its text is a module. */
const sqlText = {
  name: "sql-text",
  transform: (code: string, id: string) =>
    id.endsWith(".sql") ? `export default ${JSON.stringify(code)};` : undefined,
};

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [sqlText],
        // The whole product in one process: test/support/api.ts.
        resolve: {
          alias: {
            "cloudflare:workers": join(import.meta.dirname, "test/support/platform/workers.ts"),
          },
        },
        test: {
          name: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["test/workerd/**", "test/e2e/**", "test/conformance/**"],
          // One module graph a worker: what a file needs of the product is loaded once, not once a file.
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 30_000,
          // node:sqlite still calls itself experimental.
          execArgv: ["--disable-warning=ExperimentalWarning"],
        },
      },
      {
        plugins: [workerd],
        test: {
          name: "workerd",
          include: ["test/workerd/**/*.test.ts"],
          setupFiles: ["test/workerd/setup.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts", "test/conformance/**/*.test.ts"],
          globalSetup: ["test/support/global.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
