/**
 * The trace's vocabulary: who did what to which object because of what.
 *
 * A *fact* is what a component knows while it acts; it rides on the revision that the act wrote
 * (or goes to the bounded notes ring when nothing was written). A *trace event* is a fact with its
 * place in history; it is derived from log and notes, never stored a second time.
 */

import type { StatusDetails } from "./status.ts";

/** The seven gates of the API server, in the order a request passes them. */
export const gates = [
  "authenticate",
  "authorise",
  "decode",
  "mutate",
  "validate",
  "admit",
  "commit",
] as const;
export type Gate = (typeof gates)[number];

/** A user, as authentication found one. */
export interface TracedUser {
  readonly name: string;
  readonly uid?: string | undefined;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined;
}
/** Who sent a request, and how: what the audit log tells of a person. */
export interface RequestOrigin {
  /** Below the cluster's URL, without the query. */
  readonly path: string;
  /** Name "" when nobody could be told. */
  readonly user: TracedUser;
  readonly impersonated: TracedUser | null;
  /** The verb that allowed the impersonation; "" = the legacy one. */
  readonly constraint: string;
  /** The header User-Agent. */
  readonly agent: string;
  /** What plugins tell the audit log alone; null: nothing. */
  readonly annotations: Readonly<Record<string, string>> | null;
  /** Of the Status it was refused with; null: it was not. */
  readonly refusal: { readonly reason: string; readonly details: StatusDetails | null } | null;
}

/** Payload of each type of fact. All keys are always present, so that a check may read them blindly. */
export interface FactData {
  /** A request's outcome; `code` is the HTTP status. `origin` is null for components: their name says it. */
  request: {
    code: number;
    dryRun: boolean;
    contentType: string;
    query: string;
    message: string;
    origin: RequestOrigin | null;
  };
  /** One gate's verdict; `code` is 0 while `ok`. `detail` is one line for people. */
  stage: { stage: Gate; ok: boolean; code: number; detail: string };
  /** The store took a revision. `members` = etcd members that have it. */
  commit: { members: number };
  /** Somebody read etcd's own face. */
  etcd: { key: string; count: number };
  /** A watch event was handed to a component. `event` is ADDED, MODIFIED or DELETED. */
  watch: { event: string };
  /** A filter plugin's verdict on one node. */
  filter: { node: string; plugin: string; ok: boolean; reason: string };
  /** Weighted score of one plugin for one node. */
  score: { node: string; plugin: string; score: number };
  /** The scheduler's decision; `chosen` is "" when no node was feasible. */
  schedule: { feasible: number; evaluated: number; chosen: string; message: string };
  /** One call of a kubelet to its runtime. `args` is one line, e.g. `image="nginx:1.27"`. */
  cri: {
    call: string;
    mutates: boolean;
    attempt: number;
    node: string;
    args: string;
    error: string;
  };
  cni: { call: string; ip: string; node: string };
  probe: { kind: string; ok: boolean; container: string; output: string };
  backoff: { restart: number; seconds: number; container: string };
  rules: { node: string; text: string };
  election: { leader: string; term: number };
  fault: { kind: string };
  clock: { op: string };
  packet: {
    fromNode: string;
    entryNode: string;
    toNode: string;
    service: string;
    via: string;
    proto: string;
    code: number;
  };
}
export type FactType = keyof FactData;

/** What a component says of an act, before it has a place in history. `obj` overrides the written object. */
export type Fact = {
  [T in FactType]: { readonly type: T; readonly data: FactData[T]; readonly obj?: string };
}[FactType];

/** Facts that explain one write or one attempt, at most 16 kB as JSON. */
export type Explanation = readonly Fact[];

/** A fact in its place. The public form of `/-/trace`; lesson checks read it as `trace`. */
export interface TraceEvent {
  /** `<revision>.<sequence>`: orders the whole trace. */
  readonly id: string;
  /** Revision written, or the newest one when nothing was written. */
  readonly rev: number;
  /** Newest revision among the act's inputs; 0 for a person's own request. */
  readonly cause: number;
  /** Cluster time, milliseconds since 1970. */
  readonly atMs: number;
  readonly type: FactType;
  /** `learner` for the person's own requests, else the component's name (`kubelet worker-1`, `kube-scheduler`, …). */
  readonly actor: string;
  /** get, list, watch, create, update, patch, delete, deletecollection; for steps the call or "". */
  readonly verb: string;
  /** `pods/default/web-1`, `nodes/worker-1`, with `/status` behind for a subresource; `pods` for a list. */
  readonly obj: string;
  readonly data: FactData[FactType];
  /** One sentence for people, at most 120 characters. */
  readonly say: string;
}
