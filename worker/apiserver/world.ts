/** What the API server is given: the store, a clock, chance, and somebody to tell. */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { Explanation } from "#apimachinery/trace.ts";
import type { Store } from "#store/store.ts";
import type { TokenKeys } from "./authentication/token-keys.ts";
import type { Grant } from "./authorization/rbac.ts";
import type { RequestInfo, UserInfo } from "./request.ts";
import type { PortForwardProtocol } from "./streams/port-forward.ts";
import type { RemoteCommandProtocol } from "./streams/remote-command.ts";

export interface Decision {
  readonly allowed: boolean;
  /** Why not, or by which rule; may be "". */
  readonly reason: string;
}
export interface Authorizer {
  authorize(user: UserInfo, info: RequestInfo): Decision;
  /** The rules a user has in a namespace, cluster-wide ones among them. */
  grants(user: UserInfo, namespace: string): readonly Grant[];
  /** What kept others from being found: roles that are bound and not there. */
  problems(user: UserInfo, namespace: string): readonly string[];
}

/** What leaves no revision: reads, refusals and dry runs of people. */
export interface RequestNote {
  readonly actor: string;
  readonly cause: number;
  readonly verb: string;
  readonly obj: string;
  readonly facts: Explanation;
}

/** What a reader of logs asks for. */
export interface LogOptions {
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tailLines: number | undefined;
  readonly limitBytes: number | undefined;
  readonly sinceSeconds: number | undefined;
  readonly sinceMs: number | undefined;
}
export interface ContainerUsage {
  readonly name: string;
  readonly cpuNanos: number;
  readonly memoryBytes: number;
}
/** The kubelets' own servers (port 10250), which the API server passes some requests on to. */
export interface KubeletServer {
  /** What the Pod's running containers use now. */
  usage?(pod: V1Pod): readonly ContainerUsage[];
  /** A request to a node's kubelet itself, below https://<node>:10250. */
  serve(node: string, request: ProxyRequest): Exchanged;
  /** Throws StatusError when the container has not started yet. */
  logs(pod: V1Pod, container: string, options: LogOptions): string | ReadableStream<Uint8Array>;
  /** 101 with the client's end of the socket. Throws StatusError when there is no connection at all. */
  exec(pod: V1Pod, options: ExecOptions): Promise<Response>;
  attach(pod: V1Pod, options: AttachOptions): Promise<Response>;
  portForward(pod: V1Pod, options: PortForwardOptions): Promise<Response>;
}
export interface PortForwardOptions {
  /** Of the channel protocols, in the order of their channels. */
  readonly ports: readonly number[];
  readonly protocol: PortForwardProtocol;
}
export interface AttachOptions {
  readonly container: string;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
  readonly protocol: RemoteCommandProtocol;
}
export interface ExecOptions extends AttachOptions {
  readonly command: readonly string[];
}

/** A request that is passed on. */
export interface ProxyRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly userAgent: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes, as byte-text.ts tells them. */
  readonly body?: string | undefined;
}
/** What came back, or why nothing did, in the words of a dialler. */
export type Exchanged =
  | {
      readonly status: number;
      readonly headers: readonly (readonly [name: string, value: string])[];
      /** Bytes, as byte-text.ts tells them. */
      readonly body: string;
    }
  | { readonly failure: string };
/** The API server's way to Pods and to other ports of nodes. */
export interface Dialer {
  exchange(
    to: { readonly ip: string; readonly port: number; readonly isTls: boolean },
    request: ProxyRequest,
  ): Exchanged;
  /** POST of JSON to a Service over https, whose certificate is looked at. Never rejects. */
  post(
    service: { readonly ip: string; readonly port: number },
    asked: {
      /** With the query. */
      readonly path: string;
      readonly body: string;
      readonly timeoutMs: number;
      /** The host as the certificate is to name it. */
      readonly name: string;
      /** Certificates of authorities, as PEM. */
      readonly trusts: string;
    },
  ): Promise<Heard>;
}

/** What came back over the wire, or why nothing did. */
export type Heard =
  | { readonly status: number; readonly text: string }
  | { readonly failure: string };
/** The way out of the cluster. */
export interface Outside {
  /** Origins (`https://host:port`) that may be called although they are not public. */
  readonly allowedOrigins: readonly string[];
  /** POST of JSON. Never rejects; a redirect is not followed. */
  post(asked: {
    readonly url: string;
    readonly body: string;
    readonly timeoutMs: number;
  }): Promise<Heard>;
}

export interface World {
  readonly store: Store;
  readonly authorizer: Authorizer;
  /** Cluster time, ms since 1970. */
  nowMs(): number;
  /** Uniform in [0, 1): hash(seed, purpose, key). */
  random(purpose: string, key: string): number;
  uid(key: string): string;
  /** A UUID that nobody can guess, for tokens. */
  newId(): string;
  /** Wall time, in which tokens live; ms since 1970. */
  wallMs(): number;
  readonly tokenKeys: TokenKeys;
  /** Where the API server listens inside the cluster. */
  readonly advertisedIp: string;
  note(note: RequestNote): void;
  readonly kubelet?: KubeletServer;
  readonly dialer?: Dialer;
  readonly outside?: Outside;
  /** A Node or Lease as it is shown: with the heartbeat it would have by now. */
  rendered?(object: KubeObject): KubeObject;
}
