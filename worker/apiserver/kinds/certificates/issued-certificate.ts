/** What a signer answers: certificates as PEM, nothing else. Upstream: pkg/apis/certificates/validation validateCertificate. */
import { bytesIn } from "#apimachinery/base64.ts";
import { type FieldError, type FieldPath, invalid } from "#apimachinery/field.ts";
import { notAfterMs } from "#apimachinery/x509/certificate.ts";
import { DerError } from "#apimachinery/x509/der.ts";
import { pemBlocks } from "#apimachinery/x509/pem.ts";

const wanted = "CERTIFICATE";

export function certificateErrors(
  certificate: string | undefined,
  at: FieldPath,
): readonly FieldError[] {
  if (!certificate) return [];
  const problem = problemOf(certificate);
  return problem === undefined ? [] : [invalid(at, "<certificate data>", problem)];
}

function problemOf(certificate: string): string | undefined {
  const blocks = pemBlocks(new TextDecoder().decode(bytesIn(certificate)));
  for (const { type, der, hasHeaders } of blocks) {
    if (type !== wanted)
      return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(type)}`;
    if (hasHeaders) return "no PEM block headers are permitted";
    try {
      notAfterMs(der);
    } catch (error) {
      if (error instanceof DerError) return error.message;
      throw error;
    }
  }
  return blocks.length === 0 ? "must contain at least one CERTIFICATE PEM block" : undefined;
}
