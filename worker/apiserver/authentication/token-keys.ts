/**
 * Signs and verifies service account tokens: RS256, one key per cluster. WebCrypto takes its time, so
 * this is done outside the gates (`awaiting.ts`).
 * Upstream: pkg/serviceaccount/jwt.go, openidmetadata.go.
 */
import { base64UrlOf } from "#apimachinery/base64.ts";
import { CompactSign, compactVerify, type CryptoKey, importJWK } from "jose";
import type { LegacyClaims, TokenClaims } from "./token-claims.ts";

export type AnyClaims = TokenClaims | LegacyClaims;

/** An RSA key, private parts and all, as JSON Web Key. */
export type PrivateJwk = Readonly<Record<string, string>>;

interface Loaded {
  readonly id: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly publicJwk: Readonly<Record<string, string>>;
}

const algorithm = "RS256";
const base64url = (bytes: ArrayBuffer): string => base64UrlOf(new Uint8Array(bytes));

export class TokenKeys {
  readonly #jwk: () => Promise<PrivateJwk>;
  #loaded: Promise<Loaded> | undefined;

  /** `jwk` is asked once, when a token is first signed or verified. */
  constructor(jwk: () => Promise<PrivateJwk>) {
    this.#jwk = jwk;
  }

  async sign(claims: AnyClaims): Promise<string> {
    const { id, privateKey } = await this.#key();
    return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
      .setProtectedHeader({ alg: algorithm, kid: id })
      .sign(privateKey);
  }

  /** What a token says that this key signed; undefined: it is no such token. */
  async verify(token: string): Promise<AnyClaims | undefined> {
    const { publicKey } = await this.#key();
    try {
      const { payload } = await compactVerify(token, publicKey, { algorithms: [algorithm] });
      return JSON.parse(new TextDecoder().decode(payload)) as AnyClaims;
    } catch {
      // Whatever it is, it is not ours: who sent it is told "invalid bearer token".
      return undefined;
    }
  }

  /** The public key, for whoever verifies tokens elsewhere. */
  async jwks(): Promise<{ readonly keys: readonly Readonly<Record<string, string>>[] }> {
    const { id, publicJwk } = await this.#key();
    const { kty = "", n = "", e = "" } = publicJwk;
    return { keys: [{ use: "sig", kty, kid: id, alg: algorithm, n, e }] };
  }

  #key(): Promise<Loaded> {
    this.#loaded ??= this.#jwk().then(load);
    return this.#loaded;
  }
}

async function load(jwk: PrivateJwk): Promise<Loaded> {
  const { kty = "", n = "", e = "" } = jwk;
  const publicJwk = { kty, n, e };
  const [privateKey, publicKey] = (await Promise.all([
    importJWK({ ...jwk }, algorithm),
    importJWK(publicJwk, algorithm, { extractable: true }),
  ])) as [CryptoKey, CryptoKey];
  // Upstream: keyIDFromPublicKey, the hash of the key's DER form.
  const der = (await crypto.subtle.exportKey("spki", publicKey)) as ArrayBuffer;
  const id = base64url(await crypto.subtle.digest("SHA-256", der));
  return { id, privateKey, publicKey, publicJwk };
}
