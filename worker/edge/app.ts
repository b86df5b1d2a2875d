/** The Worker's routes, all of them. Errors are Statuses: JSON for programs, text for people at a terminal. */
import { type ExecutionContext, Hono } from "hono";
import { internalError, noSuchResource, StatusError } from "#apimachinery/status.ts";
import { addressOf } from "#apiserver/front/address.ts";
import { formOf, refusal } from "#apiserver/front/plain.ts";
import type { App, Env } from "./env.ts";
import { kubernetes, toCluster } from "./routes/cluster.ts";
import { addCluster, createCluster, deleteCluster, getCluster } from "./routes/create.ts";
import { docs, document } from "./routes/docs.ts";
import { landing, lessons } from "./routes/landing.ts";
import { getLesson, postAnswer } from "./routes/lesson.ts";
import { getPage } from "./routes/page.ts";

const router = new Hono<App>();

router.get("/", landing);
router.get("/lessons", lessons);
router.get("/docs", docs);
router.get("/docs/:name", document);
router.post("/clusters", createCluster);
router.get("/clusters/:cluster/-/", getCluster);
router.delete("/clusters/:cluster/-/", deleteCluster);
router.post("/clusters/:cluster/-/clusters", addCluster);
router.get("/clusters/:cluster/-/page", getPage);
router.get("/clusters/:cluster/-/lesson", getLesson);
router.post("/clusters/:cluster/-/answer", postAnswer);
router.all("/clusters/:cluster/*", toCluster);
router.get("*", async ({ env, req }) => {
  const found = await env.ASSETS.fetch(req.raw);
  if (found.status !== 404) return found;
  throw noSuchResource();
});

router.notFound(({ req }) => refusal(noSuchResource(), formOf(req.raw)));
router.onError((error, { req }) => refused(error, req.raw));

function refused(error: Error, request: Request): Response {
  const known = error instanceof StatusError ? error : internalError(error.message);
  // What nobody foresaw belongs in the log, not in the answer alone.
  if (!(error instanceof StatusError)) console.error(error);
  const isKubernetes = /^\/clusters\/[^/]+\/(?!-\/)/.test(new URL(request.url).pathname);
  return refusal(known, isKubernetes ? "json" : formOf(request));
}

/** Kubernetes' own paths go past the router: nearly all requests have one, and all of them go the same way. */
async function handle(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
  const address = addressOf(request.url);
  if (address === undefined || address.path.startsWith("/-/"))
    return router.fetch(request, env, context);
  try {
    return await kubernetes(request, address, env);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return refused(error, request);
  }
}

export const app = { fetch: handle };
