import { defineConfig } from "drizzle-kit";

/** D1: which clusters there are, and whose collection they belong to. */
export default defineConfig({
  dialect: "sqlite",
  schema: ["./worker/directory/schema.ts"],
  out: "./migrations/directory",
});
