/** Who may do what with a cluster as such: its key, kept as a hash, and whom a request speaks for. */
import type { UserInfo } from "#apiserver/request.ts";
import { internalHeaders } from "#apiserver/rpc.ts";

/** As kubeadm's admin.conf has it. */
export const admin: UserInfo = {
  name: "kubernetes-admin",
  groups: ["kubeadm:cluster-admins", "system:authenticated"],
};
export const anonymous: UserInfo = { name: "system:anonymous", groups: ["system:unauthenticated"] };

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

  /** Upstream: a request without credentials is anonymous, one with wrong ones is refused (undefined). */
  async userOf(headers: Headers): Promise<UserInfo | undefined> {
    const key = headers.get(internalHeaders.key) ?? "";
    if (key !== "") return (await this.isKey(key)) ? admin : undefined;
    const [scheme = "", token = ""] = (headers.get("authorization") ?? "").split(" ");
    if (scheme.toLowerCase() !== "bearer" || token === "") return anonymous;
    return (await this.isKey(token)) ? admin : undefined;
  }
}
