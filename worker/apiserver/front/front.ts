/**
 * The stateless half of the API server as a whole: what a client sends becomes what the cluster reads, and its
 * answer what the client asked for. Whoever lets a request in calls it: the edge, and containers.
 */
import { StatusError } from "#apimachinery/status.ts";
import { requestInfo } from "#apiserver/http/request-info.ts";
import { Registry } from "#apiserver/registry.ts";
import type { RequestInfo } from "#apiserver/request.ts";
import { frontHeader, type FrontWord, shownHeader } from "#apiserver/rpc.ts";
import { isForPeople, type Offer, type Wanted, wanted } from "./accept.ts";
import type { Address } from "./address.ts";
import { bodyLimit, isBodyless, isPlainJson, kindAt, readBody } from "./body.ts";
import { encodedWatch } from "./encode-watch.ts";
import { encoded } from "./encode.ts";
import { shownAt, shownResource } from "./shown-resource.ts";

const registry = new Registry();

/** What lies behind the front. */
export interface Back {
  fetch(request: Request): Promise<Response>;
  /** What a body may have. */
  readonly requestBytes: number;
  /** A watch over a WebSocket; the back has none of it. */
  socketOf(watch: Response): Response;
}

/** One request of Kubernetes' own paths. Throws StatusError. */
export async function fronted(request: Request, address: Address, back: Back): Promise<Response> {
  const { query } = address;
  if (isPlain(request, address, back)) return back.fetch(request);
  const info = requestInfo(decoded(address.path), request.method, query);
  if (info.isResource && info.subresource === "proxy") return passedOn(request, back);
  const isWatch = info.verb === "watch";
  const named = registry.ofPath(info.group, info.version, info.resource);
  const offer = {
    isStream: isWatch,
    hasProtobuf: named !== undefined,
    hasTable: named === undefined || named.facts.verbs.includes("get"),
  };
  const form = formOf({ headers: request.headers, query, info, offer });
  const isSocket = isWatch && request.headers.get("upgrade")?.toLowerCase() === "websocket";
  const view = form instanceof StatusError ? undefined : form.view;
  const mostBytes = bodyLimit(back);
  const isReadable = isBodyless(request) || isPlainJson(request, mostBytes);
  const body = isReadable ? undefined : await readBody(request, kindAt(info, named), mostBytes);
  const error = form instanceof StatusError ? form.status : body?.decoded.error;
  const word: FrontWord = {
    ...(body === undefined && error === undefined
      ? {}
      : { decoded: { contentType: "", ...body?.decoded, error } }),
    ...(isWatch && view === "Table" ? { timed: true } : {}),
    // A resource that is not built in may be a custom one: the cluster tells how to show it.
    ...(named === undefined && info.isResource && view !== undefined ? { shown: true } : {}),
  };
  const isAsItCame =
    !isSocket && Object.keys(word).length === 0 && !request.headers.has(frontHeader);
  const answer = await back.fetch(isAsItCame ? request : retold(request, word, body?.text));
  if (answer.status === 101 || form instanceof StatusError) return answer;
  const told = named ?? shownResource(answer.headers.get(shownHeader));
  const resource = shownAt(info.subresource, told);
  const encoding = { wanted: form, resource };
  if (!isWatch || !answer.ok) return encoded(answer, encoding);
  const watch = encodedWatch(answer, encoding);
  return isSocket ? back.socketOf(watch) : watch;
}

/** A body for a server inside the cluster, and its answer, are none of the API's: they go as they come. */
const passedOn = (request: Request, back: Back): Promise<Response> =>
  back.fetch(request.headers.has(frontHeader) ? retold(request, {}, undefined) : request);

/** JSON in and JSON out, as programs talk: the front has nothing to do. */
function isPlain(request: Request, { path, search, query }: Address, back: Back): boolean {
  const { headers } = request;
  return (
    headers.get("accept") === "application/json" &&
    !isForPeople(headers.get("user-agent") ?? "", query) &&
    !path.includes("/watch/") &&
    !search.includes("watch") &&
    (isBodyless(request) || isPlainJson(request, bodyLimit(back))) &&
    !headers.has("upgrade") &&
    !headers.has(frontHeader)
  );
}

/** The request with the front's word; `text` is what became of its body, if that was read. */
function retold(request: Request, word: FrontWord, text: string | undefined): Request {
  const headers = new Headers(request.headers);
  headers.set(frontHeader, JSON.stringify(word));
  // The socket of a watch is held here.
  headers.delete("upgrade");
  if (text === undefined) return new Request(request, { headers });
  headers.delete("content-length");
  const { url, method } = request;
  return new Request(url, { method, headers, body: text === "" ? null : text });
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
const plainOffer: Offer = { isStream: false, hasProtobuf: true, hasTable: true };
/** Subresources that are no objects. */
const streams = new Set(["log", "exec", "attach", "portforward", "proxy"]);
const plainForm: Wanted = {
  encoding: "json",
  view: undefined,
  viewVersion: "v1",
  pretty: false,
  include: "Metadata",
};

function decoded(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
