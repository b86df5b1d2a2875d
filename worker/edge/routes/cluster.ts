/** Everything below a cluster's URL that is the cluster's own: one fetch to its object, encoded as asked. */
import type { Context } from "hono";
import { noSuchResource, notAcceptable } from "#apimachinery/status.ts";
import { mediaTypes, wanted } from "#apiserver/front/accept.ts";
import { readBody } from "#apiserver/front/body.ts";
import { encoded } from "#apiserver/front/encode.ts";
import type { Include } from "#apiserver/front/table.ts";
import { requestInfo } from "#apiserver/http/request-info.ts";
import { statusResponse } from "#apiserver/http/serve.ts";
import { Registry } from "#apiserver/registry.ts";
import { internalHeaders } from "#apiserver/rpc.ts";
import { type Address, addressOf, stubOf } from "#edge/address.ts";
import type { App, Env } from "#edge/env.ts";

const registry = new Registry();
const bodyless = new Set(["GET", "HEAD"]);

export async function toCluster(context: Context<App>): Promise<Response> {
  const address = addressOf(context.req.url);
  if (address === undefined) throw noSuchResource();
  return address.path.startsWith("/-/")
    ? passed(context.req.raw, address, context.env)
    : kubernetes(context.req.raw, address, context.env);
}

function headersFor(request: Request, { key, url }: Address): Headers {
  const headers = new Headers(request.headers);
  for (const name of Object.values(internalHeaders)) headers.delete(name);
  headers.set(internalHeaders.key, key);
  headers.set(internalHeaders.url, url);
  return headers;
}

const inside = (request: Request, { path }: Address): string =>
  `http://cluster${path}${new URL(request.url).search}`;

/** Platform paths: as they are, WebSockets too. */
function passed(request: Request, address: Address, env: Env): Promise<Response> {
  const headers = headersFor(request, address);
  const body = bodyless.has(request.method) ? null : request.body;
  return stubOf(env, address.id).fetch(inside(request, address), {
    method: request.method,
    headers,
    body,
  });
}

async function kubernetes(request: Request, address: Address, env: Env): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const headers = headersFor(request, address);
  const info = requestInfo(decoded(address.path), request.method, query);
  let body: string | null = null;
  if (!bodyless.has(request.method)) {
    const read = await readBody(request);
    headers.set(internalHeaders.decoded, JSON.stringify(read.decoded));
    body = read.text === "" ? null : read.text;
  }
  headers.delete("content-length");
  const answer = await stubOf(env, address.id).fetch(inside(request, address), {
    method: request.method,
    headers,
    body,
  });
  if (!info.isResource || answer.status === 101) return answer;
  const form = wanted(request.headers.get("accept"), query);
  if (form === undefined) {
    if (!answer.ok || info.subresource === "log") return answer;
    await answer.body?.cancel();
    return statusResponse(notAcceptable(mediaTypes));
  }
  const resource =
    info.subresource === "" ? registry.ofPath(info.group, info.version, info.resource) : undefined;
  const include = (query.get("includeObject") ?? "Metadata") as Include;
  return encoded(answer, { wanted: form, resource, include, watching: info.verb === "watch" });
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
