/**
 * GET /openapi/v3 and its documents, /openapi/v2: built from the API's facts, served as static files.
 * Upstream: kube-openapi/pkg/handler3/handler.go, pkg/handler/handler.go.
 * Differs: v2 is served as JSON alone; clients that want it as protobuf get 406 and go on without it.
 */
import { clausesOf } from "#apiserver/front/accept.ts";
import { notAcceptable } from "#apimachinery/status.ts";
import type { NonResource } from "./non-resource.ts";
import type { ServeWorld } from "./serve.ts";

const index = "/openapi/v3";
const v2 = "/openapi/v2";

interface Index {
  readonly paths: Readonly<Record<string, { readonly serverRelativeURL: string }>>;
}
/** Hashes stand in the index; it is the same for all clusters. */
let kept: Index | undefined;

async function hashOf(path: string, { assets }: ServeWorld): Promise<string> {
  if (kept === undefined) {
    const found = await assets.fetch(`http://assets${index}/index.json`);
    if (!found.ok) return "";
    kept = (await found.json()) as Index;
  }
  const url = kept.paths[path.slice(index.length + 1)]?.serverRelativeURL ?? "";
  return /\?hash=(\w+)$/.exec(url)?.[1] ?? "";
}

export const openApi: NonResource = async (request, path, world) => {
  if (path !== index && path !== v2 && !path.startsWith(`${index}/`)) return undefined;
  if (path === v2 && !takesJson(request)) throw notAcceptable(["application/json"]);
  const found = await world.assets.fetch(
    `http://assets${path === index ? `${index}/index` : path}.json`,
  );
  if (!found.ok) return undefined;
  const hash = await hashOf(path, world);
  const etag = hash === "" ? (found.headers.get("etag") ?? "") : `"${hash}"`;
  const asked = new URL(request.url).searchParams.get("hash") ?? "";
  if (asked !== "" && hash !== "" && asked !== hash)
    return new Response(null, { status: 301, headers: { location: `?hash=${hash}` } });
  const headers = new Headers({
    "content-type": "application/json",
    // Another hash is another address: this one's document never changes.
    "cache-control": asked === "" ? "public" : "public, immutable",
    vary: "Accept",
  });
  if (etag !== "") headers.set("etag", etag);
  if (etag !== "" && request.headers.get("if-none-match") === etag) {
    headers.delete("content-type");
    return new Response(null, { status: 304, headers });
  }
  return new Response(found.body, { headers });
};

const takesJson = (request: Request): boolean => {
  const accept = request.headers.get("accept") ?? "";
  const types = ["application/json", "application/*", "*/*"];
  return accept === "" || clausesOf(accept).some(({ type }) => types.includes(type));
};
