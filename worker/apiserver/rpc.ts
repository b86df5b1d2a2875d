/**
 * What the Worker (front half, edge) and the cluster's Durable Object say to each other.
 *
 * Everything below a cluster's URL travels as ONE `stub.fetch(request)`: as it came, when both halves can
 * read it; else with a word of the front, and a body that is JSON text (YAML and protobuf are decoded at
 * the front). Creation and removal are RPC methods.
 */
import type { Status } from "#apimachinery/status.ts";

/** `FrontWord` as JSON; one from outside is taken away first. */
export const frontHeader = "x-kubestep-front";
/** In the answer: what must be known of a custom resource to show it. */
export const shownHeader = "x-kubestep-shown";

/** What the front has to say about a request; most need no word. */
export interface FrontWord {
  /** The body was read, or the request cannot be answered in the form it wants. */
  readonly decoded?: Decoded | undefined;
  /** A watch whose events shall tell the cluster's time, for the ages in a table. */
  readonly timed?: boolean | undefined;
  /** The answer shall tell how to show what is no built-in resource. */
  readonly shown?: boolean | undefined;
}

/** What the front found out about a body. */
export interface Decoded {
  /** The media type the client sent, without parameters. */
  readonly contentType: string;
  /** Refusal found while decoding; the object throws it at gate 3, after the earlier gates. */
  readonly error?: Status | undefined;
  /** Texts for `Warning: 299` headers. */
  readonly warnings?: readonly string[] | undefined;
  readonly findings?: readonly Finding[] | undefined;
}

/** What strict decoding finds in the text itself. */
export interface Finding {
  /** `duplicate field "spec.replicas"`. */
  readonly text: string;
  /** How many fields of the text stand before it; undefined: it was found before any was looked at. */
  readonly behind?: number | undefined;
}

export type ClockMode = "realtime" | "fast" | "instant" | "paused";
export const clockModes: readonly ClockMode[] = ["realtime", "fast", "instant", "paused"];

/** How a cluster is made; every field is complete (the edge fills in what the caller left out). */
export interface ClusterOptions {
  readonly name: string;
  readonly preset: "small" | "zones" | "ha";
  /** 0 to 5,000. */
  readonly workers: number;
  /** Topology zones the nodes are spread over, 1 to 26. */
  readonly zones: number;
  readonly controlPlane: 1 | 3;
  readonly clock: ClockMode;
  /** 32-bit. */
  readonly seed: number;
  /** Lesson id, "" = none. */
  readonly lesson: string;
}

export interface CreateCluster {
  readonly id: string;
  /** Plain key; the object stores its SHA-256 alone. */
  readonly key: string;
  readonly collection: string;
  readonly options: ClusterOptions;
  /** Wall time, ms since 1970; 0 = never. */
  readonly expiresAtMs: number;
}

/** `GET <cluster>/-/` without the addresses, which the edge adds. */
export interface ClusterDescription {
  readonly id: string;
  readonly collection: string;
  readonly options: ClusterOptions;
  readonly expiresAtMs: number;
  readonly revision: number;
}

/** How far a lesson was judged, and what was answered; kept beside the cluster. */
export interface LessonKept {
  /** Task → revision at which it was first found done. */
  readonly latched: Readonly<Record<string, number>>;
  readonly answers: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  /** Up to which revision it was judged. */
  readonly judged: number;
}
/** Plain data for `learn/judge.ts`; objects and changes as JSON texts. */
export interface LessonMaterial extends LessonKept {
  readonly lesson: string;
  readonly collection: string;
  readonly revision: number;
  /** `{"pods": [...]}`: objects at the revision judged last. */
  readonly objects: string;
  /** Changes since then, in order. */
  readonly changes: string;
  /** Trace events since the lesson's start. */
  readonly trace: string;
}

/** RPC methods of the Durable Object `Cluster`, called through its stub. */
export interface ClusterFace {
  /** Boots the cluster: objects of a fresh kubeadm cluster, system Pods Ready, then its own clock. Once. */
  create(input: CreateCluster): Promise<ClusterDescription>;
  /** Ends the cluster and deletes its storage. `false`: the key is wrong or there is none. */
  destroy(key: string): Promise<boolean>;
  /** Undefined: there is no such cluster; `null`: the key is wrong. Writes nothing. */
  describe(key: string): Promise<ClusterDescription | null | undefined>;
  /** What a lesson's checks rest on; `resources` are the plurals they read. Undefined: no such cluster, or a wrong key. */
  lessonFacts(key: string, resources: readonly string[]): Promise<LessonMaterial | undefined>;
  /** Keeps what was judged and answered. */
  keepLesson(key: string, kept: LessonKept): Promise<void>;
  fetch(request: Request): Promise<Response>;
}
