/** Where others find the keys that verify this cluster's tokens. Upstream: pkg/routes/openidmetadata.go, pkg/serviceaccount/openidmetadata.go. */
import { issuer } from "#apiserver/authentication/token-claims.ts";
import type { NonResource } from "./non-resource.ts";

const keysPath = "/openid/v1/jwks";
const headers = { "cache-control": "public, max-age=3600" };

const answer = (value: unknown, type: string): Response =>
  new Response(JSON.stringify(value), { headers: { ...headers, "content-type": type } });

/** `jwks_uri` is the address inside the cluster, as kubeadm leaves it; from outside take the cluster's URL. */
export const openId: NonResource = async (_, path, { api }) => {
  if (path === "/.well-known/openid-configuration")
    return answer(
      {
        issuer,
        jwks_uri: `https://${api.world.advertisedIp}:6443${keysPath}`,
        response_types_supported: ["id_token"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
      },
      "application/json",
    );
  if (path === keysPath) return answer(await api.tokens.keys.jwks(), "application/jwk-set+json");
  return undefined;
};
