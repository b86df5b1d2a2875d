/**
 * The platform's own paths of a cluster, below `/-/`. One file a route, one line in `registry.ts`.
 * Every route answers JSON or plain text by Accept; errors are Kubernetes Statuses.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import type { ClusterOptions } from "#apiserver/rpc.ts";
import type { AuditWorld } from "#cluster/trace/audit.ts";
import type { TraceFeed } from "#cluster/trace/feed.ts";
import type { Driver } from "#cluster/driver.ts";
import type { ClockWorld } from "./clock.ts";

export interface Platform {
  readonly id: string;
  readonly options: ClusterOptions;
  readonly expiresAtMs: number;
  readonly clock: ClockWorld;
  readonly driver: Driver;
  readonly feed: TraceFeed;
  /** All objects of a kind, e.g. `v1/Node`. */
  list(gvk: string): readonly KubeObject[];
  /** Takes over a WebSocket that follows the trace. */
  acceptTraceSocket(socket: WebSocket): void;
  /** What the audit log needs to know beyond the trace. */
  readonly audit: AuditWorld;
  /** The raw key space, for etcd's own face. */
  readonly etcd: EtcdSource;
}

export interface EtcdRow {
  readonly key: string;
  /** The stored text; "" when only keys are asked for. */
  readonly value: string;
  readonly createRevision: number;
  readonly modRevision: number;
  readonly version: number;
}
export interface EtcdSource {
  readonly revision: number;
  /** Keys in [from, to); `to` "" = exactly `from`; at most `limit` of them and how many there are. */
  range(
    from: string,
    to: string,
    limit: number,
    revision: number | undefined,
  ): { readonly rows: readonly EtcdRow[]; readonly count: number };
}

export interface Route {
  readonly method: "GET" | "POST";
  /** Path below the cluster's URL; a trailing `/*` matches anything below. */
  readonly path: string;
  handle(request: Request, platform: Platform): Response | Promise<Response>;
}
