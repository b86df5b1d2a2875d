/**
 * Keys that nobody may guess: from the cryptographic generator, never from the seed, kept on the host
 * beside the log, so that no revision, no share link and no fork holds them.
 */
import type { PrivateJwk } from "#apiserver/authentication/token-keys.ts";
import { newAuthority } from "./authority.ts";
import type { Host } from "./host.ts";

/** kubeadm's ca.key (JSON Web Key) and ca.crt (PEM). */
export interface AuthorityFiles {
  readonly key: Readonly<Record<"kty" | "crv" | "x" | "y" | "d", string>>;
  readonly certificate: string;
}

const authorityName = "certificate-authority";
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

  /** The authority's files, made at the cluster's birth. */
  get authority(): AuthorityFiles {
    const files = this.#host.get<AuthorityFiles>(authorityName);
    if (files === undefined) throw new Error("the certificate authority was not made");
    return files;
  }

  /** Makes what a new cluster needs from its first moment on. */
  async prepare(nowMs: number): Promise<void> {
    if (this.#host.get(authorityName) === undefined)
      this.#host.put(authorityName, await newAuthority(nowMs, this.serial()));
  }

  /** 127 random bits: a certificate's serial number, positive. */
  serial(): Uint8Array<ArrayBuffer> {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[0] = (bytes[0] ?? 0) & 0x7f;
    return bytes;
  }

  newId(): string {
    return crypto.randomUUID();
  }
}
