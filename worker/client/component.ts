/**
 * What the loop runs: informers feed keys into one FIFO, a step reconciles one key of one component.
 *
 * A step is short, synchronous and idempotent, and may be cut off after any write: the next one
 * continues from the API alone. Delays are returned, never slept.
 * Upstream: client-go/util/workqueue, controller-runtime pkg/reconcile.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import type { Errand } from "#apimachinery/errand.ts";
import type { Fact } from "#apimachinery/trace.ts";
import type { Client } from "./client.ts";
import type { Informers } from "./informer.ts";

/** As the API server knows it: user and groups decide by RBAC; `name` is the trace's actor. */
export interface Identity {
  /** `deployment-controller`, `kube-scheduler`, `kubelet worker-1`. */
  readonly name: string;
  readonly user: string;
  readonly groups: readonly string[];
}

/** `work`: takes no time on the instant clock (pull, start, stop). `wait`: passes at the clock's rate (back-off, periods, deadlines). */
export type Delay = "work" | "wait";

/** Come back at a cluster time, or (undefined) only when something changes. */
export type Result = { readonly atMs: number; readonly delay: Delay } | undefined;

/** Runs out when nothing more is to do. */
export const done: Result = undefined;
export const requeueAt = (atMs: number, delay: Delay = "wait"): Result => ({ atMs, delay });
/** The earlier of two. */
export const sooner = (a: Result, b: Result): Result =>
  a === undefined ? b : b === undefined || a.atMs <= b.atMs ? a : b;

/** Event recorder bound to the step's identity. Upstream: client-go/tools/record. */
export interface Recorder {
  /**
   * core/v1 Event with count and aggregation.
   * `fieldPath`, e.g. `spec.containers{web}`; `host` = source.host for kubelets; `component` = source.component,
   * where it is not the actor.
   */
  event(
    about: KubeObject,
    type: "Normal" | "Warning",
    reason: string,
    message: string,
    options?: { readonly fieldPath?: string; readonly host?: string; readonly component?: string },
  ): void;
  /** events.k8s.io/v1 Event (scheduler, kube-proxy): action, note, related, series. */
  eventV1(
    regarding: KubeObject,
    type: "Normal" | "Warning",
    reason: string,
    action: string,
    note: string,
    related?: KubeObject,
  ): void;
}

/** What a step may use. Valid only during the step. */
export interface Step {
  /** Cluster time, ms since 1970. Never earlier than the newest revision's time. */
  readonly nowMs: number;
  /** Newest revision among the step's inputs. */
  readonly cause: number;
  readonly client: Client;
  readonly recorder: Recorder;
  /** How often this key failed in a row before this step. */
  readonly failures: number;
  /**
   * Says why: the facts ride on the step's next write; those left over when the step ends
   * go to the notes (an attempt that wrote nothing).
   */
  explain(...facts: readonly Fact[]): void;
  /** Uniform in [0, 1), a pure function of (seed, purpose, key). */
  random(purpose: string, key: string): number;
  /**
   * What an errand came to. If that is not known yet the step ends here, and runs again from its beginning when it is:
   * what must not be done twice is saved before.
   */
  answerTo<T>(errand: Errand<T>): T;
  /** Is this due? On the instant clock `work` always is. */
  reached(atMs: number, delay: Delay): boolean;
}

export interface Component {
  /** The queue's name for it: `deployment-controller`, `kube-scheduler`, `kubelet`. */
  readonly name: string;
  /** Who acts for this key (each kubelet has its own identity). */
  identity(key: string): Identity;
  /** Registers indexes and handlers; `enqueue` marks a key dirty because of a revision. */
  start(informers: Informers, enqueue: (key: string, cause: number) => void): void;
  reconcile(key: string, step: Step): Result;
}
