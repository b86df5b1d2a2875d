/**
 * Passes a request on to a server inside the cluster and its answer back.
 * Upstream: apimachinery/pkg/util/proxy/{upgradeaware,transport}.go.
 * Differs: links in pages are left as they are, because upstream itself deprecates their rewriting.
 */
import { bytesOf, textOf } from "#apimachinery/byte-text.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { serviceUnavailable, tooLarge } from "#apimachinery/status.ts";
import { handled } from "#apiserver/awaiting.ts";
import type { Stream, StreamCall } from "#apiserver/streams/stream.ts";
import type { Exchanged, ProxyRequest } from "#apiserver/world.ts";

/** Hop by hop, or between the client and this server alone. */
const ownHeaders: ReadonlySet<string> = new Set([
  "authorization",
  "connection",
  "content-length",
  "keep-alive",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
/** As of a request to the API itself. */
const mostBody = 3 * 1024 * 1024;
const verbs: Readonly<Record<string, string>> = {
  GET: "get",
  HEAD: "get",
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

/** Finds out who answers; throws StatusError when nobody can. */
type Reaches = (call: StreamCall, id: string) => (request: ProxyRequest) => Exchanged;

/** `options`: the kind that admission judges. */
export const proxyOf = (resource: string, options: string, reaches: Reaches): Stream => ({
  resource,
  subresource: "proxy",
  methods: [...Object.keys(verbs), "OPTIONS"],
  verb: (method) => verbs[method] ?? "",
  isRaw: true,
  async open(call) {
    const { info } = call.request;
    const path = pathBehind(info.path, `/${resource}/${info.name}/proxy`);
    await handled(
      (one) =>
        call.api.connect(
          one,
          { apiVersion: "v1", kind: options, metadata: {}, path } as unknown as KubeObject,
          "proxied",
        ),
      call.request,
    );
    const exchange = reaches(call, info.name);
    const url = new URL(call.original.url);
    if (path === "")
      return new Response(null, {
        status: 301,
        headers: { location: `${url.pathname}/${url.search}` },
      });
    return answered(call.original.method, exchange(await passedOn(call, path, url)));
  },
});

/** Everything behind the name of the subresource, with its slash. */
const pathBehind = (path: string, mark: string): string =>
  path.slice(path.indexOf(mark) + mark.length);

async function passedOn(
  { original, request }: StreamCall,
  path: string,
  url: URL,
): Promise<ProxyRequest> {
  const headers: Record<string, string> = {};
  for (const [name, value] of original.headers) {
    if (!ownHeaders.has(name) && !name.startsWith("x-kubestep-")) headers[name] = value;
  }
  headers["host"] = url.host;
  headers["x-forwarded-uri"] = request.info.path;
  headers["x-forwarded-host"] = url.host;
  headers["x-forwarded-proto"] = url.protocol.slice(0, -1);
  const sent = original.body === null ? undefined : new Uint8Array(await original.arrayBuffer());
  if (sent !== undefined && sent.length > mostBody) throw tooLarge(`limit is ${mostBody}`);
  if (sent !== undefined) headers["content-length"] = String(sent.length);
  return {
    method: original.method,
    path: encodeURI(path) + url.search,
    userAgent: original.headers.get("user-agent") ?? "",
    headers,
    ...(sent === undefined ? {} : { body: textOf(sent) }),
  };
}

const bodyless: ReadonlySet<number> = new Set([101, 204, 205, 304]);

function answered(method: string, exchanged: Exchanged): Response {
  if ("failure" in exchanged)
    throw serviceUnavailable(`error trying to reach service: ${exchanged.failure}`);
  const { status, headers, body } = exchanged;
  const made = new Headers();
  for (const [name, value] of headers)
    if (method === "HEAD" || name.toLowerCase() !== "content-length") made.append(name, value);
  const hasBody = method !== "HEAD" && !bodyless.has(status);
  return new Response(hasBody ? bytesOf(body) : null, { status, headers: made });
}
