/**
 * The wire below the client: given by the cluster, which joins it to the API server.
 * A component never sees it.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import type { Explanation } from "#apimachinery/trace.ts";
import type { DeleteRequest, Gvk, ListOptions } from "./client.ts";
import type { Identity } from "./component.ts";
import type { WatchEvent } from "./informer.ts";

export interface Call {
  readonly verb: "get" | "list" | "create" | "update" | "patch" | "delete" | "deletecollection";
  readonly kind: Gvk;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  readonly body?: KubeObject | undefined;
  readonly apply?: ((current: never) => unknown) | undefined;
  /** Server-side apply, by force, in the name of. */
  readonly configuration?:
    | { readonly value: KubeObject; readonly fieldManager: string }
    | undefined;
  readonly list?: ListOptions | undefined;
  readonly delete?: DeleteRequest | undefined;
  /** What was found out for the step that asks, when it had to wait; see apiserver/awaiting.ts. */
  readonly answers?: ReadonlyMap<string, unknown> | undefined;
}

export interface Answer {
  readonly object: KubeObject | undefined;
  readonly items?: readonly KubeObject[] | undefined;
  /** False: nothing was different, so no revision was made. */
  readonly wrote: boolean;
}

export interface Transport {
  /** Throws StatusError. `explanation` rides on the revision written. */
  call(identity: Identity, call: Call, cause: number, explanation: Explanation | undefined): Answer;
  /**
   * All objects of a kind now, and every later change, synchronously after its commit.
   * `identity` must be allowed to list and watch.
   */
  listAndWatch(
    identity: Identity,
    kind: Gvk,
    sink: (event: WatchEvent) => void,
  ): { readonly objects: readonly KubeObject[]; readonly revision: number };
}
