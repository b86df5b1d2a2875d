/**
 * Signs what a machine reads before it trusts the cluster: the ConfigMap cluster-info, once with every bootstrap
 * token, so that who knows a token can tell that it is the right one.
 * Upstream: pkg/controller/bootstrap/bootstrapsigner.go, k8s.io/cluster-bootstrap/token/jws.
 */
import { base64UrlOf } from "#apimachinery/base64.ts";
import type { V1ConfigMap, V1Secret } from "#apimachinery/api/core-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import { hmacSha256 } from "#apimachinery/hmac.ts";
import { isReason } from "#apimachinery/status.ts";
import { done, requeueAt, type Result, sooner } from "#client/component.ts";
import type { Controller } from "#controllers/controller.ts";
import { endMs, isTokenSecret, secretKind, signingToken } from "./token-secret.ts";

const configKind = "v1/ConfigMap";
const clusterInfo = "kube-public/cluster-info";
const contentKey = "kubeconfig";
const prefix = "jws-kubeconfig-";

const textBase64Url = (text: string): string => base64UrlOf(new TextEncoder().encode(text));

/** A JWS without its content. */
export function detachedSignature(content: string, id: string, secret: string): string {
  const header = textBase64Url(JSON.stringify({ alg: "HS256", kid: id }));
  return `${header}..${base64UrlOf(hmacSha256(secret, `${header}.${textBase64Url(content)}`))}`;
}

/** Pure: the data as it should be. */
export function signed(
  data: Readonly<Record<string, string>>,
  secrets: readonly V1Secret[],
  nowMs: number,
): Readonly<Record<string, string>> {
  const content = data[contentKey];
  if (content === undefined) return data;
  const made = Object.entries(data).filter(([key]) => !key.startsWith(prefix));
  for (const secret of secrets) {
    const token = signingToken(secret, nowMs);
    if (token !== undefined)
      made.push([prefix + token.id, detachedSignature(content, token.id, token.secret)]);
  }
  return Object.fromEntries(made);
}

export const bootstrapSigner: Controller = {
  name: "bootstrap-signer",
  account: "bootstrap-signer",
  watches: configKind,
  heeds: ({ key }) => key === clusterInfo,
  maps: {
    [secretKind]: ({ object }) => (isTokenSecret(object as V1Secret) ? [clusterInfo] : []),
  },
  reconcile(key, step): Result {
    const config = step.lister<V1ConfigMap>(configKind).get(key);
    if (config === undefined) return done;
    const secrets = step.lister<V1Secret>(secretKind).list("kube-system").filter(isTokenSecret);
    const data = signed(config.data ?? {}, secrets, step.nowMs);
    // A token that ends signs no more.
    const next = secrets
      .map(endMs)
      .filter((ms) => ms > step.nowMs && ms !== Number.POSITIVE_INFINITY)
      .reduce<Result>((first, ms) => sooner(first, requeueAt(ms)), done);
    if (equal(data, config.data ?? {})) return next;
    try {
      step.client.update<V1ConfigMap>({ ...config, data });
    } catch (error) {
      if (!isReason(error, "NotFound", "Conflict")) throw error;
    }
    return next;
  },
};
