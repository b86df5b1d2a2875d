/** Generated from types.json by generate.ts; do not edit. */
import type { V1ObjectMeta } from "./meta-v1.ts";

export interface V1CertificateSigningRequest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec: V1CertificateSigningRequestSpec;
  readonly status?: V1CertificateSigningRequestStatus | undefined;
}

export interface V1CertificateSigningRequestCondition {
  readonly lastTransitionTime?: string | undefined;
  readonly lastUpdateTime?: string | undefined;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly status: string;
  readonly type: string;
}

export interface V1CertificateSigningRequestSpec {
  readonly expirationSeconds?: number | undefined;
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly request: string;
  readonly signerName: string;
  readonly uid?: string | undefined;
  readonly usages?: readonly string[] | undefined;
  readonly username?: string | undefined;
}

export interface V1CertificateSigningRequestStatus {
  readonly certificate?: string | undefined;
  readonly conditions?: readonly V1CertificateSigningRequestCondition[] | undefined;
}
