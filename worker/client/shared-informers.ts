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
/** Where an object lies: once, in whatever indexes it is, so that a new state is one assignment. */
interface Cell<T> {
  object: T;
}
interface Index<T> {
  readonly valuesOf: ValuesOf<T>;
  /** value → key → cell; a bucket is never empty. */
  readonly buckets: Map<string, Map<string, Cell<T>>>;
}

const none: readonly never[] = [];

class SharedInformer<T extends KubeObject> implements Informer<T> {
  readonly #cells = new Map<string, Cell<T>>();
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
    return this.#cells.size;
  }
  get(key: string): T | undefined {
    return this.#cells.get(key)?.object;
  }
  list(namespace?: string): readonly T[] {
    return namespace === undefined ? objectsOf(this.#cells) : this.byIndex(byNamespace, namespace);
  }
  byIndex(index: string, value: string): readonly T[] {
    const bucket = this.#indexes.get(index)?.buckets.get(value);
    return bucket === undefined ? none : objectsOf(bucket);
  }
  countIndex(index: string, value: string): number {
    return this.#indexes.get(index)?.buckets.get(value)?.size ?? 0;
  }
  addIndex(name: string, valuesOf: ValuesOf<T>): void {
    if (this.#indexes.has(name)) return;
    const index: Index<T> = { valuesOf, buckets: new Map() };
    this.#indexes.set(name, index);
    for (const [key, cell] of this.#cells) enter(index, valuesOf(cell.object), key, cell);
  }
  onEvent(handler: (event: WatchEvent<T>) => void): void {
    this.#handlers.push(handler);
  }

  /** Takes one event of the watch: state first, then handlers. */
  apply(event: WatchEvent<T>): void {
    const { key, object, type } = event;
    const present = this.#cells.get(key);
    if (type === "DELETED") this.#drop(key, present);
    else if (present === undefined) this.#add(key, object);
    else this.#change(key, present, object);
    for (const handler of this.#handlers) handler(event);
  }

  #add(key: string, object: T): void {
    const cell = { object };
    this.#cells.set(key, cell);
    for (const index of this.#indexes.values()) enter(index, index.valuesOf(object), key, cell);
  }
  #drop(key: string, cell: Cell<T> | undefined): void {
    if (cell === undefined) return;
    this.#cells.delete(key);
    for (const index of this.#indexes.values()) {
      for (const value of index.valuesOf(cell.object)) leave(index, value, key);
    }
  }
  #change(key: string, cell: Cell<T>, object: T): void {
    const { object: previous } = cell;
    cell.object = object;
    for (const index of this.#indexes.values()) {
      const before = index.valuesOf(previous);
      const after = index.valuesOf(object);
      for (const value of before) if (!after.includes(value)) leave(index, value, key);
      const gained = after.filter((value) => !before.includes(value));
      if (gained.length > 0) enter(index, gained, key, cell);
    }
  }
}

const objectsOf = <T>(cells: ReadonlyMap<string, Cell<T>>): readonly T[] =>
  Array.from(cells.values(), ({ object }) => object);

function enter<T>(index: Index<T>, values: readonly string[], key: string, cell: Cell<T>): void {
  for (const value of values) {
    const bucket = index.buckets.get(value);
    if (bucket === undefined) index.buckets.set(value, new Map([[key, cell]]));
    else bucket.set(key, cell);
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
