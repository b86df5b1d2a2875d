/**
 * What a service account's token says: who it is, until when, and which objects it hangs on.
 * Upstream: pkg/serviceaccount/claims.go, legacy.go.
 */
import type { V1Node, V1Pod, V1Secret, V1ServiceAccount } from "#apimachinery/api/core-v1.ts";
import { accountUsername } from "./service-account-names.ts";

/** As kubeadm sets --service-account-issuer; the API server's own audience too. */
export const issuer = "https://kubernetes.default.svc.cluster.local";
export const apiAudiences: readonly string[] = [issuer];
const legacyIssuer = "kubernetes/serviceaccount";

export interface ObjectClaim {
  readonly name: string;
  readonly uid?: string | undefined;
}
/** Claim `kubernetes.io`: the account and what the token is bound to. Times are seconds since 1970. */
export interface BoundClaims {
  readonly namespace: string;
  readonly node?: ObjectClaim | undefined;
  readonly pod?: ObjectClaim | undefined;
  readonly secret?: ObjectClaim | undefined;
  readonly serviceaccount: ObjectClaim;
  readonly warnafter?: number | undefined;
}
/** Names in the order of the alphabet, as upstream writes them. Times are seconds since 1970. */
export interface TokenClaims {
  readonly aud: readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly iss: string;
  readonly jti: string;
  readonly "kubernetes.io": BoundClaims;
  readonly nbf: number;
  readonly sub: string;
}
/** The token in a Secret of type kubernetes.io/service-account-token: it never expires. */
export interface LegacyClaims {
  readonly iss: string;
  readonly "kubernetes.io/serviceaccount/namespace": string;
  readonly "kubernetes.io/serviceaccount/secret.name": string;
  readonly "kubernetes.io/serviceaccount/service-account.name": string;
  readonly "kubernetes.io/serviceaccount/service-account.uid": string;
  readonly sub: string;
}
export const isLegacy = (claims: TokenClaims | LegacyClaims): claims is LegacyClaims =>
  claims.iss === legacyIssuer;
export const isBound = (claims: TokenClaims | LegacyClaims): claims is TokenClaims =>
  claims.iss === issuer;

export interface ClaimsFor {
  readonly account: V1ServiceAccount;
  readonly pod?: V1Pod | undefined;
  /** A Pod's node may be gone: its name alone is claimed then. */
  readonly node?: V1Node | { readonly metadata: { readonly name: string } } | undefined;
  readonly secret?: V1Secret | undefined;
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  readonly warnAfterSeconds?: number | undefined;
  readonly nowMs: number;
  readonly id: string;
}

export function tokenClaims(asked: ClaimsFor): TokenClaims {
  const { account, pod, node, secret, audiences, expirationSeconds, warnAfterSeconds } = asked;
  const now = Math.floor(asked.nowMs / 1000);
  const { namespace = "", name = "" } = account.metadata;
  return {
    aud: audiences,
    exp: now + expirationSeconds,
    iat: now,
    iss: issuer,
    jti: asked.id,
    "kubernetes.io": {
      namespace,
      ...(node === undefined ? {} : { node: claimOf(node) }),
      ...(pod === undefined ? {} : { pod: claimOf(pod) }),
      ...(secret === undefined ? {} : { secret: claimOf(secret) }),
      serviceaccount: claimOf(account),
      ...(warnAfterSeconds === undefined ? {} : { warnafter: now + warnAfterSeconds }),
    },
    nbf: now,
    sub: accountUsername(namespace, name),
  };
}

const claimOf = ({
  metadata: { name = "", uid },
}: {
  readonly metadata: { readonly name?: string | undefined; readonly uid?: string | undefined };
}): ObjectClaim => (uid === undefined ? { name } : { name, uid });

/** Of the account's own Secret. */
export const legacyClaims = (asked: {
  readonly namespace: string;
  readonly account: string;
  readonly accountUid: string;
  readonly secret: string;
}): LegacyClaims => ({
  iss: legacyIssuer,
  "kubernetes.io/serviceaccount/namespace": asked.namespace,
  "kubernetes.io/serviceaccount/secret.name": asked.secret,
  "kubernetes.io/serviceaccount/service-account.name": asked.account,
  "kubernetes.io/serviceaccount/service-account.uid": asked.accountUid,
  sub: accountUsername(asked.namespace, asked.account),
});

/** How far clocks may differ. Upstream: go-jose jwt.DefaultLeeway. */
export const leewayMs = 60_000;

/** Why the times refuse it; undefined: they do not. */
export function untimely(
  { exp, iat, nbf }: Pick<TokenClaims, "exp" | "iat" | "nbf">,
  nowMs: number,
): string | undefined {
  if (nbf * 1000 > nowMs + leewayMs) return "service account token is not valid yet";
  if (exp * 1000 < nowMs - leewayMs) return "service account token has expired";
  if (iat * 1000 > nowMs + leewayMs) return "service account token is issued in the future";
  return undefined;
}
