/**
 * A PKCS #10 certificate signing request, read. Whether its signature holds is asked elsewhere: that takes
 * a promise. Reference: RFC 2986; upstream: pkg/apis/certificates/helpers.go ParseCSR, Go crypto/x509.
 */
import { bytesIn } from "#apimachinery/base64.ts";
import {
  type Bytes,
  DerError,
  type Element,
  elements,
  objectIdText,
  parts,
  primitiveTag,
  tags,
  textOf,
} from "./der.ts";
import { type DistinguishedName, readName } from "./distinguished-name.ts";
import { pemBlock } from "./pem.ts";

export interface SubjectAltNames {
  readonly dns: readonly string[];
  readonly emails: readonly string[];
  readonly ips: readonly Bytes[];
  readonly uris: readonly string[];
  /** The extension's value, for copying; undefined: there is none. */
  readonly der: Bytes | undefined;
}
export interface CertificateRequest {
  readonly subject: DistinguishedName;
  readonly altNames: SubjectAltNames;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Bytes;
  readonly publicKeyAlgorithm: string;
  /** What the signature is about. */
  readonly signed: Bytes;
  readonly signatureAlgorithm: string;
  readonly signature: Bytes;
}

const extensionRequestId = "1.2.840.113549.1.9.14";
const altNamesId = "2.5.29.17";
const requestType = "CERTIFICATE REQUEST";
export const noAltNames: SubjectAltNames = {
  dns: [],
  emails: [],
  ips: [],
  uris: [],
  der: undefined,
};

/** `request` is base64 of PEM, as `spec.request` holds it. A string says what is wrong with it. */
export function parseRequest(request: string): CertificateRequest | string {
  let text = "";
  try {
    text = new TextDecoder().decode(bytesIn(request));
  } catch {
    return `PEM block type must be ${requestType}`;
  }
  const block = pemBlock(text);
  if (block?.type !== requestType) return `PEM block type must be ${requestType}`;
  try {
    return readRequest(block.der);
  } catch (error) {
    if (error instanceof DerError) return error.message;
    throw error;
  }
}

function readRequest(der: Bytes): CertificateRequest {
  const [whole] = elements(der);
  const [info, algorithm, signature] = parts(whole, tags.sequence);
  const [, subject, publicKey, attributes] = parts(info, tags.sequence);
  if (subject === undefined || publicKey === undefined || signature?.tag !== tags.bitString)
    throw new DerError("asn1: structure error: sequence truncated");
  const [keyAlgorithm] = parts(publicKey, tags.sequence);
  return {
    subject: readName(subject),
    altNames: attributes === undefined ? noAltNames : altNamesOf(attributes),
    publicKey: publicKey.whole,
    publicKeyAlgorithm: algorithmOf(keyAlgorithm),
    signed: (info as Element).whole,
    signatureAlgorithm: algorithmOf(algorithm),
    signature: signature.content.subarray(1),
  };
}

/** The object identifier of an AlgorithmIdentifier. Throws DerError. */
export function algorithmOf(element: Element | undefined): string {
  const [id] = parts(element, tags.sequence);
  return id === undefined ? "" : objectIdText(id);
}

/** Attributes → the requested extensions → the alternative names. */
function altNamesOf(attributes: Element): SubjectAltNames {
  for (const attribute of elements(attributes.content)) {
    const [id, values] = parts(attribute, tags.sequence);
    if (id === undefined || objectIdText(id) !== extensionRequestId) continue;
    const [extensions] = parts(values, tags.set);
    for (const extension of parts(extensions, tags.sequence)) {
      const fields = parts(extension, tags.sequence);
      const value = fields.at(-1);
      if (fields[0] === undefined || value === undefined) continue;
      if (objectIdText(fields[0]) === altNamesId) return readAltNames(value.content);
    }
  }
  return noAltNames;
}

/** Of the extension's value. Throws DerError. */
export function readAltNames(der: Bytes): SubjectAltNames {
  const [names] = elements(der);
  const all = parts(names, tags.sequence);
  const texts = (n: number): readonly string[] =>
    all.filter(({ tag }) => tag === primitiveTag(n)).map(textOf);
  return {
    emails: texts(1),
    dns: texts(2),
    uris: texts(6),
    ips: all.filter(({ tag }) => tag === primitiveTag(7)).map(({ content }) => content),
    der,
  };
}
