/**
 * An X.509 certificate before its signature, and with it. Reference: RFC 5280; upstream:
 * pkg/controller/certificates/authority, kubeadm pkiutil NewSelfSignedCACert.
 */
import {
  type Bytes,
  bitString,
  contextTag,
  element,
  elements,
  integer,
  objectId,
  octetString,
  parts,
  primitiveTag,
  sequence,
  tags,
  time,
  timeOf,
  yes,
} from "./der.ts";

export const ecdsaWithSha256 = "1.2.840.10045.4.3.2";

/** Object identifiers of extensions. */
export const ids = {
  keyUsage: "2.5.29.15",
  extendedKeyUsage: "2.5.29.37",
  basicConstraints: "2.5.29.19",
  subjectKey: "2.5.29.14",
  authorityKey: "2.5.29.35",
  altNames: "2.5.29.17",
} as const;

export interface CertificateFields {
  readonly serial: Uint8Array;
  /** Distinguished names, DER. */
  readonly issuer: Bytes;
  readonly subject: Bytes;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Bytes;
  /** Bits as RFC 5280 numbers them: 0 digitalSignature, 2 keyEncipherment, 5 keyCertSign, … */
  readonly keyUsages: readonly number[];
  /** Object identifiers. */
  readonly extendedKeyUsages: readonly string[];
  readonly isAuthority: boolean;
  /** SHA-1 of the issuer's and (of an authority) its own public key. */
  readonly authorityKeyId?: Uint8Array | undefined;
  readonly subjectKeyId?: Uint8Array | undefined;
  /** The extension's value. */
  readonly altNames?: Bytes | undefined;
}

const extension = (id: string, critical: boolean, value: Uint8Array): Bytes =>
  sequence(objectId(id), ...(critical ? [yes] : []), octetString(value));

/** The least bytes that hold the highest bit. */
function usageBits(usages: readonly number[]): Bytes {
  const highest = Math.max(...usages);
  const bytes = new Uint8Array(Math.floor(highest / 8) + 1);
  for (const bit of usages) {
    const at = Math.floor(bit / 8);
    bytes[at] = (bytes[at] ?? 0) | (0x80 >> (bit % 8));
  }
  return bitString(bytes, 7 - (highest % 8));
}

function extensionsOf(fields: CertificateFields): readonly Bytes[] {
  const { keyUsages, extendedKeyUsages, isAuthority, authorityKeyId, subjectKeyId, altNames } =
    fields;
  return [
    ...(keyUsages.length === 0 ? [] : [extension(ids.keyUsage, true, usageBits(keyUsages))]),
    ...(extendedKeyUsages.length === 0
      ? []
      : [extension(ids.extendedKeyUsage, false, sequence(...extendedKeyUsages.map(objectId)))]),
    extension(ids.basicConstraints, true, isAuthority ? sequence(yes) : sequence()),
    ...(subjectKeyId === undefined
      ? []
      : [extension(ids.subjectKey, false, octetString(subjectKeyId))]),
    ...(authorityKeyId === undefined
      ? []
      : [extension(ids.authorityKey, false, sequence(element(primitiveTag(0), authorityKeyId)))]),
    ...(altNames === undefined ? [] : [extension(ids.altNames, false, altNames)]),
  ];
}

const algorithm = sequence(objectId(ecdsaWithSha256));

/** TBSCertificate: what is signed. */
export const unsigned = (fields: CertificateFields): Bytes =>
  sequence(
    element(contextTag(0), integer(Uint8Array.of(2))),
    integer(fields.serial),
    algorithm,
    fields.issuer,
    sequence(time(fields.notBeforeMs), time(fields.notAfterMs)),
    fields.subject,
    fields.publicKey,
    element(contextTag(3), sequence(...extensionsOf(fields))),
  );

/** `signature` is an ECDSA one as WebCrypto gives it: r and s, each half of it. */
export function signed(body: Bytes, signature: Uint8Array): Bytes {
  const half = signature.length / 2;
  const value = sequence(integer(signature.subarray(0, half)), integer(signature.subarray(half)));
  return sequence(body, algorithm, bitString(value));
}

/** r and s of `size` bytes each, as WebCrypto wants them. Throws DerError. */
export function rawEcdsa(der: Bytes, size: number): Bytes {
  const [whole] = elements(der);
  const raw = new Uint8Array(size * 2);
  for (const [i, { content }] of parts(whole, tags.sequence).slice(0, 2).entries()) {
    const value = content[0] === 0 ? content.subarray(1) : content;
    raw.set(value.subarray(-size), (i + 1) * size - Math.min(value.length, size));
  }
  return raw;
}

/** Until when it holds, ms since 1970. Throws DerError. */
export function notAfterMs(der: Bytes): number {
  const [whole] = elements(der);
  const [body] = parts(whole, tags.sequence);
  const validity = parts(body, tags.sequence)[4];
  const end = parts(validity, tags.sequence)[1];
  return end === undefined ? Number.NaN : timeOf(end);
}
