/** Everything below a cluster's URL that is the cluster's own: one fetch to its object, encoded as asked. */
import type { Context } from "hono";
import { noSuchResource, StatusError } from "#apimachinery/status.ts";
import { type Offer, type Wanted, wanted } from "#apiserver/front/accept.ts";
import { mostBodyBytes, readBody } from "#apiserver/front/body.ts";
import { encodedWatch } from "#apiserver/front/encode-watch.ts";
import { encoded } from "#apiserver/front/encode.ts";
import { shownResource } from "#apiserver/front/shown-resource.ts";
import { limitsOf } from "#apiserver/limits.ts";
import { requestInfo } from "#apiserver/http/request-info.ts";
import { Registry, type Resource } from "#apiserver/registry.ts";
import type { RequestInfo } from "#apiserver/request.ts";
import { type Decoded, internalHeaders } from "#apiserver/rpc.ts";
import { type Address, addressOf, stubOf } from "#edge/address.ts";
import type { App, Env } from "#edge/env.ts";
import { socketOf } from "./watch-socket.ts";

const registry = new Registry();
const internalNames = Object.values(internalHeaders);
const bodyless = new Set(["GET", "HEAD"]);

/** Platform paths that the Worker has no answer to. */
export async function toCluster(context: Context<App>): Promise<Response> {
  const address = addressOf(context.req.url);
  if (address === undefined) throw noSuchResource();
  return passed(context.req.raw, address, context.env);
}

function headersFor(request: Request, { key, url }: Address): Headers {
  const headers = new Headers(request.headers);
  for (const name of internalNames) headers.delete(name);
  headers.set(internalHeaders.key, key);
  headers.set(internalHeaders.url, url);
  return headers;
}

const inside = ({ path, search }: Address): string => `http://cluster${path}${search}`;

/** Platform paths: as they are, WebSockets too. */
function passed(request: Request, address: Address, env: Env): Promise<Response> {
  const headers = headersFor(request, address);
  const body = bodyless.has(request.method) ? null : request.body;
  return stubOf(env, address.id).fetch(inside(address), {
    method: request.method,
    headers,
    body,
  });
}

/** Kubernetes' own paths. */
export async function kubernetes(request: Request, address: Address, env: Env): Promise<Response> {
  const { query } = address;
  const info = requestInfo(decoded(address.path), request.method, query);
  const isWatch = info.verb === "watch";
  const named = registry.ofPath(info.group, info.version, info.resource);
  const offer = { isStream: isWatch, hasProtobuf: named !== undefined };
  const form = formOf({ headers: request.headers, query, info, offer });
  const headers = headersFor(request, address);
  const isSocket = isWatch && request.headers.get("upgrade")?.toLowerCase() === "websocket";
  if (isSocket) headers.delete("upgrade");
  const needsTime = isWatch && !(form instanceof StatusError) && form.view === "Table";
  if (needsTime) headers.set(internalHeaders.timed, "1");
  // A resource that is not built in may be a custom one: the cluster tells how to show it.
  const needsShown =
    named === undefined &&
    info.isResource &&
    !(form instanceof StatusError) &&
    form.view !== undefined;
  if (needsShown) headers.set(internalHeaders.shown, "1");
  const { text, decoded: found } = await bodyFor(request, info, named, env);
  const error = form instanceof StatusError ? form.status : found?.error;
  if (found !== undefined || error !== undefined)
    headers.set(internalHeaders.decoded, JSON.stringify({ ...found, error }));
  headers.delete("content-length");
  const answer = await stubOf(env, address.id).fetch(inside(address), {
    method: request.method,
    headers,
    body: text === "" ? null : text,
  });
  if (answer.status === 101 || form instanceof StatusError) return answer;
  const resource =
    info.subresource === ""
      ? (named ?? shownResource(answer.headers.get(internalHeaders.shown)))
      : undefined;
  const encoding = { wanted: form, resource };
  if (!isWatch || !answer.ok) return encoded(answer, encoding);
  const watch = encodedWatch(answer, encoding);
  return isSocket ? socketOf(watch) : watch;
}

/** The form of the answer, or why there is none; what is text by nature has the form it has. */
function formOf({
  headers,
  query,
  info,
  offer,
}: {
  readonly headers: Headers;
  readonly query: URLSearchParams;
  readonly info: RequestInfo;
  readonly offer: Offer;
}): Wanted | StatusError {
  try {
    return wanted(headers, query, info.isResource ? offer : plainOffer);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const isJson = info.isResource && !streams.has(info.subresource);
    return isJson ? error : plainForm;
  }
}
const plainOffer: Offer = { isStream: false, hasProtobuf: true };
/** Subresources that are no objects. */
const streams = new Set(["log", "exec", "attach", "portforward", "proxy"]);
const plainForm: Wanted = {
  encoding: "json",
  view: undefined,
  viewVersion: "v1",
  pretty: false,
  include: "Metadata",
};

async function bodyFor(
  request: Request,
  { verb, subresource }: RequestInfo,
  named: Resource | undefined,
  env: Env,
): Promise<{ readonly text: string; readonly decoded?: Decoded }> {
  if (bodyless.has(request.method)) return { text: "" };
  const isDeletion = verb === "delete" || verb === "deletecollection";
  const kind = named?.facts.subresources?.[subresource]?.kind ?? named?.kindName ?? "object";
  const mostBytes = Math.min(limitsOf(env).requestBytes, mostBodyBytes);
  return readBody(request, isDeletion ? "" : (kind.split("/").at(-1) ?? ""), mostBytes);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
