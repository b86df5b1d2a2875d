/**
 * The informers of one program, shared by its components.
 * Upstream: client-go/informers/factory.go, tools/cache/thread_safe_store.go.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import { type Gvk, keyOf } from "./client.ts";
import type { Identity } from "./component.ts";
import {
  byNamespace,
  byOwner,
  type Informer,
  type Informers,
  type WatchEvent,
} from "./informer.ts";
import type { Transport } from "./transport.ts";

type ValuesOf<T> = (object: T) => readonly string[];
interface Index<T> {
  readonly valuesOf: ValuesOf<T>;
  /** value → key → object; a bucket is never empty. */
  readonly buckets: Map<string, Map<string, T>>;
}

const none: readonly never[] = [];

class SharedInformer<T extends KubeObject> implements Informer<T> {
  readonly #objects = new Map<string, T>();
  readonly #indexes = new Map<string, Index<T>>();
  readonly #handlers: ((event: WatchEvent<T>) => void)[] = [];

  constructor() {
    this.addIndex(byOwner, (object) => {
      const owner = object.metadata.ownerReferences?.find((reference) => reference.controller);
      return owner === undefined ? none : [owner.uid];
    });
    this.addIndex(byNamespace, ({ metadata: { namespace } }) => (namespace ? [namespace] : none));
  }

  get size(): number {
    return this.#objects.size;
  }
  get(key: string): T | undefined {
    return this.#objects.get(key);
  }
  list(namespace?: string): readonly T[] {
    return namespace === undefined
      ? [...this.#objects.values()]
      : this.byIndex(byNamespace, namespace);
  }
  byIndex(index: string, value: string): readonly T[] {
    const bucket = this.#indexes.get(index)?.buckets.get(value);
    return bucket === undefined ? none : [...bucket.values()];
  }
  countIndex(index: string, value: string): number {
    return this.#indexes.get(index)?.buckets.get(value)?.size ?? 0;
  }
  addIndex(name: string, valuesOf: ValuesOf<T>): void {
    if (this.#indexes.has(name)) return;
    const index: Index<T> = { valuesOf, buckets: new Map() };
    this.#indexes.set(name, index);
    for (const [key, object] of this.#objects) enter(index, valuesOf(object), key, object);
  }
  onEvent(handler: (event: WatchEvent<T>) => void): void {
    this.#handlers.push(handler);
  }

  /** Takes one event of the watch: state first, then handlers. */
  apply(event: WatchEvent<T>): void {
    const { key, object, type } = event;
    const previous = this.#objects.get(key);
    if (type === "DELETED") this.#objects.delete(key);
    else this.#objects.set(key, object);
    for (const index of this.#indexes.values()) {
      const before = previous === undefined ? none : index.valuesOf(previous);
      const after = type === "DELETED" ? none : index.valuesOf(object);
      for (const value of before) if (!after.includes(value)) leave(index, value, key);
      enter(index, after, key, object);
    }
    for (const handler of this.#handlers) handler(event);
  }
}

function enter<T>(index: Index<T>, values: readonly string[], key: string, object: T): void {
  for (const value of values) {
    const bucket = index.buckets.get(value);
    if (bucket === undefined) index.buckets.set(value, new Map([[key, object]]));
    else bucket.set(key, object);
  }
}

function leave<T>(index: Index<T>, value: string, key: string): void {
  const bucket = index.buckets.get(value);
  bucket?.delete(key);
  if (bucket?.size === 0) index.buckets.delete(value);
}

/** Lists and watches each kind once, as `identity`, however many components ask for it. */
export class SharedInformers implements Informers {
  readonly #transport: Transport;
  readonly #identity: Identity;
  readonly #informers = new Map<Gvk, SharedInformer<KubeObject>>();
  readonly #synced = new Set<Gvk>();
  #running = false;

  constructor(transport: Transport, identity: Identity) {
    this.#transport = transport;
    this.#identity = identity;
  }

  informer<T extends KubeObject>(kind: Gvk): Informer<T> {
    const present = this.#informers.get(kind);
    if (present !== undefined) return present as unknown as Informer<T>;
    const made = new SharedInformer<KubeObject>();
    this.#informers.set(kind, made);
    if (this.#running) this.#sync(kind, made);
    return made as unknown as Informer<T>;
  }

  /** Starts every informer asked for so far; handlers see all objects as ADDED, in order of kinds and keys. */
  run(): void {
    this.#running = true;
    for (const [kind, informer] of this.#informers) this.#sync(kind, informer);
  }

  /** Once each: a handler may ask for another kind while the first ones start. */
  #sync(kind: Gvk, informer: SharedInformer<KubeObject>): void {
    if (this.#synced.has(kind)) return;
    this.#synced.add(kind);
    const { objects, revision } = this.#transport.listAndWatch(this.#identity, kind, (event) =>
      informer.apply(event),
    );
    for (const object of objects) {
      informer.apply({ type: "ADDED", key: keyOf(object), object, previous: undefined, revision });
    }
  }
}
