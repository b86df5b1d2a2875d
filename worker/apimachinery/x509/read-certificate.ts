/** An X.509 certificate, read. Whether its signature holds is asked elsewhere: that takes a promise. Reference: RFC 5280 4. */
import { ids } from "./certificate.ts";
import {
  algorithmOf,
  noAltNames,
  readAltNames,
  type SubjectAltNames,
} from "./certificate-request.ts";
import {
  type Bytes,
  DerError,
  type Element,
  elements,
  objectIdText,
  parts,
  tags,
  timeOf,
} from "./der.ts";
import { type DistinguishedName, readName } from "./distinguished-name.ts";

export interface ReadCertificate {
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Bytes;
  readonly publicKeyAlgorithm: string;
  readonly altNames: SubjectAltNames;
  /** May it sign others? Undefined: it does not say. */
  readonly isAuthority: boolean | undefined;
  /** Object identifiers. */
  readonly extendedKeyUsages: readonly string[];
  /** What the signature is about. */
  readonly signed: Bytes;
  readonly signatureAlgorithm: string;
  readonly signature: Bytes;
  /** All of it. */
  readonly der: Bytes;
}

/** `[0]`, before the serial: certificates of version 1 have none. */
const versionTag = 0xa0;
const extensionsTag = 0xa3;

/** Throws DerError. */
export function readCertificate(der: Bytes): ReadCertificate {
  const [whole] = elements(der);
  const [body, algorithm, signature] = parts(whole, tags.sequence);
  const all = parts(body, tags.sequence);
  const fields = all[0]?.tag === versionTag ? all.slice(1) : all;
  const [, , issuer, validity, subject, publicKey] = fields;
  const [notBefore, notAfter] = parts(validity, tags.sequence);
  if (
    issuer === undefined ||
    subject === undefined ||
    publicKey === undefined ||
    notBefore === undefined ||
    notAfter === undefined ||
    signature?.tag !== tags.bitString
  )
    throw new DerError("x509: malformed certificate");
  const [keyAlgorithm] = parts(publicKey, tags.sequence);
  const extensions = extensionsOf(fields.find(({ tag }) => tag === extensionsTag));
  const altNames = extensions.get(ids.altNames);
  const constraints = extensions.get(ids.basicConstraints);
  const usages = extensions.get(ids.extendedKeyUsage);
  return {
    issuer: readName(issuer),
    subject: readName(subject),
    notBeforeMs: timeOf(notBefore),
    notAfterMs: timeOf(notAfter),
    publicKey: publicKey.whole,
    publicKeyAlgorithm: algorithmOf(keyAlgorithm),
    altNames: altNames === undefined ? noAltNames : readAltNames(altNames),
    isAuthority: constraints === undefined ? undefined : isAuthority(constraints),
    extendedKeyUsages:
      usages === undefined ? [] : parts(elements(usages)[0], tags.sequence).map(objectIdText),
    signed: (body as Element).whole,
    signatureAlgorithm: algorithmOf(algorithm),
    signature: signature.content.subarray(1),
    der: (whole as Element).whole,
  };
}

/** Values by their object identifiers. */
function extensionsOf(element: Element | undefined): ReadonlyMap<string, Bytes> {
  const [list] = element === undefined ? [] : elements(element.content);
  const found = new Map<string, Bytes>();
  for (const one of list === undefined ? [] : parts(list, tags.sequence)) {
    const [id, ...rest] = parts(one, tags.sequence);
    const value = rest.at(-1);
    if (id !== undefined && value !== undefined) found.set(objectIdText(id), value.content);
  }
  return found;
}

const isAuthority = (constraints: Bytes): boolean => {
  const [first] = parts(elements(constraints)[0], tags.sequence);
  return first?.tag === tags.boolean && first.content[0] !== 0;
};
