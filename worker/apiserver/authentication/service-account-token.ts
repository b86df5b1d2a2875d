/**
 * Tokens of service accounts: bound ones, which end with the Pod, Node or Secret they are bound to, and
 * the legacy ones that lie in Secrets.
 * Upstream: pkg/serviceaccount/claims.go Validate, legacy.go Validate, jwt.go AuthenticateToken.
 */
import type { V1Secret, V1ServiceAccount } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { msOf } from "#apimachinery/time.ts";
import type { Remarks, UserInfo } from "#apiserver/request.ts";
import { type Bearer, type Identified, nobodys, refused } from "./bearer.ts";
import { invalidated as invalidatedToken } from "./legacy-token-use.ts";
import { accountGroups, accountUsername } from "./service-account-names.ts";
import {
  apiAudiences,
  isBound,
  isLegacy,
  leewayMs,
  type LegacyClaims,
  type ObjectClaim,
  type TokenClaims,
  untimely,
} from "./token-claims.ts";
import type { AnyClaims } from "./token-keys.ts";

export interface TokenWorld {
  get<T extends KubeObject>(gvk: string, namespace: string, name: string): T | undefined;
  /** Tokens live in wall time, objects in cluster time; ms since 1970. */
  wallMs(): number;
  nowMs(): number;
  /** A legacy token was used; `secret` holds it. */
  used(secret: V1Secret): void;
}

const invalidated = "service account token has been invalidated";
const inAudit = (name: string): string => `authentication.k8s.io/${name}`;
const inExtra = (name: string): string => `authentication.kubernetes.io/${name}`;

export function serviceAccountBearer(token: string, claims: AnyClaims, world: TokenWorld): Bearer {
  if (isBound(claims)) {
    const user = boundUser(claims);
    return {
      identify: (audiences) => identified(user, claims.aud, audiences, bound(claims, world)),
    };
  }
  if (isLegacy(claims)) {
    const user = legacyUser(claims);
    return {
      identify: (audiences) => identified(user, [], audiences, legacy(token, claims, world)),
    };
  }
  return nobodys;
}

function identified(
  user: UserInfo,
  meant: readonly string[] | string | undefined,
  asked: readonly string[],
  { error, remarks }: Verdict,
): Identified {
  const given = typeof meant === "string" ? [meant] : (meant ?? []);
  const own = given.length === 0 ? apiAudiences : given;
  const audiences = own.filter((one) => asked.includes(one));
  if (audiences.length === 0)
    return refused(
      `token audiences ${quoted(own)} is invalid for the target audiences ${quoted(asked)}`,
    );
  return error === undefined ? { user, audiences, error: "", remarks } : refused(error, remarks);
}
/** Why a token is refused now, if it is, and what else there is to say. */
interface Verdict {
  readonly error?: string | undefined;
  readonly remarks?: Remarks | undefined;
}
const quoted = (texts: readonly string[]): string =>
  `[${texts.map((text) => JSON.stringify(text)).join(" ")}]`;

function boundUser({
  jti,
  "kubernetes.io": { namespace, serviceaccount, pod, node },
}: TokenClaims): UserInfo {
  const extra: Record<string, readonly string[]> = {};
  if (jti) extra[inExtra("credential-id")] = [`JTI=${jti}`];
  if (pod?.uid) {
    extra[inExtra("pod-name")] = [pod.name];
    extra[inExtra("pod-uid")] = [pod.uid];
  }
  if (node !== undefined) {
    extra[inExtra("node-name")] = [node.name];
    if (node.uid) extra[inExtra("node-uid")] = [node.uid];
  }
  return accountUser(namespace, serviceaccount.name, serviceaccount.uid ?? "", extra);
}
const legacyUser = (claims: LegacyClaims): UserInfo =>
  accountUser(
    claims["kubernetes.io/serviceaccount/namespace"],
    claims["kubernetes.io/serviceaccount/service-account.name"],
    claims["kubernetes.io/serviceaccount/service-account.uid"],
    undefined,
  );
const accountUser = (
  namespace: string,
  name: string,
  uid: string,
  extra: UserInfo["extra"],
): UserInfo => ({
  name: accountUsername(namespace, name),
  uid,
  groups: [...accountGroups(namespace), "system:authenticated"],
  ...(extra === undefined ? {} : { extra }),
});

function bound(claims: TokenClaims, world: TokenWorld): Verdict {
  const error = boundRefusal(claims, world);
  return error === undefined ? { remarks: staleness(claims, world) } : { error };
}

