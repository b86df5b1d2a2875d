/**
 * How much one cluster takes: all limits of the API in one place, as Worker variables. Each is a whole
 * number as text; "0", or left out, is no limit. On when hosted (wrangler.toml), off on one's own machine.
 */
import { type StatusError, tooManyRequests } from "#apimachinery/status.ts";

export interface LimitVariables {
  /** Requests per second of all who talk to a cluster together; twice as many at once. */
  readonly CLUSTER_REQUESTS_PER_SECOND?: string;
  /** The same for each credential: the cluster's key, a token, nobody's. */
  readonly CREDENTIAL_REQUESTS_PER_SECOND?: string;
  /** Open watches of a cluster, and of each user. */
  readonly CLUSTER_WATCHES?: string;
  readonly USER_WATCHES?: string;
  /** Open connections to containers (exec, attach, port-forward), and after how long in silence one gives way. */
  readonly CLUSTER_STREAMS?: string;
  readonly STREAM_IDLE_SECONDS?: string;
  /** A request's body; 3 MiB, as upstream, when it is no less. */
  readonly REQUEST_BYTES?: string;
  /** A list in one answer; pages (`limit=500`) are under it. */
  readonly LIST_BYTES?: string;
}

/** Infinity = no limit. */
export interface Limits {
  readonly clusterRequestsPerSecond: number;
  readonly credentialRequestsPerSecond: number;
  readonly clusterWatches: number;
  readonly userWatches: number;
  readonly clusterStreams: number;
  readonly streamIdleSeconds: number;
  readonly requestBytes: number;
  readonly listBytes: number;
}

const numberOf = (text: string | undefined): number => {
  const value = Number(text ?? "0");
  return value > 0 ? value : Number.POSITIVE_INFINITY;
};

/** Of `Limits`, for whoever needs nothing else. */
export const requestBytesOf = ({ REQUEST_BYTES }: LimitVariables): number =>
  numberOf(REQUEST_BYTES);

export const limitsOf = (variables: LimitVariables): Limits => ({
  clusterRequestsPerSecond: numberOf(variables.CLUSTER_REQUESTS_PER_SECOND),
  credentialRequestsPerSecond: numberOf(variables.CREDENTIAL_REQUESTS_PER_SECOND),
  clusterWatches: numberOf(variables.CLUSTER_WATCHES),
  userWatches: numberOf(variables.USER_WATCHES),
  clusterStreams: numberOf(variables.CLUSTER_STREAMS),
  streamIdleSeconds: numberOf(variables.STREAM_IDLE_SECONDS),
  requestBytes: requestBytesOf(variables),
  listBytes: numberOf(variables.LIST_BYTES),
});

export const unlimited: Limits = limitsOf({});

/** 429 in upstream's words; clients come back by themselves. Upstream: apimachinery/pkg/api/errors NewGenericServerResponse. */
export const tooMany = (): StatusError =>
  tooManyRequests(
    "the server has received too many requests and has asked us to try again later",
    retrySeconds,
  );
const retrySeconds = 1;

/** How many seconds' worth of requests may come at once. */
const burstSeconds = 2;
/** Credentials remembered; the one that asked longest ago goes first. */
const mostCredentials = 1000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Counts requests by wall time. Upstream: client-go/util/flowcontrol, the token bucket. */
export class RequestRates {
  readonly #limits: Limits;
  readonly #wallMs: () => number;
  readonly #cluster: Bucket = { tokens: Number.NaN, atMs: 0 };
  readonly #credentials = new Map<string, Bucket>();

  constructor(limits: Limits, wallMs: () => number) {
    this.#limits = limits;
    this.#wallMs = wallMs;
  }

  /** One more request to the cluster. Throws TooManyRequests. */
  takeFromCluster(): void {
    this.#take(this.#cluster, this.#limits.clusterRequestsPerSecond);
  }

  /** One more request of a credential. Throws TooManyRequests. */
  takeFrom(credential: string): void {
    const rate = this.#limits.credentialRequestsPerSecond;
    if (rate === Number.POSITIVE_INFINITY) return;
    const bucket = this.#credentials.get(credential) ?? { tokens: Number.NaN, atMs: 0 };
    this.#credentials.delete(credential);
    this.#credentials.set(credential, bucket);
    if (this.#credentials.size > mostCredentials) {
      const oldest = this.#credentials.keys().next().value;
      if (oldest !== undefined) this.#credentials.delete(oldest);
    }
    this.#take(bucket, rate);
  }

  #take(bucket: Bucket, perSecond: number): void {
    if (perSecond === Number.POSITIVE_INFINITY) return;
    const most = perSecond * burstSeconds;
    const nowMs = this.#wallMs();
    const grown = ((nowMs - bucket.atMs) / 1000) * perSecond;
    bucket.tokens = Number.isNaN(bucket.tokens) ? most : Math.min(most, bucket.tokens + grown);
    bucket.atMs = nowMs;
    if (bucket.tokens < 1) throw tooMany();
    bucket.tokens -= 1;
  }
}
