/** Signatures of certificates and of requests for them, verified. Reference: RFC 5280 4.1.1.2. */
import { rawEcdsa } from "#apimachinery/x509/certificate.ts";
import type { Bytes } from "#apimachinery/x509/der.ts";

export interface Signed {
  /** What the signature is about. */
  readonly signed: Bytes;
  readonly signatureAlgorithm: string;
  readonly signature: Bytes;
}

interface Scheme {
  readonly key: SubtleCryptoImportKeyAlgorithm;
  readonly verify: SubtleCryptoSignAlgorithm;
  /** Bytes of r and of s. */
  readonly half?: number;
}
const rsa = (hash: string): Scheme => ({
  key: { name: "RSASSA-PKCS1-v1_5", hash },
  verify: { name: "RSASSA-PKCS1-v1_5" },
});
const rsaSchemes: Readonly<Record<string, Scheme>> = {
  "1.2.840.113549.1.1.11": rsa("SHA-256"),
  "1.2.840.113549.1.1.12": rsa("SHA-384"),
  "1.2.840.113549.1.1.13": rsa("SHA-512"),
  "1.3.101.112": { key: { name: "Ed25519" }, verify: { name: "Ed25519" } },
};
const ecdsaHashes: Readonly<Record<string, string>> = {
  "1.2.840.10045.4.3.2": "SHA-256",
  "1.2.840.10045.4.3.3": "SHA-384",
  "1.2.840.10045.4.3.4": "SHA-512",
};
/** By the bytes of the key: an uncompressed point of each curve has its own length. */
const curves: readonly (readonly [string, number])[] = [
  ["P-256", 32],
  ["P-384", 48],
  ["P-521", 66],
];

function schemesOf({ signatureAlgorithm }: Signed): readonly Scheme[] {
  const one = rsaSchemes[signatureAlgorithm];
  if (one !== undefined) return [one];
  const hash = ecdsaHashes[signatureAlgorithm];
  if (hash === undefined) return [];
  return curves.map(([namedCurve, half]) => ({
    key: { name: "ECDSA", namedCurve },
    verify: { name: "ECDSA", hash },
    half,
  }));
}

/** Did whoever holds the key sign it? `key`: SubjectPublicKeyInfo. */
export async function isSignedBy(made: Signed, holder: Bytes): Promise<boolean> {
  for (const { key, verify, half } of schemesOf(made)) {
    try {
      const publicKey = await crypto.subtle.importKey("spki", holder, key, false, ["verify"]);
      const signature = half === undefined ? made.signature : rawEcdsa(made.signature, half);
      if (await crypto.subtle.verify(verify, publicKey, signature, made.signed)) return true;
    } catch {
      // Another curve, or no key at all: the next scheme says.
    }
  }
  return false;
}