/** A token that the kubelet should have renewed by now. */
function staleness(
  { sub, "kubernetes.io": { warnafter } }: TokenClaims,
  world: TokenWorld,
): Remarks | undefined {
  const nowMs = world.wallMs();
  if (!warnafter || nowMs <= warnafter * 1000) return undefined;
  const seconds = Math.floor(nowMs / 1000) - warnafter;
  const said = `subject: ${sub}, seconds after warning threshold: ${seconds}`;
  return { annotations: { [inAudit("stale-token")]: said } };
}

/** Why a bound token is refused now. */
function boundRefusal(claims: TokenClaims, world: TokenWorld): string | undefined {
  const late = untimely(claims, world.wallMs());
  if (late !== undefined) return late;
  const { namespace, serviceaccount, secret, pod, node } = claims["kubernetes.io"];
  return (
    withoutAccount(namespace, serviceaccount, world) ??
    (secret === undefined ? undefined : withoutObject("Secret", namespace, secret, world)) ??
    (pod === undefined ? undefined : withoutObject("Pod", namespace, pod, world)) ??
    // A Pod's token tells the node, but does not hang on it.
    (node === undefined || pod !== undefined ? undefined : withoutObject("Node", "", node, world))
  );
}

function withoutAccount(
  namespace: string,
  { name, uid }: ObjectClaim,
  world: TokenWorld,
): string | undefined {
  const account = world.get("v1/ServiceAccount", namespace, name);
  if (account === undefined) return missing(name);
  if (account.metadata.uid !== uid)
    return `service account UID (${account.metadata.uid}) does not match claim (${uid})`;
  return isGone(account, world)
    ? `service account ${namespace}/${name} has been deleted`
    : undefined;
}

function withoutObject(
  kind: "Secret" | "Pod" | "Node",
  namespace: string,
  { name, uid }: ObjectClaim,
  world: TokenWorld,
): string | undefined {
  const object = world.get(`v1/${kind}`, namespace, name);
  if (object === undefined) return invalidated;
  const word = kind.toLowerCase();
  if (object.metadata.uid !== uid)
    return `${word} UID (${object.metadata.uid}) does not match service account ${word} ref claim (${uid})`;
  return isGone(object, world) ? invalidated : undefined;
}

/** Deleted for longer than clocks may differ; while it is ending, its tokens still serve. */
const isGone = ({ metadata: { deletionTimestamp } }: KubeObject, world: TokenWorld): boolean =>
  deletionTimestamp !== undefined && msOf(deletionTimestamp) < world.nowMs() - leewayMs;

/** Legacy tokens do not outlive the order to delete. */
const isEnding = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined;
const missing = (name: string): string => `serviceaccounts ${JSON.stringify(name)} not found`;

/** Its Secret must hold this very token. */
function legacy(token: string, claims: LegacyClaims, world: TokenWorld): Verdict {
  const namespace = claims["kubernetes.io/serviceaccount/namespace"];
  const secret = world.get<V1Secret>(
    "v1/Secret",
    namespace,
    claims["kubernetes.io/serviceaccount/secret.name"],
  );
  if (secret === undefined || isEnding(secret)) return { error: "Token has been invalidated" };
  if (secret.data?.["token"] !== btoa(token))
    return { error: "Token does not match server's copy" };
  const name = claims["kubernetes.io/serviceaccount/service-account.name"];
  const uid = claims["kubernetes.io/serviceaccount/service-account.uid"];
  const account = world.get<V1ServiceAccount>("v1/ServiceAccount", namespace, name);
  if (account === undefined) return { error: missing(name) };
  if (isEnding(account)) return { error: `ServiceAccount ${namespace}/${name} has been deleted` };
  if (account.metadata.uid !== uid)
    return { error: `ServiceAccount UID (${account.metadata.uid}) does not match claim (${uid})` };
  world.used(secret);
  const error = invalidatedToken(secret, name);
  return { error, remarks: remarksOn(secret, account, error !== undefined) };
}

const autoGenerated =
  "Use tokens from the TokenRequest API or manually created secret-based tokens instead of auto-generated secret-based tokens.";

function remarksOn(
  { metadata: { name = "", namespace = "" } }: V1Secret,
  { secrets = [] }: V1ServiceAccount,
  isInvalidated: boolean,
): Remarks {
  if (isInvalidated)
    return { annotations: { [inAudit("legacy-token-invalidated")]: `${name}/${namespace}` } };
  if (!secrets.some((secret) => secret.name === name))
    return { annotations: { [inAudit("legacy-token-manual-secret")]: name } };
  const annotations = { [inAudit("legacy-token-autogenerated-secret")]: name };
  return { annotations, warnings: [autoGenerated] };
}
