/** What the API server is given: the store, a clock, chance, and somebody to tell. */
import type { KubeObject } from "#apimachinery/object.ts";
import type { Explanation } from "#apimachinery/trace.ts";
import type { Store } from "#store/store.ts";
import type { RequestInfo, UserInfo } from "./request.ts";

export interface Decision {
  readonly allowed: boolean;
  /** Why not, or by which rule; may be "". */
  readonly reason: string;
}
export interface Authorizer {
  authorize(user: UserInfo, info: RequestInfo): Decision;
}

/** What leaves no revision: reads, refusals and dry runs of people. */
export interface RequestNote {
  readonly actor: string;
  readonly cause: number;
  readonly verb: string;
  readonly obj: string;
  readonly facts: Explanation;
}

export interface World {
  readonly store: Store;
  readonly authorizer: Authorizer;
  /** Cluster time, ms since 1970. */
  nowMs(): number;
  /** Uniform in [0, 1): hash(seed, purpose, key). */
  random(purpose: string, key: string): number;
  uid(key: string): string;
  note(note: RequestNote): void;
  /** A Node or Lease as it is shown: with the heartbeat it would have by now. */
  rendered?(object: KubeObject): KubeObject;
}
