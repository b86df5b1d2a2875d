/**
 * Tokens with which machines join: `abcdef.0123456789abcdef`, kept as Secrets in kube-system.
 * Upstream: plugin/pkg/auth/authenticator/token/bootstrap/bootstrap.go, k8s.io/cluster-bootstrap/token.
 */
import type { V1Secret } from "#apimachinery/api/core-v1.ts";
import { msOf } from "#apimachinery/time.ts";
import type { UserInfo } from "#apiserver/request.ts";
import { type Bearer, nobodys } from "./bearer.ts";
import type { TokenWorld } from "./service-account-token.ts";
import { apiAudiences } from "./token-claims.ts";

const shape = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const secretType = "bootstrap.kubernetes.io/token";
const defaultGroup = "system:bootstrappers";
const groupShape = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;

/** Undefined: it does not look like one. */
export function bootstrapBearer(token: string, world: TokenWorld): Bearer | undefined {
  const [, id, secret] = shape.exec(token) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  let known: { readonly of: V1Secret; readonly user: UserInfo | undefined } | undefined;
  return {
    identify(audiences) {
      const object = world.get<V1Secret>("v1/Secret", "kube-system", `bootstrap-token-${id}`);
      if (object === undefined) return nobodys.identify(audiences);
      if (known?.of !== object) known = { of: object, user: userOf(object, id, secret) };
      const end = text(object, "expiration");
      if (known.user === undefined || (end !== "" && !(msOf(end) > world.wallMs())))
        return nobodys.identify(audiences);
      return { user: known.user, audiences: apiAudiences, error: "" };
    },
  };
}

const text = ({ data }: V1Secret, key: string): string => {
  const value = data?.[key];
  return value === undefined ? "" : atob(String(value));
};

function userOf(secret: V1Secret, id: string, wanted: string): UserInfo | undefined {
  if (secret.type !== secretType || secret.metadata.deletionTimestamp !== undefined)
    return undefined;
  if (text(secret, "token-id") !== id || text(secret, "token-secret") !== wanted) return undefined;
  if (text(secret, "usage-bootstrap-authentication") !== "true") return undefined;
  const more = text(secret, "auth-extra-groups")
    .split(",")
    .filter((group) => group !== "");
  if (!more.every((group) => groupShape.test(group))) return undefined;
  const groups = [...new Set([defaultGroup, ...more])].toSorted();
  return { name: `system:bootstrap:${id}`, groups: [...groups, "system:authenticated"] };
}
