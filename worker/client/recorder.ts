/**
 * The event recorder: counts repetitions, folds similar events, drops floods.
 * Its memory is a cache, as upstream's: after a restart a repeated event starts a new object.
 * Upstream: client-go/tools/record/{event,events_cache}.go, tools/events/event_recorder.go.
 */
import type { V1Event } from "#apimachinery/api/core-v1.ts";
import type { V1Event as EventsV1Event } from "#apimachinery/api/events-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { isReason, StatusError } from "#apimachinery/status.ts";
import { microTimeText, timeText } from "#apimachinery/time.ts";
import type { Recorder } from "./component.ts";
import type { Scope } from "./step-client.ts";
import type { Transport } from "./transport.ts";

/** Different messages of one sort of event within the interval, from which on they are combined. */
const combineFrom = 10;
const combineWithinMs = 600_000;
/** Spam filter: burst, then one token each refill. */
const spamBurst = 25;
const spamRefillMs = 300_000;
/** Entries kept in each cache. */
const cacheSize = 4096;

interface Told {
  name: string;
  namespace: string;
  count: number;
  firstMs: number;
}
interface Similar {
  messages: Set<string>;
  lastMs: number;
}
interface Bucket {
  tokens: number;
  atMs: number;
}

/** What the recorder needs of the cluster. */
export interface RecorderClock {
  nowMs(): number;
  /** Hex of nanoseconds since 1970, strictly increasing over the cluster's whole life. */
  nanosHex(): string;
}

export class EventRecorder implements Recorder {
  readonly #transport: Transport;
  readonly #scope: Scope;
  readonly #clock: RecorderClock;
  readonly #told = new Map<string, Told>();
  readonly #similar = new Map<string, Similar>();
  readonly #spam = new Map<string, Bucket>();

  constructor(transport: Transport, scope: Scope, clock: RecorderClock) {
    this.#transport = transport;
    this.#scope = scope;
    this.#clock = clock;
  }

