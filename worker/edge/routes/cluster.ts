/** Everything below a cluster's URL that is the cluster's own: one fetch to its object, encoded as asked. */
import type { Context } from "hono";
import { noSuchResource } from "#apimachinery/status.ts";
import { type Address, addressOf } from "#apiserver/front/address.ts";
import { type Back, fronted } from "#apiserver/front/front.ts";
import { requestBytesOf } from "#apiserver/limits.ts";
import { stubOf } from "#edge/address.ts";
import type { App, Env } from "#edge/env.ts";
import { socketOf } from "./watch-socket.ts";

/** Platform paths that the Worker has no answer to. */
export async function toCluster(context: Context<App>): Promise<Response> {
  const address = addressOf(context.req.url);
  if (address === undefined) throw noSuchResource();
  return stubOf(context.env, address.id).fetch(context.req.raw);
}

/** Kubernetes' own paths. */
export function kubernetes(request: Request, address: Address, env: Env): Promise<Response> {
  const back: Back = {
    fetch: (asked) => stubOf(env, address.id).fetch(asked),
    requestBytes: requestBytesOf(env),
    socketOf,
  };
  return fronted(request, address, back);
}
