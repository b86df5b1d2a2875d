/** GET /docs, /docs/<name>: a page for browsers, Markdown for terminals, JSON on request. */
import type { Context } from "hono";
import { StatusError } from "#apimachinery/status.ts";
import { formOf, json, text } from "#apiserver/front/plain.ts";
import type { App, Env } from "#edge/env.ts";

interface Head {
  readonly name: string;
  readonly title: string;
  /** One sentence. */
  readonly about: string;
}

const asset = ({ ASSETS }: Env, path: string): Promise<Response> =>
  ASSETS.fetch(`http://assets/docs/${path}`);
const wantsPage = ({ req }: Context<App>): boolean =>
  req.query("o") === undefined && (req.header("accept") ?? "").includes("text/html");

/** Static pages lie without their ending: the platform's assets take `.html` away by a redirect. */
async function pageOf({ env }: Context<App>, path: string, status: number): Promise<Response> {
  const found = await asset(env, path);
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-cache",
    vary: "Accept",
  };
  return new Response(found.body, { status, headers });
}

async function headsOf({ env }: Context<App>): Promise<readonly Head[]> {
  const found = await asset(env, "index.json");
  return found.ok ? found.json() : [];
}

export async function docs(context: Context<App>): Promise<Response> {
  if (wantsPage(context)) return pageOf(context, "", 200);
  const heads = await headsOf(context);
  if (formOf(context.req.raw) === "json") return json({ documents: heads });
  const host = new URL(context.req.url).origin;
  const lines = heads.map(({ name, title, about }) => `${host}/docs/${name}\n  ${title}: ${about}`);
  return text(lines.join("\n"));
}

export async function document(context: Context<App>): Promise<Response> {
  const name = (context.req.param("name") ?? "").replace(/\.md$/, "");
  const heads = await headsOf(context);
  const head = heads.find((one) => one.name === name);
  if (head === undefined) {
    if (wantsPage(context)) return pageOf(context, "not-found", 404);
    throw noDocument(name, heads);
  }
  if (wantsPage(context)) return pageOf(context, name, 200);
  const markdown = await (await asset(context.env, `${name}.md`)).text();
  return formOf(context.req.raw) === "json" ? json({ ...head, markdown }) : text(markdown);
}

const noDocument = (name: string, heads: readonly Head[]): StatusError =>
  new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: `there is no document ${JSON.stringify(name)}; there are ${heads.map((one) => one.name).join(", ")}`,
    reason: "NotFound",
    details: { name, kind: "documents" },
    code: 404,
  });
