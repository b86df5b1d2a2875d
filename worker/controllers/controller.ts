/**
 * One controller of the controller manager, as a typed constant.
 *
 * To add one: a file `controllers/<name>.ts` exporting a `Controller`, one line in `registry.ts`.
 * Decide in a pure function (`plan`), act in `reconcile`; read from listers, write through the
 * client, return when to come back. Level-triggered: the key carries no event.
 * Upstream: cmd/kube-controller-manager/app/controller_descriptor.go.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import type { Gvk } from "#client/client.ts";
import type { Result, Step } from "#client/component.ts";
import type { Lister, WatchEvent } from "#client/informer.ts";
import type { CustomKind } from "./custom-kinds.ts";
import type { Signer } from "./signer.ts";

/** Reads of the shared informers; only kinds named in `watches`, `owns` or `maps` may be asked. */
export interface Listers {
  lister<T extends KubeObject>(kind: Gvk): Lister<T>;
}

export interface Controller {
  /** Event source and trace actor: `deployment-controller`. */
  readonly name: string;
  /** Service account in kube-system it acts as; RBAC role `system:controller:<account>`. "" = the manager itself. */
  readonly account: string;
  /** Keys are those of objects of this kind. */
  readonly watches: Gvk;
  /** Does an event of that kind matter? Left out: each does. */
  heeds?(event: WatchEvent): boolean;
  /** Objects of these kinds enqueue the key of their controlling owner of kind `watches`. */
  readonly owns?: readonly Gvk[];
  /** Other kinds, mapped to keys. */
  readonly maps?: Readonly<Record<Gvk, (event: WatchEvent, listers: Listers) => readonly string[]>>;
  /** Kinds that definitions make, in the version that controllers speak, mapped to keys. */
  mapsCustom?(event: WatchEvent, listers: Listers, custom: CustomKind): readonly string[];
  /** Extra indexes: kind → index name → values. */
  readonly indexes?: Readonly<
    Record<Gvk, Readonly<Record<string, (object: never) => readonly string[]>>>
  >;
  reconcile(key: string, step: ControllerStep): Result;
}

export interface ControllerStep extends Step, Listers {
  readonly signer: Signer;
}