  event(
    about: KubeObject,
    type: "Normal" | "Warning",
    reason: string,
    message: string,
    options: {
      readonly fieldPath?: string;
      readonly host?: string;
      readonly component?: string;
    } = {},
  ): void {
    const {
      fieldPath = "",
      host = "",
      component = componentOf(this.#scope.identity.name),
    } = options;
    const nowMs = this.#clock.nowMs();
    const uid = about.metadata.uid ?? "";
    const source = `${component}/${host}/${about.kind}/${about.metadata.namespace ?? ""}/${about.metadata.name}/${uid}/`;
    if (!this.#spends(source + type, nowMs)) return;
    const sort = `${source}${fieldPath}/${type}/${reason}`;
    const combined = this.#combines(sort, message, nowMs);
    const text = combined ? `(combined from similar events): ${message}` : message;
    const same = combined ? sort : `${sort}/${message}`;
    const told = this.#told.get(same);
    if (told !== undefined && this.#repeat(told, text, nowMs)) return;
    const namespace = about.metadata.namespace || "default";
    const name = `${about.metadata.name}.${this.#clock.nanosHex()}`;
    const time = timeText(nowMs);
    this.#create({
      kind: "Event",
      apiVersion: "v1",
      metadata: { name, namespace },
      involvedObject: {
        kind: about.kind,
        ...(about.metadata.namespace ? { namespace: about.metadata.namespace } : {}),
        name: about.metadata.name,
        uid,
        apiVersion: about.apiVersion,
        ...(about.metadata.resourceVersion
          ? { resourceVersion: about.metadata.resourceVersion }
          : {}),
        ...(fieldPath === "" ? {} : { fieldPath }),
      },
      reason,
      message: text,
      source: host === "" ? { component } : { component, host },
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
      type,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: host,
    });
    remember(this.#told, same, { name, namespace, count: 1, firstMs: nowMs });
  }

  eventV1(
    regarding: KubeObject,
    type: "Normal" | "Warning",
    reason: string,
    action: string,
    note: string,
    related?: KubeObject,
  ): void {
    const controller = componentOf(this.#scope.identity.name);
    const reportingController = controller === "kube-scheduler" ? "default-scheduler" : controller;
    const nowMs = this.#clock.nowMs();
    const { namespace, name: regardingName, uid, resourceVersion } = regarding.metadata;
    const same = `v1/${controller}/${type}/${reason}/${action}/${uid}/${resourceVersion}`;
    const told = this.#told.get(same);
    if (told !== undefined) {
      told.count += 1;
      if (told.count === 2) this.#startSeries(told, nowMs);
      return;
    }
    const space = namespace || "default";
    const name = `${regardingName}.${this.#clock.nanosHex()}`;
    this.#create({
      kind: "Event",
      apiVersion: "events.k8s.io/v1",
      metadata: { name, namespace: space },
      eventTime: microTimeText(nowMs),
      reportingController,
      reportingInstance: `${reportingController}-control-plane-1`,
      action,
      reason,
      regarding: reference(regarding),
      ...(related === undefined ? {} : { related: reference(related) }),
      note,
      type,
    });
    remember(this.#told, same, { name, namespace: space, count: 1, firstMs: nowMs });
  }

  /** Telling is no part of the work: a refusal (a namespace that is going) loses the event alone. */
  #create(event: V1Event | EventsV1Event): void {
    const { name = "", namespace = "" } = event.metadata;
    const kind = `${event.apiVersion}/Event`;
    const call = { verb: "create", kind, namespace, name, subresource: "", body: event } as const;
    try {
      this.#transport.call(this.#scope.identity, call, this.#scope.cause, undefined);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }

  /** Raises the count of an event already told; false when its object is gone. */
  #repeat(told: Told, message: string, nowMs: number): boolean {
    const count = told.count + 1;
    const lastTimestamp = timeText(nowMs);
    const found = this.#patch("v1/Event", told, (event) => ({
      ...event,
      count,
      lastTimestamp,
      message,
    }));
    if (found) told.count = count;
    return found;
  }

  #startSeries(told: Told, nowMs: number): void {
    const series = { count: 2, lastObservedTime: microTimeText(nowMs) };
    this.#patch("events.k8s.io/v1/Event", told, (event) => ({ ...event, series }));
  }

  #patch(kind: string, told: Told, apply: (event: KubeObject) => unknown): boolean {
    const { namespace, name } = told;
    const call = { verb: "patch", kind, namespace, name, subresource: "", apply } as const;
    try {
      this.#transport.call(this.#scope.identity, call, this.#scope.cause, undefined);
      return true;
    } catch (error) {
      if (isReason(error, "NotFound")) return false;
      throw error;
    }
  }

  /** Spam filter per source, object and type. */
  #spends(key: string, nowMs: number): boolean {
    const bucket = this.#spam.get(key) ?? { tokens: spamBurst, atMs: nowMs };
    const refilled = Math.floor((nowMs - bucket.atMs) / spamRefillMs);
    if (refilled > 0) {
      bucket.tokens = Math.min(spamBurst, bucket.tokens + refilled);
      bucket.atMs += refilled * spamRefillMs;
    }
    const allowed = bucket.tokens > 0;
    if (allowed) bucket.tokens -= 1;
    remember(this.#spam, key, bucket);
    return allowed;
  }

  /** Is this message one too many of its sort? */
  #combines(sort: string, message: string, nowMs: number): boolean {
    const present = this.#similar.get(sort);
    const similar =
      present === undefined || nowMs - present.lastMs > combineWithinMs
        ? { messages: new Set<string>(), lastMs: nowMs }
        : present;
    similar.lastMs = nowMs;
    if (similar.messages.size < combineFrom) similar.messages.add(message);
    remember(this.#similar, sort, similar);
    return similar.messages.size >= combineFrom;
  }
}

/** `kubelet worker-1` → `kubelet`. */
const componentOf = (actor: string): string => {
  const space = actor.indexOf(" ");
  return space < 0 ? actor : actor.slice(0, space);
};

const reference = ({ kind, apiVersion, metadata }: KubeObject): Record<string, unknown> => ({
  kind,
  ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
  name: metadata.name,
  uid: metadata.uid,
  apiVersion,
  ...(metadata.resourceVersion ? { resourceVersion: metadata.resourceVersion } : {}),
});

function remember<V>(cache: Map<string, V>, key: string, value: V): void {
  if (cache.size >= cacheSize && !cache.has(key)) {
    const oldest = cache.keys().next().value;
    if (oldest !== undefined) cache.delete(oldest);
  }
  cache.set(key, value);
}
