/**
 * Informers: what a component knows of the cluster, kept current by list and watch.
 *
 * They are indexes, never copies: an object here is the very object of the API server's cache, frozen.
 * Upstream: client-go/tools/cache.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import type { Gvk } from "./client.ts";

export interface WatchEvent<T extends KubeObject = KubeObject> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly key: string;
  /** The new state; on DELETED the last one. */
  readonly object: T;
  readonly previous: T | undefined;
  /** The revision that caused the event; the list's for initial ADDEDs. */
  readonly revision: number;
}

export interface Lister<T extends KubeObject = KubeObject> {
  get(key: string): T | undefined;
  /** All, or those of one namespace, in key order of arrival. */
  list(namespace?: string): readonly T[];
  /** Objects under one value of a named index (see `Informer.addIndex`). */
  byIndex(index: string, value: string): readonly T[];
  /** How many, without building a list. */
  countIndex(index: string, value: string): number;
  readonly size: number;
}

export interface Informer<T extends KubeObject = KubeObject> extends Lister<T> {
  /** Adding the same name again is a no-op (informers are shared). */
  addIndex(name: string, valuesOf: (object: T) => readonly string[]): void;
  /** Handlers run in order of registration, after the informer has the new state. */
  onEvent(handler: (event: WatchEvent<T>) => void): void;
}

/** One per program (controller manager, scheduler, kubelets): informers are shared inside. */
export interface Informers {
  informer<T extends KubeObject>(kind: Gvk): Informer<T>;
}

/** Index by the uid of the controlling owner, on every informer from the start. */
export const byOwner = "owner";
/** Index by namespace, on every informer from the start. */
export const byNamespace = "namespace";
