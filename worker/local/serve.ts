/** kubestep on this machine: workerd through miniflare, with direct sockets, D1, static files and a folder that persists. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { bundleWorker } from "./bundle.ts";

const root = join(import.meta.dirname, "../..");
/** wrangler.toml has the same one. */
const compatibilityDate = "2026-10-23";

export interface ServeOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** Where clusters are kept; undefined: in memory. */
  readonly persistTo?: string | undefined;
  /** Hours after which a cluster ends, 0 = never. */
  readonly clusterHours?: number | undefined;
  /** Where webhooks may be called besides public addresses: origins such as `http://127.0.0.1:9443`. */
  readonly webhookOrigins?: readonly string[] | undefined;
  /** Bundled text, when it is at hand already. */
  readonly script?: string | undefined;
  /** Opens workerd's inspector here, for profiles. */
  readonly inspectorPort?: number | undefined;
}
export interface Served {
  readonly url: string;
  readonly workerdPid: number | undefined;
  close(): Promise<void>;
}

export async function serve({
  host,
  port,
  persistTo,
  clusterHours = 0,
  webhookOrigins = [],
  script,
  inspectorPort,
}: ServeOptions): Promise<Served> {
  const contents = script ?? (await bundleWorker());
  const site = join(root, "content/site");
  if (!existsSync(site)) throw new Error("content/site is missing: run `npm run build` first");
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      log: new Log(LogLevel.WARN),
      logRequests: false,
      cf: false,
      ...(inspectorPort === undefined ? {} : { inspectorPort }),
      ...(persistTo === undefined ? {} : { resourcePersistencePath: persistTo }),
      workers: [
        {
          name: "kubestep",
          modules: [{ type: "ESModule", path: "index.js", contents }],
          compatibilityDate,
          bindings: {
            CLUSTER_HOURS: String(clusterHours),
            WEBHOOK_ORIGINS: webhookOrigins.join(" "),
          },
          durableObjects: { CLUSTER: { className: "Cluster", useSQLite: true } },
          d1Databases: { DIRECTORY: "kubestep-directory" },
          assets: {
            directory: site,
            binding: "ASSETS",
            routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true },
          },
          unsafeDirectSockets: [{ host, port }],
        },
      ],
    }),
  );
  await miniflare.ready;
  await migrateDirectory(miniflare);
  const direct = await miniflare.unsafeGetDirectURL("kubestep");
  return { url: direct.origin, workerdPid: undefined, close: () => miniflare.dispose() };
}

/** D1's own bookkeeping of migrations, as wrangler keeps it. */
async function migrateDirectory(miniflare: Miniflare): Promise<void> {
  const database = await miniflare.getD1Database("DIRECTORY", "kubestep");
  await database.exec(
    "CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)",
  );
  const { results } = await database
    .prepare("SELECT name FROM d1_migrations")
    .all<{ name: string }>();
  const applied = new Set(results.map(({ name }) => name));
  const folder = join(root, "migrations/directory");
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .toSorted()) {
    if (applied.has(name)) continue;
    const statements = readFileSync(join(folder, name), "utf8").split("--> statement-breakpoint");
    await database.batch([
      ...statements.map((sql) => database.prepare(sql)),
      database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name),
    ]);
  }
}
