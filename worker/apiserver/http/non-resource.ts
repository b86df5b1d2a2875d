/** Paths that are no resources: discovery, health, version, OpenAPI. One line each. */
import { noSuchResource } from "#apimachinery/status.ts";
import {
  aggregatedGroups,
  apiVersions,
  groupDocument,
  groupList,
  resourceList,
  rootPaths,
} from "#apiserver/front/discovery.ts";
import { healthz } from "./health.ts";
import { openApi } from "./openapi.ts";
import { openId } from "./openid.ts";
import { metrics } from "./metrics.ts";
import type { ServeWorld } from "./serve.ts";
import { version } from "./version.ts";

export type NonResource = (
  request: Request,
  path: string,
  world: ServeWorld,
) => Response | undefined | Promise<Response | undefined>;

const json = (value: unknown): Response =>
  Response.json(value, { headers: { "cache-control": "no-cache, private" } });

const aggregatedTypes = [
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
  "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList",
];

/** The first accepted form of discovery that we have. Upstream: pkg/endpoints/discovery/aggregated/wrapper.go. */
function aggregated(request: Request, core: boolean): Response | undefined {
  const accept = (request.headers.get("accept") ?? "").replaceAll(" ", "");
  const type = accept
    .split(",")
    .map((one) => one.replace(/;q=[\d.]+$/, ""))
    .find((one) => one === "application/json" || aggregatedTypes.includes(one));
  if (type === undefined || type === "application/json") return undefined;
  const { text, etag } = aggregatedGroups(core, type.includes("v2beta1") ? "v2beta1" : "v2");
  const headers = { "content-type": type, etag, vary: "Accept", "cache-control": "public" };
  if (request.headers.get("if-none-match") === etag)
    return new Response(null, { status: 304, headers });
  return new Response(text, { headers });
}

const discovery: NonResource = (request, path) => {
  const parts = path.split("/").filter((part) => part !== "");
  const [head, group = "", groupVersion = ""] = parts;
  if (head === "api") {
    if (parts.length === 1) return aggregated(request, true) ?? json(apiVersions());
    const list = parts.length === 2 ? resourceList("", group) : undefined;
    return list === undefined ? undefined : json(list);
  }
  if (head !== "apis") return undefined;
  if (parts.length === 1) return aggregated(request, false) ?? json(groupList());
  const document =
    parts.length === 2
      ? groupDocument(group)
      : parts.length === 3
        ? resourceList(group, groupVersion)
        : undefined;
  return document === undefined ? undefined : json(document);
};

const root: NonResource = (_, path) => (path === "/" ? json({ paths: rootPaths() }) : undefined);

const handlers: readonly NonResource[] = [
  root,
  discovery,
  version,
  healthz,
  metrics,
  openApi,
  openId,
];

export async function nonResource(
  request: Request,
  path: string,
  world: ServeWorld,
): Promise<Response> {
  if (request.method === "GET" || request.method === "HEAD") {
    for (const handle of handlers) {
      const answer = await handle(request, path, world);
      if (answer !== undefined) return answer;
    }
  }
  throw noSuchResource();
}
