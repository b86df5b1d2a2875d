/** GET /openapi/v3 and its documents, /openapi/v2: built from the API's facts, served as static files. */
import type { NonResource } from "./non-resource.ts";

export const openApi: NonResource = async (request, path, { assets }) => {
  if (path !== "/openapi/v3" && path !== "/openapi/v2" && !path.startsWith("/openapi/v3/"))
    return undefined;
  const file = path === "/openapi/v3" ? "/openapi/v3/index.json" : `${path}.json`;
  const found = await assets.fetch(`http://assets${file}`);
  if (!found.ok) return undefined;
  const etag = found.headers.get("etag") ?? "";
  const headers = new Headers({
    "content-type": "application/json",
    "cache-control": "public",
    vary: "Accept",
  });
  if (etag !== "") headers.set("etag", etag);
  if (etag !== "" && request.headers.get("if-none-match") === etag)
    return new Response(null, { status: 304, headers });
  return new Response(found.body, { headers });
};
