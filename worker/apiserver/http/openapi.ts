/**
 * GET /openapi/v3 and its documents, /openapi/v2. Those of the built-in API are static files, built from the
 * API's facts; those of custom resources are made of the definitions there are.
 * Upstream: kube-openapi/pkg/handler3/handler.go, pkg/handler/handler.go.
 * Differs: v2 as protobuf tells definitions alone, because no client of today looks at its paths.
 */
import { clausesOf } from "#apiserver/front/accept.ts";
import { notAcceptable } from "#apimachinery/status.ts";
import type { Resource } from "#apiserver/registry.ts";
import {
  customDocument,
  customParts,
  documentHash,
  type OpenApiDocument,
} from "#apiserver/openapi/custom.ts";
import { definitionsProtobuf } from "#apiserver/openapi/protobuf.ts";
import { withParts } from "#apiserver/openapi/v2.ts";
import type { NonResource } from "./non-resource.ts";
import type { ServeWorld } from "./serve.ts";

const index = "/openapi/v3";
const v2 = "/openapi/v2";
/** The second is what clients ask for, but no media type (`@`): the answer has the first. */
const v2Protobuf = [
  "application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
  "application/com.github.proto-openapi.spec.v2@v1.0+protobuf",
] as const;

interface Index {
  readonly paths: Readonly<Record<string, { readonly serverRelativeURL: string }>>;
}
/** Hashes stand in the index; the built-in one is the same for all clusters. */
let kept: Index | undefined;

async function builtInIndex({ assets }: ServeWorld): Promise<Index | undefined> {
  if (kept !== undefined) return kept;
  const found = await assets.fetch(`http://assets${index}/index.json`);
  if (found.ok) kept = await found.json<Index>();
  return kept;
}

interface Served {
  readonly body: string | ReadableStream | null;
  readonly hash: string;
  readonly etag: string;
}

export const openApi: NonResource = async (request, path, world) => {
  if (path !== index && path !== v2 && !path.startsWith(`${index}/`)) return undefined;
  const customs = world.api.registry.all.filter(({ custom }) => custom?.served === true);
  if (path === v2 && !takesJson(request)) return protobuf(request, customs, world);
  if (path === v2 && customs.length > 0) return answered(request, await wholeV2(customs, world));
  const custom = Map.groupBy(customs, ({ apiVersion }) => `apis/${apiVersion}`);
  if (path === index && custom.size > 0) return wholeIndex(world, custom);
  const own = custom.get(path.slice(index.length + 1));
  const found = own === undefined ? await file(path, world) : await made(own, world);
  return found === undefined ? undefined : answered(request, found);
};

async function file(path: string, world: ServeWorld): Promise<Served | undefined> {
  const found = await world.assets.fetch(
    `http://assets${path === index ? `${index}/index` : path}.json`,
  );
  if (!found.ok) return undefined;
  const paths = (await builtInIndex(world))?.paths;
  const url = paths?.[path.slice(index.length + 1)]?.serverRelativeURL ?? "";
  const hash = /\?hash=(\w+)$/.exec(url)?.[1] ?? "";
  return { body: found.body, hash, etag: found.headers.get("etag") ?? "" };
}

async function made(resources: readonly Resource[], { assets }: ServeWorld): Promise<Served> {
  const core = await assets.fetch(`http://assets${index}/api/v1.json`);
  const builtIn = core.ok ? await core.json<OpenApiDocument>() : {};
  const body = JSON.stringify(customDocument(resources, builtIn));
  return { body, hash: documentHash(resources), etag: "" };
}

/** The built-in document with what the custom ones add. */
async function wholeV2(customs: readonly Resource[], { assets }: ServeWorld): Promise<Served> {
  const found = await assets.fetch(`http://assets${v2}.json`);
  const body = withParts(await found.text(), customParts(customs));
  return { body, hash: documentHash(customs), etag: "" };
}

async function wholeIndex(
  world: ServeWorld,
  custom: ReadonlyMap<string, readonly Resource[]>,
): Promise<Response> {
  const own = [...custom].map(([path, resources]) => [
    path,
    { serverRelativeURL: `${index}/${path}?hash=${documentHash(resources)}` },
  ]);
  const paths = { ...(await builtInIndex(world))?.paths, ...Object.fromEntries(own) };
  return Response.json({ paths }, { headers: { "cache-control": "no-cache, private" } });
}

/** Upstream: kube-openapi/pkg/handler/handler.go: the type asked for. */
async function protobuf(
  request: Request,
  customs: readonly Resource[],
  { assets }: ServeWorld,
): Promise<Response> {
  const accept = request.headers.get("accept") ?? "";
  if (!clausesOf(accept).some(({ type }) => (v2Protobuf as readonly string[]).includes(type)))
    throw notAcceptable(["application/json", ...v2Protobuf]);
  const found = await assets.fetch(`http://assets${v2}.pb`);
  const body =
    customs.length === 0
      ? found.body
      : new Blob([
          await found.arrayBuffer(),
          definitionsProtobuf({ ...customParts(customs).definitions }),
        ]).stream();
  return new Response(body, {
    status: found.status,
    headers: {
      "content-type": v2Protobuf[0],
      "cache-control": "no-cache, private",
      vary: "Accept",
    },
  });
}

function answered(request: Request, { body, hash, etag: given }: Served): Response {
  const etag = hash === "" ? given : `"${hash}"`;
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
  return new Response(body, { headers });
}

const takesJson = (request: Request): boolean => {
  const accept = request.headers.get("accept") ?? "";
  const types = ["application/json", "application/*", "*/*"];
  return accept === "" || clausesOf(accept).some(({ type }) => types.includes(type));
};
