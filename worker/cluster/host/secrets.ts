/**
 * Keys that nobody may guess: from the cryptographic generator, never from the seed, kept on the host
 * beside the log, so that no revision, no share link and no fork holds them.
 */
import type { PrivateJwk } from "#apiserver/authentication/token-keys.ts";
import type { Host } from "./host.ts";

const tokenKeyName = "service-account-key";
const tokenKeyBits = 2048;

export class Secrets {
  readonly #host: Host;
  constructor(host: Host) {
    this.#host = host;
  }

  /**
   * The key that signs service account tokens (kubeadm's sa.key). Made when it is first needed: an RSA
   * key costs a hundred milliseconds and more, which a new cluster's learner need not wait for.
   */
  async tokenKey(): Promise<PrivateJwk> {
    const kept = this.#host.get<PrivateJwk>(tokenKeyName);
    if (kept !== undefined) return kept;
    const publicExponent = new Uint8Array([1, 0, 1]);
    const algorithm = {
      name: "RSASSA-PKCS1-v1_5",
      modulusLength: tokenKeyBits,
      publicExponent,
      hash: "SHA-256",
    };
    const pair = (await crypto.subtle.generateKey(algorithm, true, [
      "sign",
      "verify",
    ])) as CryptoKeyPair;
    const { kty, n, e, d, p, q, dp, dq, qi } = (await crypto.subtle.exportKey(
      "jwk",
      pair.privateKey,
    )) as JsonWebKey;
    const made = { kty, n, e, d, p, q, dp, dq, qi } as PrivateJwk;
    this.#host.put(tokenKeyName, made);
    return made;
  }

  newId(): string {
    return crypto.randomUUID();
  }
}
