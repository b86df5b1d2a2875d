/**
 * The API client of every component: typed verbs over an injected transport.
 *
 * Synchronous, because the API server is next door; a refusal is thrown as `StatusError`.
 * Returned objects are frozen and shared: change them by copying along the path.
 * Upstream: client-go/kubernetes, rest.
 */
import type { KubeObject } from "#apimachinery/object.ts";

/** `v1/Pod`, `apps/v1/Deployment`: apiVersion, slash, kind. */
export type Gvk = string;

export interface ListOptions {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}
export interface DeleteRequest {
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan" | undefined;
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}
/** Which object, and which of its subresources ("" = the object itself). */
export interface Target {
  readonly kind: Gvk;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly subresource?: string | undefined;
}

export interface Client {
  /** Throws NotFound. Reads the newest state, as a quorum read does. */
  get<T extends KubeObject>(target: Target): T;
  list<T extends KubeObject>(kind: Gvk, options?: ListOptions): readonly T[];
  /** POST. The kind stands in the object. `generateName` works. */
  create<T extends KubeObject>(object: T): T;
  /** POST to a subresource: `binding`, `eviction`, `token`. */
  createSub<T extends KubeObject>(target: Target, body: KubeObject): T;
  /** PUT; a stale resourceVersion is a Conflict. */
  update<T extends KubeObject>(object: T): T;
  /** PUT /status. */
  updateStatus<T extends KubeObject>(object: T): T;
  /** Server-side apply of a status, by force: what it leaves out is left to others. */
  applyStatus<T extends KubeObject>(configuration: T, fieldManager: string): T;
  /** PUT to another subresource, e.g. a Namespace's `finalize`. */
  updateSub<T extends KubeObject>(subresource: string, object: T): T;
  /** PATCH as a pure function of the current object; the same reference back = nothing to write. */
  patch<T extends KubeObject>(target: Target, apply: (current: T) => T): T;
  delete(target: Target, options?: DeleteRequest): void;
  /** DELETE of a collection. */
  deleteCollection(kind: Gvk, options: ListOptions & DeleteRequest): void;
}

/** The key of an object in caches and queues: `namespace/name`, or `name` when cluster-scoped. */
export const keyOf = ({ metadata }: KubeObject): string =>
  metadata.namespace ? `${metadata.namespace}/${metadata.name}` : (metadata.name ?? "");
/** The two halves of a key; namespace "" when cluster-scoped. */
export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf("/");
  return { namespace: slash < 0 ? "" : key.slice(0, slash), name: key.slice(slash + 1) };
}
export const gvkOf = (object: KubeObject): Gvk => `${object.apiVersion}/${object.kind}`;
