/** Generated from types.json by generate.ts; do not edit. */
import type { V1ObjectMeta } from "./meta-v1.ts";

export interface V1BoundObjectReference {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  readonly uid?: string | undefined;
}

export interface V1SelfSubjectReview {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly status?: V1SelfSubjectReviewStatus | undefined;
}

export interface V1SelfSubjectReviewStatus {
  readonly userInfo?: V1UserInfo | undefined;
}

export interface V1TokenRequest {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
  readonly metadata?: V1ObjectMeta | undefined;
  readonly spec?: V1TokenRequestSpec | undefined;
  readonly status?: V1TokenRequestStatus | undefined;
}

export interface V1TokenRequestSpec {
  readonly audiences?: readonly string[] | undefined;
  readonly boundObjectRef?: V1BoundObjectReference | undefined;
  readonly expirationSeconds?: number | undefined;
}

export interface V1TokenRequestStatus {
  readonly expirationTimestamp?: string | undefined;
  readonly token?: string | undefined;
}

export interface V1TokenReview {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec: V1TokenReviewSpec;
  readonly status?: V1TokenReviewStatus | undefined;
}

export interface V1TokenReviewSpec {
  readonly audiences?: readonly string[] | undefined;
  readonly token: string;
}

export interface V1TokenReviewStatus {
  readonly audiences?: readonly string[] | undefined;
  readonly authenticated?: boolean | undefined;
  readonly error?: string | undefined;
  readonly user?: V1UserInfo | undefined;
}

export interface V1UserInfo {
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly uid?: string | undefined;
  readonly username?: string | undefined;
}
