import { defineConfig } from "drizzle-kit";

/** The Durable Object's tables: etcd's log, and the machines' disks. */
export default defineConfig({
  dialect: "sqlite",
  driver: "durable-sqlite",
  schema: ["./worker/store/schema.ts", "./worker/cluster/host/schema.ts"],
  out: "./migrations/store",
});
