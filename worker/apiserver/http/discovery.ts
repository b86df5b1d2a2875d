/** GET /, /api, /apis and what lies directly below them. Upstream: apiserver/pkg/endpoints/discovery/aggregated/wrapper.go, pkg/server/routes/index.go. */
import { clausesOf } from "#apiserver/front/accept.ts";
import { apiVersions, type Discovery, discoveryOf } from "#apiserver/front/discovery.ts";
import { healthPaths } from "./health.ts";
import { jsonAnswer as json } from "./json-answer.ts";
import type { NonResource } from "./non-resource.ts";
import type { ServeWorld } from "./serve.ts";

const aggregatedType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const jsonTypes = ["application/json", "application/*", "*/*"];

const of = ({ api }: ServeWorld): Discovery => discoveryOf(api.registry.facts);

/** The aggregated form for whoever names it; everybody else gets the old one. */
function aggregated(request: Request, core: boolean, discovery: Discovery): Response | undefined {
  const asked = clausesOf(request.headers.get("accept") ?? "").some(
    ({ type, parameters }) =>
      jsonTypes.includes(type) &&
      parameters.get("g") === "apidiscovery.k8s.io" &&
      parameters.get("v") === "v2" &&
      parameters.get("as") === "APIGroupDiscoveryList",
  );
  if (!asked) return undefined;
  const { text, etag } = discovery.aggregated(core);
  const headers = { etag, vary: "Accept", "cache-control": "public" };
  return request.headers.get("if-none-match") === etag
    ? new Response(null, { status: 304, headers })
    : new Response(text, { headers: { ...headers, "content-type": aggregatedType } });
}

export const discovery: NonResource = (request, path, world) => {
  const [head, group, version, ...more] = path.split("/").filter((part) => part !== "");
  if ((head !== "api" && head !== "apis") || more.length > 0) return undefined;
  const known = of(world);
  const isCore = head === "api";
  if (group === undefined)
    return aggregated(request, isCore, known) ?? json(isCore ? apiVersions() : known.groupList());
  if (isCore) return version === undefined ? found(known.resourceList("", group)) : undefined;
  return found(version === undefined ? known.group(group) : known.resourceList(group, version));
};

const found = (document: object | undefined): Response | undefined =>
  document === undefined ? undefined : json(document);

const otherPaths = [
  "/.well-known/openid-configuration",
  "/api",
  "/apis",
  "/apis/",
  "/metrics",
  "/openapi/v2",
  "/openapi/v3",
  "/openapi/v3/",
  "/openid/v1/jwks",
  "/version",
];

/** All paths there are, for people who look around. */
export const root: NonResource = (_, path, world) =>
  path === "/"
    ? json({ paths: [...otherPaths, ...healthPaths(), ...of(world).paths()].toSorted() })
    : undefined;
