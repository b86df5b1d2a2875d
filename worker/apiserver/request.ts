/**
 * One request inside the API server, whoever sent it: a person through the Worker, or a component
 * beside the store. Upstream: apiserver/pkg/endpoints/request/requestinfo.go.
 */
import type { Selector } from "#apimachinery/selector.ts";
import type { Explanation } from "#apimachinery/trace.ts";
import type { Finding } from "#apiserver/rpc.ts";

/** Who asks, once authenticated. Upstream: authentication/user. */
export interface UserInfo {
  readonly name: string;
  readonly uid?: string | undefined;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** What the Impersonate-* headers ask for. */
export interface WantedUser {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** What is told of a request that brings such a token: `Warning` headers, annotations in the audit log. */
export interface Remarks {
  readonly warnings?: readonly string[] | undefined;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Does the credential still hold, by the state of this moment? */
export type IsCurrent = (remark: (remarks: Remarks) => void) => boolean;

/** Whom a request speaks for, by its credentials. */
export interface Caller {
  /** Undefined: a credential was given, and it is wrong. */
  readonly user: UserInfo | undefined;
  /** What tells one credential from another, for counting; "" = none was given. */
  readonly credential: string;
  readonly isCurrent?: IsCurrent | undefined;
}

/** What the path and the method say. Empty string = not given. */
export interface RequestInfo {
  readonly isResource: boolean;
  /** The path below the cluster's URL, e.g. `/api/v1/namespaces/default/pods/web`. */
  readonly path: string;
  /** For non-resource paths the lower-case HTTP method. */
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** Of list, watch and deletecollection: what authorizers may take into account. */
  readonly selectors?: Selectors | undefined;
}

/** Requirements that parsed; those that did not are left out, as upstream has it. */
export interface Selectors {
  readonly fields: Selector;
  readonly labels: Selector;
}

export type PatchType = "json" | "merge" | "strategic" | "apply";
/** A patch by value, or (in-process callers only) as a pure function of the current object. */
export type PatchBody =
  | { readonly type: PatchType; readonly value: unknown }
  | { readonly type: "function"; readonly apply: (current: never) => unknown };

export type FieldValidation = "Ignore" | "Warn" | "Strict";

/** Query parameters, parsed. Upstream: meta/v1 ListOptions, CreateOptions, … */
export interface RequestOptions {
  readonly dryRun?: boolean | undefined;
  readonly fieldManager?: string | undefined;
  readonly fieldValidation?: FieldValidation | undefined;
  readonly force?: boolean | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly limit?: number | undefined;
  readonly continue?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly resourceVersionMatch?: string | undefined;
  readonly timeoutSeconds?: number | undefined;
  readonly allowWatchBookmarks?: boolean | undefined;
  readonly sendInitialEvents?: boolean | undefined;
}

/** meta/v1 DeleteOptions, from body or query. */
export interface DeleteOptions {
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: string | undefined;
  readonly orphanDependents?: boolean | undefined;
  readonly preconditions?:
    | { readonly uid?: string | undefined; readonly resourceVersion?: string | undefined }
    | undefined;
  readonly dryRun?: readonly string[] | undefined;
}

/** Who acts, for the log: `learner` for people, else the component's name. */
export interface Actor {
  readonly name: string;
  /** Newest revision among the act's inputs; 0 for a person. */
  readonly cause: number;
  /** What the component says of the act. */
  readonly explanation?: Explanation | undefined;
}

export interface ApiRequest {
  readonly info: RequestInfo;
  /** Undefined: gate 1 refuses. */
  readonly user: UserInfo | undefined;
  /** Gate 1 asks; left out: it is. */
  readonly isCurrent?: IsCurrent | undefined;
  /** Whom the user wants to act as; left out: as itself. */
  readonly wanted?: WantedUser | undefined;
  readonly actor: Actor;
  readonly options: RequestOptions;
  /** The decoded object (create, update, reviews), plain or frozen. */
  readonly body?: unknown;
  readonly patch?: PatchBody | undefined;
  readonly delete?: DeleteOptions | undefined;
  /** Refusal found while decoding at the front; gate 3 throws it, so that earlier gates win. */
  readonly decodeError?: Error | undefined;
  /** From decoding: `Warning: 299` texts. */
  readonly warnings?: readonly string[] | undefined;
  /** From decoding: what field validation ignores, warns of or refuses. */
  readonly findings?: readonly Finding[] | undefined;
  /** A watch whose events tell the cluster's time. */
  readonly timed?: boolean | undefined;
  /** In-process callers: the body is already complete and typed, so structural decoding is skipped. */
  readonly trusted?: boolean | undefined;
  /** What was found out outside the gates, by errand id; see awaiting.ts. */
  readonly answers?: ReadonlyMap<string, unknown> | undefined;
  readonly contentType?: string | undefined;
  /** `kubectl/v1.36.0 (linux/amd64) …`: the field manager's name, where none is given. */
  readonly userAgent?: string | undefined;
  readonly query?: string | undefined;
}
