/** The Worker's routes, all of them. Errors are Statuses: JSON for programs, text for people at a terminal. */
import { Hono } from "hono";
import { internalError, noSuchResource, StatusError } from "#apimachinery/status.ts";
import { formOf, refusal } from "#apiserver/front/plain.ts";
import type { App } from "./env.ts";
import { toCluster } from "./routes/cluster.ts";
import { addCluster, createCluster, deleteCluster, getCluster } from "./routes/create.ts";
import { docs, document } from "./routes/docs.ts";
import { landing, lessons } from "./routes/landing.ts";
import { getLesson, postAnswer } from "./routes/lesson.ts";
import { getPage } from "./routes/page.ts";

export const app = new Hono<App>();

app.get("/", landing);
app.get("/lessons", lessons);
app.get("/docs", docs);
app.get("/docs/:name", document);
app.post("/clusters", createCluster);
app.get("/clusters/:cluster/-/", getCluster);
app.delete("/clusters/:cluster/-/", deleteCluster);
app.post("/clusters/:cluster/-/clusters", addCluster);
app.get("/clusters/:cluster/-/page", getPage);
app.get("/clusters/:cluster/-/lesson", getLesson);
app.post("/clusters/:cluster/-/answer", postAnswer);
app.all("/clusters/:cluster", toCluster);
app.all("/clusters/:cluster/*", toCluster);
app.get("*", async ({ env, req }) => {
  const found = await env.ASSETS.fetch(req.raw);
  if (found.status !== 404) return found;
  throw noSuchResource();
});

app.notFound(({ req }) => refusal(noSuchResource(), formOf(req.raw)));
app.onError((error, { req }) => {
  const known = error instanceof StatusError ? error : internalError(error.message);
  // What nobody foresaw belongs in the log, not in the answer alone.
  if (!(error instanceof StatusError)) console.error(error);
  const isKubernetes = /^\/clusters\/[^/]+\/(?!-\/)/.test(new URL(req.url).pathname);
  return refusal(known, isKubernetes ? "json" : formOf(req.raw));
});
