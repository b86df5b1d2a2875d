/**
 * What is wrong with a certificate and its key, as PEM.
 * Upstream: Go's crypto/tls X509KeyPair, which pkg/registry/core/secret/strategy.go warningsForSecret asks.
 * Differs: whether the key is the certificate's is not looked at, because the platform's keys are asynchronous.
 */
import { type Bytes, DerError, elements, tags } from "./der.ts";
import { type PemBlock, pemBlocks } from "./pem.ts";

/** One sequence, as both of them are. */
function isSequence(der: Bytes): boolean {
  try {
    const [first, ...more] = elements(der);
    return first?.tag === tags.sequence && more.length === 0;
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}
const isKey = ({ type }: PemBlock): boolean =>
  type === "PRIVATE KEY" || type.endsWith(" PRIVATE KEY");
const typesOf = (blocks: readonly PemBlock[]): string =>
  `[${blocks.map(({ type }) => type).join(" ")}]`;

function certificateProblem(blocks: readonly PemBlock[]): string | undefined {
  const [first] = blocks.filter(({ type }) => type === "CERTIFICATE");
  if (first !== undefined) return undefined;
  if (blocks.length === 0) return "tls: failed to find any PEM data in certificate input";
  return blocks.length === 1 && blocks[0]?.type.endsWith("PRIVATE KEY") === true
    ? "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched"
    : `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: ${typesOf(blocks)}`;
}
function keyProblem(blocks: readonly PemBlock[]): string | undefined {
  if (blocks.some(isKey)) return undefined;
  if (blocks.length === 0) return "tls: failed to find any PEM data in key input";
  return blocks.length === 1 && blocks[0]?.type === "CERTIFICATE"
    ? "tls: found a certificate rather than a key in the PEM for the private key"
    : `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: ${typesOf(blocks)}`;
}

/** Undefined: nothing that can be seen. */
export function keyPairProblem(certificate: string, key: string): string | undefined {
  const certificates = pemBlocks(certificate);
  const keys = pemBlocks(key);
  const problem = certificateProblem(certificates) ?? keyProblem(keys);
  if (problem !== undefined) return problem;
  const first = certificates.find(({ type }) => type === "CERTIFICATE");
  if (first !== undefined && !isSequence(first.der)) return "x509: malformed certificate";
  const own = keys.find(isKey);
  return own !== undefined && !isSequence(own.der) ? "tls: failed to parse private key" : undefined;
}
