/** PKCS #10 requests as a client makes them, for keys of several sorts. */
import {
  bitString,
  contextTag,
  element,
  integer,
  objectId,
  sequence,
  set,
  tags,
  utf8String,
} from "#apimachinery/x509/der.ts";
import { pem } from "#apimachinery/x509/pem.ts";

export interface Asked {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  readonly key?: "P-256" | "P-384" | "RSA" | "Ed25519";
  /** Signed by another key than the one in it. */
  readonly forged?: boolean;
}

const sorts = {
  "P-256": [{ name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }, "1.2.840.10045.4.3.2"],
  "P-384": [{ name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" }, "1.2.840.10045.4.3.3"],
  RSA: [
    {
      name: "RSASSA-PKCS1-v1_5",
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: "SHA-256",
    },
    "1.2.840.113549.1.1.11",
  ],
  Ed25519: [{ name: "Ed25519" }, "1.3.101.112"],
} as const;

const printable = (text: string): Uint8Array =>
  element(tags.printableString, new TextEncoder().encode(text));

/** Base64 of PEM, as `spec.request` wants it. */
export async function requestFor({
  commonName,
  organizations = [],
  key = "P-256",
  forged = false,
}: Asked): Promise<string> {
  const [algorithm, id] = sorts[key];
  const newPair = async () =>
    (await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
  const pair = await newPair();
  const signer = forged ? await newPair() : pair;
  const pairs: readonly (readonly [string, Uint8Array])[] = [
    ...organizations.map((one) => ["2.5.4.10", printable(one)] as const),
    ["2.5.4.3", utf8String(commonName)],
  ];
  const body = sequence(
    integer(Uint8Array.of(0)),
    sequence(...pairs.map(([name, value]) => set(sequence(objectId(name), value)))),
    new Uint8Array((await crypto.subtle.exportKey("spki", pair.publicKey)) as ArrayBuffer),
    element(contextTag(0)),
  );
  const raw = new Uint8Array(await crypto.subtle.sign(algorithm, signer.privateKey, body));
  const half = raw.length / 2;
  const signature = key.startsWith("P-")
    ? sequence(integer(raw.subarray(0, half)), integer(raw.subarray(half)))
    : raw;
  const der = sequence(body, sequence(objectId(id)), bitString(signature));
  return btoa(pem("CERTIFICATE REQUEST", der));
}
