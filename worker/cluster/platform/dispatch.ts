/** Finds the route of a platform path and turns refusals into answers. */
import { methodNotRouted, noSuchResource, StatusError } from "#apimachinery/status.ts";
import { formOf, refusal } from "#apiserver/front/plain.ts";
import type { Platform, Route } from "./platform.ts";
import { routes } from "./registry.ts";

const covers = (route: Route, path: string): boolean =>
  route.path.endsWith("/*") ? path.startsWith(route.path.slice(0, -1)) : path === route.path;

/** `path` is the one below the cluster's URL. */
export async function dispatch(
  request: Request,
  path: string,
  platform: Platform,
): Promise<Response> {
  try {
    const there = routes.filter((route) => covers(route, path));
    if (there.length === 0) throw noSuchResource();
    const route = there.find(({ method }) => method === request.method);
    if (route === undefined) throw methodNotRouted();
    return await route.handle(request, platform);
  } catch (error) {
    if (error instanceof StatusError) return refusal(error, formOf(request));
    throw error;
  }
}
