/**
 * Paths that are no resources: discovery, health, version, OpenAPI. One line each.
 * Upstream: apiserver/pkg/server/genericapiserver.go PrepareRun.
 * Differs: /statusz and /flagz are not served, because no process is behind them that has flags and a start of its own.
 */
import { noSuchResource } from "#apimachinery/status.ts";
import { unreachable } from "#apiserver/aggregation.ts";
import { discovery, root } from "./discovery.ts";
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
  const [, , group = "", version = ""] = path.split("/");
  throw unreachable(world.api, group, version) ?? noSuchResource();
}
