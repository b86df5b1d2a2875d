/** Every path of a kubelet's own server. What opens a connection to a container is the API server's to ask. */
import type { HttpAnswer } from "#network/connection.ts";
import type { Endpoint, EndpointWorld } from "./endpoint.ts";
import { configz, healthz, pods, runningPods } from "./pods.ts";
import { metrics, resourceMetrics, summary } from "./stats.ts";

const endpoints: readonly Endpoint[] = [
  healthz,
  pods,
  runningPods,
  configz,
  metrics,
  resourceMetrics,
  summary,
];

const trimmed = (path: string): string => path.replace(/\/+$/, "");

export function served(
  world: EndpointWorld,
  { method, path }: { readonly method: string; readonly path: string },
): HttpAnswer {
  const wanted = trimmed(path.replace(/\?.*$/, ""));
  const found = endpoints.find((one) => trimmed(one.path) === wanted);
  if (found === undefined) return { status: 404, body: "404 page not found\n" };
  if (method !== "GET" && method !== "HEAD")
    return { status: 405, body: "405: Method Not Allowed" };
  return found.answer(world);
}
