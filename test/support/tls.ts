/** Certificates of servers as somebody makes them at home: an authority of one's own, and what it signs. */
import { signed, unsigned } from "#apimachinery/x509/certificate.ts";
import { element, primitiveTag, sequence } from "#apimachinery/x509/der.ts";
import { commonName } from "#apimachinery/x509/distinguished-name.ts";
import { pem } from "#apimachinery/x509/pem.ts";

const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const serverAuth = "1.3.6.1.5.5.7.3.1";
const dayMs = 86_400_000;

export interface Authority {
  readonly name: string;
  readonly pair: CryptoKeyPair;
  readonly certificate: string;
}
export interface Leaf {
  readonly certificate: string;
  /** PKCS #8. */
  readonly key: string;
}
interface Wanted {
  readonly names?: readonly string[];
  readonly commonName?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly usages?: readonly string[];
}

const newPair = async (): Promise<CryptoKeyPair> =>
  (await crypto.subtle.generateKey(ecdsa, true, ["sign", "verify"])) as CryptoKeyPair;

async function made(
  pair: CryptoKeyPair,
  signer: { readonly name: string; readonly key: CryptoKey },
  name: string,
  { names = [], fromMs, toMs, usages = [serverAuth] }: Wanted,
  isAuthority: boolean,
): Promise<string> {
  const now = Date.now();
  const body = unsigned({
    serial: Uint8Array.of(7),
    issuer: commonName(signer.name),
    subject: commonName(name),
    notBeforeMs: fromMs ?? now - dayMs,
    notAfterMs: toMs ?? now + dayMs,
    publicKey: new Uint8Array(
      (await crypto.subtle.exportKey("spki", pair.publicKey)) as ArrayBuffer,
    ),
    keyUsages: isAuthority ? [0, 2, 5] : [0, 2],
    extendedKeyUsages: isAuthority ? [] : usages,
    isAuthority,
    ...(names.length === 0
      ? {}
      : {
          altNames: sequence(
            ...names.map((one) => element(primitiveTag(2), new TextEncoder().encode(one))),
          ),
        }),
  });
  const signature = new Uint8Array(await crypto.subtle.sign(ecdsa, signer.key, body));
  return pem("CERTIFICATE", signed(body, signature));
}

/** `by`: who signs it; itself when left out. */
export async function newAuthority(name: string, by?: Authority): Promise<Authority> {
  const pair = await newPair();
  const signer = { name: by?.name ?? name, key: (by?.pair ?? pair).privateKey };
  return { name, pair, certificate: await made(pair, signer, name, {}, true) };
}

export async function newLeaf(by: Authority, wanted: Wanted): Promise<Leaf> {
  const pair = await newPair();
  const signer = { name: by.name, key: by.pair.privateKey };
  const key = (await crypto.subtle.exportKey("pkcs8", pair.privateKey)) as ArrayBuffer;
  return {
    certificate: await made(pair, signer, wanted.commonName ?? "", wanted, false),
    key: pem("PRIVATE KEY", new Uint8Array(key)),
  };
}
