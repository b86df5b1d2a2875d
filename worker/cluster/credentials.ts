/** Who may do what with a cluster as such: its key, kept as a hash, and whom a request speaks for. */
import type { TokenAuthenticator } from "#apiserver/authentication/token-authenticator.ts";
import { apiAudiences } from "#apiserver/authentication/token-claims.ts";
import type { Caller, IsCurrent, UserInfo } from "#apiserver/request.ts";

/** As kubeadm's admin.conf has it. */
export const admin: UserInfo = {
  name: "kubernetes-admin",
  groups: ["kubeadm:cluster-admins", "system:authenticated"],
};
export const anonymous: UserInfo = { name: "system:anonymous", groups: ["system:unauthenticated"] };

/** Upstream: apiserver/pkg/authentication/request/websocket/protocol.go. */
const protocolPrefix = "base64url.bearer.authorization.k8s.io.";

export async function hashOf(key: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Credentials {
  readonly #hash: string;
  /** Found right before: not hashed again. */
  #known: string | undefined;
  constructor(hash: string) {
    this.#hash = hash;
  }

  async isKey(key: string): Promise<boolean> {
    if (key === this.#known) return true;
    // Both sides are hashes of 256 bits: their comparison tells nothing of the key.
    if ((await hashOf(key)) !== this.#hash) return false;
    this.#known = key;
    return true;
  }

  /**
   * A bearer token decides alone, whatever the URL says; then the key of the URL; without either the
   * request is anonymous. Upstream: pkg/kubeapiserver/authenticator/config.go.
   */
  async callerOf(key: string, headers: Headers, tokens: TokenAuthenticator): Promise<Caller> {
    const token = bearerOf(headers);
    if (token !== "") {
      if (await this.isKey(token)) return { user: admin, credential: "key" };
      const bearer = await tokens.prove(token);
      const isCurrent: IsCurrent = (remark) => {
        const { user, remarks } = bearer.identify(apiAudiences);
        if (remarks !== undefined) remark(remarks);
        return user !== undefined;
      };
      return { user: bearer.identify(apiAudiences).user, credential: token, isCurrent };
    }
    if (key === "") return { user: anonymous, credential: "" };
    return { user: (await this.isKey(key)) ? admin : undefined, credential: "key" };
  }
}

/** As upstream reads the header; "" when there is none. Browsers' sockets say it as a subprotocol. */
function bearerOf(headers: Headers): string {
  const [scheme = "", token = ""] = (headers.get("authorization") ?? "").trim().split(" ");
  if (scheme.toLowerCase() === "bearer") return token;
  const protocol = (headers.get("sec-websocket-protocol") ?? "")
    .split(",")
    .map((one) => one.trim())
    .find((one) => one.startsWith(protocolPrefix));
  if (protocol === undefined) return "";
  const text = protocol.slice(protocolPrefix.length).replaceAll("-", "+").replaceAll("_", "/");
  return /^[A-Za-z0-9+/]+$/.test(text) ? atob(text) : "invalid";
}
