/**
 * Nobody becomes system:masters by a client certificate of the cluster's own signer.
 * Upstream: plugin/pkg/admission/certificates/subjectrestriction/admission.go.
 */
import type { V1CertificateSigningRequest } from "#apimachinery/api/certificates-v1.ts";
import type { Admission } from "./admission.ts";
import { refusal } from "./refusal.ts";

const signer = "kubernetes.io/kube-apiserver-client";
const masters = "system:masters";
/** DER: OBJECT IDENTIFIER 2.5.4.10, organizationName. */
const organization = [0x06, 0x03, 0x55, 0x04, 0x0a];

/** The organizations in a request's subject: after each organizationName stands a short string. */
export function organizationsOf(request: string): readonly string[] {
  const der = derOf(request);
  const found: string[] = [];
  for (let i = 0; i + organization.length + 2 <= der.length; i += 1) {
    if (!organization.every((byte, n) => der[i + n] === byte)) continue;
    const length = der[i + organization.length + 1] ?? 0;
    const from = i + organization.length + 2;
    if (length < 0x80) found.push(new TextDecoder().decode(der.subarray(from, from + length)));
  }
  return found;
}

/** `request` is base64 of PEM; anything else holds nothing. */
function derOf(request: string): Uint8Array {
  try {
    const pem = atob(request);
    const body = /-----BEGIN CERTIFICATE REQUEST-----([^-]*)-----END/.exec(pem)?.[1] ?? "";
    return Uint8Array.from(atob(body.replaceAll(/\s/g, "")), (one) => one.charCodeAt(0));
  } catch {
    // Validation has its own words for what is no request.
    return new Uint8Array();
  }
}

export const certificateSubjectRestriction: Admission<V1CertificateSigningRequest> = {
  name: "CertificateSubjectRestriction",
  on: {
    resources: ["certificatesigningrequests.certificates.k8s.io"],
    operations: ["CREATE"],
  },
  validate(request) {
    const { spec } = request.object as V1CertificateSigningRequest;
    if (spec?.signerName !== signer) return;
    if (organizationsOf(spec.request).includes(masters))
      throw refusal(request, `use of ${signer} signer with ${masters} group is not allowed`);
  },
};
