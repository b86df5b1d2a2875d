/** The Secret of a bootstrap token. Upstream: k8s.io/cluster-bootstrap/token/util/secrets. */
import type { V1Secret } from "#apimachinery/api/core-v1.ts";
import { msOf } from "#apimachinery/time.ts";

export const secretKind = "v1/Secret";
const type = "bootstrap.kubernetes.io/token";
const namePrefix = "bootstrap-token-";

export const isTokenSecret = ({ metadata, type: is }: V1Secret): boolean =>
  is === type && metadata.namespace === "kube-system";

export const textOf = ({ data }: V1Secret, key: string): string => {
  const value = data?.[key];
  return value === undefined ? "" : atob(String(value));
};

/** When it ends, ms since 1970; Infinity: never. What cannot be read is over. */
export function endMs(secret: V1Secret): number {
  const text = textOf(secret, "expiration");
  if (text === "") return Number.POSITIVE_INFINITY;
  const ms = msOf(text);
  return Number.isNaN(ms) ? 0 : ms;
}

/** The token that may sign; undefined: it may not. Upstream: validateSecretForSigning. */
export function signingToken(
  secret: V1Secret,
  nowMs: number,
): { readonly id: string; readonly secret: string } | undefined {
  const { name = "" } = secret.metadata;
  const id = textOf(secret, "token-id");
  const value = textOf(secret, "token-secret");
  if (!/^[a-z0-9]{6}$/.test(id) || name !== namePrefix + id || value === "") return undefined;
  if (endMs(secret) <= nowMs || textOf(secret, "usage-bootstrap-signing") !== "true")
    return undefined;
  return { id, secret: value };
}
