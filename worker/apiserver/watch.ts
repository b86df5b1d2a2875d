/**
 * Watches: what the store writes, told to whoever asked, in order.
 *
 * Components hear of frozen objects synchronously, after the commit. People get text: one encoding
 * of an event for all of them, and no byte leaves before the write is durable.
 * Upstream: apiserver/pkg/storage/cacher, pkg/endpoints/handlers/watch.go.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import type { Change } from "#store/entry.ts";
import type { Store } from "#store/store.ts";
import { type OwnershipTexts, withManagedFields } from "./ownership/served.ts";
import type { Registry, Resource } from "./registry.ts";

export interface ObjectEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** `namespace/name`, or `name`. */
  readonly key: string;
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
  readonly revision: number;
}
export type Sink = (event: ObjectEvent) => void;

/** One event on its way to people; its encodings are made once, when the first of them needs one. */
export class Delivery {
  readonly resource: Resource;
  readonly change: Change;
  readonly #fields: OwnershipTexts;
  #text: string | undefined;
  readonly #lines = new Map<string, Uint8Array>();
  constructor(resource: Resource, change: Change, fields: OwnershipTexts) {
    this.resource = resource;
    this.change = change;
    this.#fields = fields;
  }
  get object(): KubeObject {
    return this.change.entry.value as KubeObject;
  }
  get previousObject(): KubeObject | undefined {
    return this.change.previous?.value as KubeObject | undefined;
  }
  /** The object's JSON text as served. */
  text(): string {
    const { entry } = this.change;
    this.#text ??= this.#fields.served(entry.text(), entry);
    return this.#text;
  }
  /** The event's line, encoded once for all who watch the same face; `nowMs`: with the cluster's time. */
  bytes(type: string, { face }: Resource, nowMs?: number): Uint8Array {
    const id = `${type} ${face?.gvk ?? ""} ${nowMs ?? ""}`;
    const known = this.#lines.get(id);
    if (known !== undefined) return known;
    const text =
      face === undefined
        ? this.text()
        : withManagedFields(
            JSON.stringify(face.fromStored(this.object)),
            this.#fields.wire(this.change.entry),
          );
    const made = encoder.encode(eventLine(type, text, nowMs));
    this.#lines.set(id, made);
    return made;
  }
}
/** One line of a watch; whoever makes tables of it asks for the time too. */
export const eventLine = (type: string, text: string, nowMs?: number): string =>
  `{"type":"${type}","object":${text}${nowMs === undefined ? "" : `,"at":${nowMs}`}}\n`;
const encoder = new TextEncoder();
export type Listener = (delivery: Delivery) => void;

export class WatchHub {
  readonly #registry: Registry;
  readonly #fields: OwnershipTexts;
  readonly #sinks = new Map<string, Sink[]>();
  readonly #listeners = new Map<string, Set<Listener>>();
  /** Told when people have something to be sent. */
  onDelivery: () => void = () => undefined;
  #count = 0;

  constructor(store: Store, registry: Registry, fields: OwnershipTexts) {
    this.#registry = registry;
    this.#fields = fields;
    store.subscribe((change) => this.#hear(change));
  }

  /** How many people are watching. */
  get count(): number {
    return this.#count;
  }

  subscribe(resource: Resource, sink: Sink): void {
    const { directory } = resource;
    this.#sinks.set(directory, [...(this.#sinks.get(directory) ?? []), sink]);
  }

  /** Every later change below a resource's directory; call the result to stop. */
  listen({ directory }: Resource, listener: Listener): () => void {
    const listeners = this.#listeners.get(directory) ?? new Set();
    this.#listeners.set(directory, listeners.add(listener));
    this.#count += 1;
    return () => {
      if (listeners.delete(listener)) this.#count -= 1;
    };
  }

  #hear(change: Change): void {
    const { entry, type, previous, revision } = change;
    const resource = this.#registry.ofKey(entry.key);
    if (resource === undefined) return;
    const sinks = this.#sinks.get(resource.directory);
    if (sinks !== undefined) {
      const event: ObjectEvent = {
        type: type === "DELETE" ? "DELETED" : previous === undefined ? "ADDED" : "MODIFIED",
        key: entry.key.slice(resource.directory.length),
        object: entry.value as KubeObject,
        previous: previous?.value as KubeObject | undefined,
        revision,
      };
      for (const sink of sinks) sink(event);
    }
    const listeners = this.#listeners.get(resource.directory);
    if (listeners === undefined || listeners.size === 0) return;
    const delivery = new Delivery(resource, change, this.#fields);
    for (const listener of listeners) listener(delivery);
    this.onDelivery();
  }
}
