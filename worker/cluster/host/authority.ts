/**
 * The cluster's own certificate authority, as kubeadm makes one: CN=kubernetes, for ten years. Its key is
 * ECDSA P-256 (kubeadm's encryptionAlgorithm ECDSA-P256), which costs a millisecond at a cluster's birth.
 * Upstream: cmd/kubeadm/app/util/pkiutil, pkg/controller/certificates/authority/authority.go.
 */
import { parseRequest } from "#apimachinery/x509/certificate-request.ts";
import { notAfterMs, signed, unsigned } from "#apimachinery/x509/certificate.ts";
import { element, type Bytes, primitiveTag, sequence } from "#apimachinery/x509/der.ts";
import { commonName } from "#apimachinery/x509/distinguished-name.ts";
import { pem, pemBlock } from "#apimachinery/x509/pem.ts";
import type { CannotSign, CertificateToSign } from "#controllers/signer.ts";
import type { AuthorityFiles } from "./secrets.ts";
import { isSignedBy } from "./signature.ts";

const tenYearsMs = 10 * 365 * 24 * 3_600_000;
const backdateMs = 5 * 60_000;
const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
/** digitalSignature, keyEncipherment, keyCertSign. */
const authorityUsages = [0, 2, 5];

/** Upstream: keyUsageDict. */
const keyUsageBits: Readonly<Record<string, number>> = {
  signing: 0,
  "digital signature": 0,
  "content commitment": 1,
  "key encipherment": 2,
  "data encipherment": 3,
  "key agreement": 4,
  "cert sign": 5,
  "crl sign": 6,
  "encipher only": 7,
  "decipher only": 8,
};
/** Upstream: extKeyUsageDict. */
const extendedUsageIds: Readonly<Record<string, string>> = {
  any: "2.5.29.37.0",
  "server auth": "1.3.6.1.5.5.7.3.1",
  "client auth": "1.3.6.1.5.5.7.3.2",
  "code signing": "1.3.6.1.5.5.7.3.3",
  "email protection": "1.3.6.1.5.5.7.3.4",
  "s/mime": "1.3.6.1.5.5.7.3.4",
  "ipsec end system": "1.3.6.1.5.5.7.3.5",
  "ipsec tunnel": "1.3.6.1.5.5.7.3.6",
  "ipsec user": "1.3.6.1.5.5.7.3.7",
  timestamping: "1.3.6.1.5.5.7.3.8",
  "ocsp signing": "1.3.6.1.5.5.7.3.9",
  "microsoft sgc": "1.3.6.1.4.1.311.10.3.3",
  "netscape sgc": "2.16.840.1.113730.4.1",
};

/** Hash of the key itself, as RFC 5280 4.2.1.2 (1) identifies it. */
async function keyId(key: CryptoKey): Promise<Bytes> {
  const point = (await crypto.subtle.exportKey("raw", key)) as ArrayBuffer;
  return new Uint8Array(await crypto.subtle.digest("SHA-1", point));
}

async function withSignature(body: Bytes, key: CryptoKey): Promise<Bytes> {
  return signed(body, new Uint8Array(await crypto.subtle.sign(ecdsa, key, body)));
}

/** A new authority's key and certificate. */
export async function newAuthority(nowMs: number, serial: Bytes): Promise<AuthorityFiles> {
  const pair = (await crypto.subtle.generateKey(ecdsa, true, ["sign", "verify"])) as CryptoKeyPair;
  const name = commonName("kubernetes");
  const body = unsigned({
    serial,
    issuer: name,
    subject: name,
    notBeforeMs: nowMs - backdateMs,
    notAfterMs: nowMs + tenYearsMs,
    publicKey: new Uint8Array(
      (await crypto.subtle.exportKey("spki", pair.publicKey)) as ArrayBuffer,
    ),
    keyUsages: authorityUsages,
    extendedKeyUsages: [],
    isAuthority: true,
    subjectKeyId: await keyId(pair.publicKey),
    altNames: sequence(element(primitiveTag(2), new TextEncoder().encode("kubernetes"))),
  });
  const { kty, crv, x, y, d } = (await crypto.subtle.exportKey(
    "jwk",
    pair.privateKey,
  )) as JsonWebKey;
  const key = { kty, crv, x, y, d } as AuthorityFiles["key"];
  return { key, certificate: pem("CERTIFICATE", await withSignature(body, pair.privateKey)) };
}

/** Signs what an approved request asks for. */
export async function issue(
  files: AuthorityFiles,
  asked: CertificateToSign,
  serial: Bytes,
): Promise<string | CannotSign> {
  const request = parseRequest(asked.request);
  if (typeof request === "string") return { error: request };
  if (!(await isSignedBy(request, request.publicKey)))
    return { error: "unable to verify certificate request signature: x509: signature mismatch" };
  const { d, ...publicJwk } = files.key;
  const [privateKey, publicKey] = await Promise.all([
    crypto.subtle.importKey("jwk", { ...publicJwk, d }, ecdsa, false, ["sign"]),
    crypto.subtle.importKey("jwk", publicJwk, ecdsa, true, ["verify"]),
  ]);
  const own = pemBlock(files.certificate)?.der;
  const lastMs = own === undefined ? asked.notAfterMs : notAfterMs(own);
  const known = (table: Readonly<Record<string, number | string>>): (number | string)[] =>
    asked.usages.flatMap((usage) => table[usage] ?? []);
  const body = unsigned({
    serial,
    issuer: commonName("kubernetes"),
    subject: request.subject.der,
    notBeforeMs: asked.notBeforeMs,
    notAfterMs: Math.min(asked.notAfterMs, lastMs),
    publicKey: request.publicKey,
    keyUsages: known(keyUsageBits) as number[],
    extendedKeyUsages: known(extendedUsageIds) as string[],
    isAuthority: false,
    authorityKeyId: await keyId(publicKey),
    altNames: request.altNames.der,
  });
  return pem("CERTIFICATE", await withSignature(body, privateKey));
}
