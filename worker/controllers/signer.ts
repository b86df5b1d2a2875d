/**
 * What lies on the controller manager's machine: the cluster's keys, and what they sign. A signature takes
 * longer than a step: the first call ends the step, which runs again when it is there.
 * Upstream: kube-controller-manager --root-ca-file, --cluster-signing-cert-file, --service-account-private-key-file.
 */
export interface Signer {
  /** The cluster's own certificate authority, PEM. */
  readonly rootCa: string;
  /** PEM. Throws to wait; a refusal is a `CannotSign`. */
  certificate(asked: CertificateToSign): string | CannotSign;
  /** The legacy token for a Secret. Throws to wait. */
  token(asked: TokenToSign): string;
}

export interface CertificateToSign {
  /** Same id, same certificate. */
  readonly id: string;
  /** Base64 of PEM, as a CertificateSigningRequest holds it. */
  readonly request: string;
  readonly usages: readonly string[];
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}
export interface CannotSign {
  readonly error: string;
}
export interface TokenToSign {
  readonly id: string;
  readonly namespace: string;
  readonly account: string;
  readonly accountUid: string;
  readonly secret: string;
}
