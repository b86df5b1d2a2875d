/**
 * Watches of people: a stream of JSON lines that ends by itself.
 *
 * What a watcher is sent lies in its queue until the writes are durable (`flush`): no byte of a
 * revision leaves before it can no longer be lost. A watcher that does not read is cut off.
 * Upstream: apiserver/pkg/endpoints/handlers/watch.go, pkg/storage/cacher/cacher.go.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import { expiredRevision, internalError, StatusError } from "#apimachinery/status.ts";
import { Conversions } from "#apiserver/custom-resources/webhook-conversion.ts";
import { type Filter, filterOf } from "#apiserver/filter.ts";
import { tooLargeRevision, type WatchStart, watchStart } from "#apiserver/list-options.ts";
import { type Limits, tooMany } from "#apiserver/limits.ts";
import type { Resource } from "#apiserver/registry.ts";
import type { ApiRequest, UserInfo } from "#apiserver/request.ts";
import { scopeOf } from "#apiserver/request-counts.ts";
import type { ApiServer } from "#apiserver/server.ts";
import { type Delivery, eventLine, type WatchHub } from "#apiserver/watch.ts";
import type { Entry } from "#store/entry.ts";
import type { Timers } from "./timers.ts";

/** Chunks a client may be behind before its watch is ended; it will list and watch again. */
const mostBehind = 1000;
/** Bookmarks, and the moment at which a vanished client is noticed. */
const bookmarkMs = 60_000;
/** A watch without timeoutSeconds ends after 30 to 60 minutes. Upstream: minRequestTimeout. */
const leastSeconds = 1800;

const encoder = new TextEncoder();

type EventType = "ADDED" | "MODIFIED" | "DELETED";

export interface OpenWatches {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly scope: string;
  readonly count: number;
}

interface Watched {
  readonly resource: Resource;
  readonly scope: string;
  readonly prefix: string;
  readonly filter: Filter;
  nowMs(): number | undefined;
  /** Set where a webhook converts what is told. */
  readonly conversions: Conversions | undefined;
  /** Something is to be sent that was not known at once. */
  onConverted(): void;
}
/** What is told, made when it is known what the objects are in the watch's version. */
type Lines = () => readonly Uint8Array[];

/** One open watch. */
class Watcher {
  readonly resource: Resource;
  /** `cluster`, `namespace` or `resource`. */
  readonly scope: string;
  readonly #prefix: string;
  readonly #filter: Filter;
  readonly #queue: Uint8Array[] = [];
  readonly #stop: (() => void)[] = [];
  /** Cluster time, when the events shall tell it. */
  readonly #nowMs: () => number | undefined;
  readonly #conversions: Conversions | undefined;
  readonly #onConverted: () => void;
  /** Conversions take time; what they are of is told in its order. */
  #converting: Promise<void> = Promise.resolve();
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** Changes up to this revision are not told. */
  after = 0;
  /** Ends the stream once the queue is sent. */
  #closing = false;

  constructor({ resource, scope, prefix, filter, nowMs, conversions, onConverted }: Watched) {
    this.#conversions = conversions;
    this.#onConverted = onConverted;
    this.scope = scope;
    this.resource = resource;
    this.#prefix = prefix;
    this.#filter = filter;
    this.#nowMs = nowMs;
  }

  stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: () => this.end(),
    });
  }
  onEnd(stop: () => void): void {
    this.#stop.push(stop);
  }
  /** Nothing is sent any more. */
  end(): void {
    for (const stop of this.#stop.splice(0)) stop();
    this.#controller = undefined;
    this.#queue.length = 0;
  }
  /** Sends what is queued, then ends. */
  close(): void {
    this.#inOrder(() => {
      this.#closing = true;
    });
  }

  hear(delivery: Delivery): void {
    if (delivery.change.revision <= this.after) return;
    if (!delivery.change.entry.key.startsWith(this.#prefix)) return;
    if (this.#conversions !== undefined) return this.tell(() => this.#linesOf(delivery));
    const type = this.#typeOf(delivery);
    if (type !== undefined) this.#queue.push(delivery.bytes(type, this.resource, this.#nowMs()));
  }
  #linesOf(delivery: Delivery): readonly Uint8Array[] {
    const type = this.#typeOf(delivery);
    return type === undefined ? [] : [delivery.bytes(type, this.resource, this.#nowMs())];
  }
  push(type: string, text: string): void {
    this.tell(() => [this.line(type, text)]);
  }
  line(type: string, text: string): Uint8Array {
    return encoder.encode(eventLine(type, text, this.#nowMs()));
  }

  tell(lines: Lines): void {
    const conversions = this.#conversions;
    if (conversions === undefined) {
      for (const line of lines()) this.#queue.push(line);
      return;
    }
    this.#inOrder(async () => {
      try {
        this.#queue.push(...(await conversions.settled(lines)));
      } catch (error) {
        // A webhook that fails ends the watch: its client lists again.
        const { status } =
          error instanceof StatusError
            ? error
            : internalError(error instanceof Error ? error.message : String(error));
        this.#queue.push(this.line("ERROR", JSON.stringify(status)));
        this.#closing = true;
      }
    });
  }

  /** At once, or after all that must be converted before. */
  #inOrder(act: () => void | Promise<void>): void {
    if (this.#conversions === undefined) return void act();
    this.#converting = this.#converting.then(async () => {
      if (this.#controller === undefined || this.#closing) return;
      await act();
      this.#onConverted();
    });
  }

  /** Everything queued is durable by now. */
  flush(): void {
    const controller = this.#controller;
    if (controller === undefined) return;
    try {
      for (const bytes of this.#queue.splice(0)) controller.enqueue(bytes);
      if ((controller.desiredSize ?? 0) < -mostBehind || this.#closing) {
        controller.close();
        this.end();
      }
    } catch {
      // The client went away in the middle.
      this.end();
    }
  }

  /** A change of match is an arrival or a departure. Upstream: cacher/cache_watcher.go convertToWatchEvent. */
  #typeOf({ change: { type, previous }, object, previousObject }: Delivery): EventType | undefined {
    const gone = type === "DELETE";
    if (this.#filter === undefined)
      return gone ? "DELETED" : previous === undefined ? "ADDED" : "MODIFIED";
    const shown = ({ face }: Resource, one: KubeObject): KubeObject =>
      face === undefined ? one : face.fromStored(one);
    const was = previousObject !== undefined && this.#filter(shown(this.resource, previousObject));
    const is = !gone && this.#filter(shown(this.resource, object));
    if (!was && !is) return undefined;
    return is ? (was ? "MODIFIED" : "ADDED") : "DELETED";
  }
}

export interface WatchWorld {
  readonly timers: Timers;
  /** Resolves when every write so far is durable. */
  durable(): Promise<void>;
  readonly limits: Pick<Limits, "clusterWatches" | "userWatches">;
}

/** All open watches of a cluster. */
export class Watches {
  readonly #api: ApiServer;
  readonly #world: WatchWorld;
  readonly #open = new Set<Watcher>();
  /** Watches of each credential: its user is the same object each time. */
  readonly #byUser = new WeakMap<UserInfo, number>();
  readonly #bookmarked = new Map<Watcher, Resource>();
  #flushing: Promise<void> | undefined;
  #again = false;
  #stopTicking: (() => void) | undefined;

  constructor(api: ApiServer, world: WatchWorld) {
    this.#api = api;
    this.#world = world;
    api.watches.onDelivery = () => this.flush();
    // Upstream: customresource_handler.go ends the watches of a definition that changed.
    api.registry.onReplaced = (directory) => {
      for (const watcher of this.#open)
        if (watcher.resource.directory === directory) watcher.close();
      this.flush();
    };
  }

  /** How many watches of each resource are open, for /metrics. */
  open(): readonly OpenWatches[] {
    const counts = new Map<string, OpenWatches>();
    for (const { resource, scope } of this.#open) {
      const id = `${resource.gvk} ${scope}`;
      const { group, version, plural } = resource;
      const count = (counts.get(id)?.count ?? 0) + 1;
      counts.set(id, { group, version, resource: plural, scope, count });
    }
    return [...counts.values()];
  }

  /** Tells all watchers what is new, when it is durable. */
  flush(): void {
    if (this.#open.size === 0) return;
    if (this.#flushing !== undefined) {
      this.#again = true;
      return;
    }
    this.#flushing = this.#world.durable().then(
      () => {
        this.#flushing = undefined;
        for (const watcher of this.#open) watcher.flush();
        if (!this.#again) return;
        this.#again = false;
        this.flush();
      },
      () => undefined,
    );
  }

  /** Gates 1 to 3, then the stream. Throws StatusError. */
  begin(request: ApiRequest): ReadableStream<Uint8Array> {
    this.#api.admitReader(request);
    const leave = this.#enter(request.user);
    try {
      return this.#started(request, leave);
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Takes a place; the result gives it back, once. Throws TooManyRequests. */
  #enter(user: UserInfo | undefined): () => void {
    const { clusterWatches, userWatches } = this.#world.limits;
    const own = user === undefined ? 0 : (this.#byUser.get(user) ?? 0);
    if (this.#open.size >= clusterWatches || own >= userWatches) throw tooMany();
    if (user === undefined) return () => undefined;
    this.#byUser.set(user, own + 1);
    let isIn = true;
    return () => {
      if (isIn) this.#byUser.set(user, (this.#byUser.get(user) ?? 1) - 1);
      isIn = false;
    };
  }

  #started(request: ApiRequest, leave: () => void): ReadableStream<Uint8Array> {
    const { info, options } = request;
    if (request.decodeError !== undefined) throw request.decodeError;
    const asked = this.#api.resource(info);
    const conversions =
      asked.custom?.needsWebhook === true ? new Conversions(this.#api) : undefined;
    const resource = conversions?.bound(asked) ?? asked;
    const start = watchStart(options);
    const storage = this.#api.registry.storedAs(resource);
    const prefix =
      info.namespace === "" || !resource.namespaced
        ? storage.directory
        : `${storage.directory}${info.namespace}/`;
    const filter = filterOf(resource, options, info.name);
    const nowMs = (): number | undefined =>
      request.timed === true ? this.#api.world.nowMs() : undefined;
    const watcher = new Watcher({
      resource,
      scope: scopeOf(info),
      prefix,
      filter,
      nowMs,
      conversions,
      onConverted: () => this.flush(),
    });
    const stream = watcher.stream();
    this.#begin(watcher, { resource, storage, prefix, filter, start, conversions });
    const stop = listenTo(this.#api.watches, storage, watcher);
    this.#open.add(watcher);
    const { timeoutSeconds = 0 } = options;
    const seconds =
      timeoutSeconds > 0
        ? timeoutSeconds
        : leastSeconds +
          Math.floor(this.#api.world.random("watch", String(this.#open.size)) * leastSeconds);
    const cancelTimeout = this.#world.timers.after(seconds * 1000, () => {
      watcher.close();
      this.flush();
    });
    if (options.allowWatchBookmarks === true) this.#bookmarked.set(watcher, resource);
    this.#stopTicking ??= this.#world.timers.every(bookmarkMs, () => this.#bookmark());
    watcher.onEnd(() => {
      leave();
      stop();
      cancelTimeout();
      this.#open.delete(watcher);
      this.#bookmarked.delete(watcher);
      if (this.#open.size > 0) return;
      this.#stopTicking?.();
      this.#stopTicking = undefined;
    });
    this.flush();
    return stream;
  }

  #bookmark(): void {
    const { revision } = this.#api.world.store;
    for (const [watcher, resource] of this.#bookmarked)
      watcher.push("BOOKMARK", bookmarkText(resource, revision, false));
    this.flush();
  }

  /** What there is already: the present objects, or the history since a revision. */
  #begin(watcher: Watcher, beginning: Beginning): void {
    const { resource, storage, prefix, filter, start } = beginning;
    const { store } = this.#api.world;
    const refuse = ({ status }: StatusError): void => {
      watcher.push("ERROR", JSON.stringify(status));
      watcher.close();
    };
    if (start.from === "state") {
      if (start.since > store.revision)
        return refuse(tooLargeRevision(start.since, store.revision));
      const texts = stateTexts(this.#api, beginning);
      watcher.tell(() => texts().map((text) => watcher.line("ADDED", text)));
      if (start.endsInitialEvents)
        watcher.push("BOOKMARK", bookmarkText(resource, store.revision, true));
      return;
    }
    const since = start.since === 0 ? store.revision : start.since;
    if (since < store.compactedRevision)
      return refuse(expiredRevision(since, store.compactedRevision));
    // A revision to come is waited for: only what follows it is told.
    watcher.after = since;
    if (since >= store.revision) return;
    for (const row of store.history({ from: since, prefix, values: true })) {
      if (!row.key.startsWith(storage.directory)) continue;
      const stored = JSON.parse(row.text) as KubeObject;
      const before =
        row.previous > 0 && filter !== undefined ? store.get(row.key, row.previous) : undefined;
      watcher.tell(() => {
        const object = shownObject(resource, stored);
        const was =
          filter === undefined
            ? row.previous > 0
            : before !== undefined && filter(shownObject(resource, before.value as KubeObject));
        const is = row.type === "PUT" && (filter === undefined || filter(object));
        if (!was && !is) return [];
        const type = is ? (was ? "MODIFIED" : "ADDED") : "DELETED";
        const text = resource.face === undefined ? row.text : JSON.stringify(object);
        return [watcher.line(type, this.#api.fields.served(text, row))];
      });
    }
  }
}

/** Texts of the objects there are now. */
function stateTexts(
  { world: { store }, fields }: ApiServer,
  { resource, prefix, filter, conversions }: Beginning,
): () => readonly string[] {
  const { entries } = store.range({ prefix });
  return () => {
    conversions?.beforehand(
      resource,
      entries.map(({ value }) => value as KubeObject),
    );
    const wanted =
      filter === undefined
        ? entries
        : entries.filter(({ value }) => filter(shownObject(resource, value as KubeObject)));
    const texts =
      resource.face === undefined
        ? store.texts(wanted)
        : wanted.map(({ value }) => JSON.stringify(shownObject(resource, value as KubeObject)));
    return texts.map((text, i) => fields.served(text, wanted[i] as Entry));
  };
}

interface Beginning {
  readonly resource: Resource;
  readonly storage: Resource;
  readonly prefix: string;
  readonly filter: Filter;
  readonly start: WatchStart;
  readonly conversions: Conversions | undefined;
}

const listenTo = (hub: WatchHub, resource: Resource, watcher: Watcher): (() => void) =>
  hub.listen(resource, (delivery) => watcher.hear(delivery));

const shownObject = ({ face }: Resource, object: KubeObject): KubeObject =>
  face === undefined ? object : face.fromStored(object);

function bookmarkText(
  { kindName, apiVersion }: Resource,
  revision: number,
  initial: boolean,
): string {
  const annotations = initial ? { annotations: { "k8s.io/initial-events-end": "true" } } : {};
  const metadata = { resourceVersion: String(revision), ...annotations };
  return JSON.stringify({ kind: kindName, apiVersion, metadata });
}
