/** What the platform gives the Worker (wrangler.toml). */
import type { LimitVariables } from "#apiserver/limits.ts";
import type { ClusterFace } from "#apiserver/rpc.ts";

export interface Env extends LimitVariables {
  readonly CLUSTER: DurableObjectNamespace<ClusterFace & Rpc.DurableObjectBranded>;
  readonly DIRECTORY: D1Database;
  readonly ASSETS: Fetcher;
  /** Hours after which a cluster ends; "0" = never. */
  readonly CLUSTER_HOURS: string;
}
export type App = { Bindings: Env };
