/** GET <cluster>/-/page: the same static page for every cluster; it finds its cluster by its own address. */
import type { Context } from "hono";
import type { App } from "#edge/env.ts";

export async function getPage({ env, req }: Context<App>): Promise<Response> {
  const page = await env.ASSETS.fetch(new URL("/cluster", req.url));
  const headers = new Headers(page.headers);
  headers.set("referrer-policy", "no-referrer");
  headers.set("cache-control", "no-cache");
  return new Response(page.body, { status: page.status, headers });
}
