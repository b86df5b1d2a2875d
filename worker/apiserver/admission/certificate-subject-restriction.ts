/**
 * Nobody becomes system:masters by a client certificate of the cluster's own signer.
 * Upstream: plugin/pkg/admission/certificates/subjectrestriction/admission.go.
 */
import type { V1CertificateSigningRequest } from "#apimachinery/api/certificates-v1.ts";
import { parseRequest } from "#apimachinery/x509/certificate-request.ts";
import type { Admission } from "./admission.ts";
import { refusal } from "./refusal.ts";

const signer = "kubernetes.io/kube-apiserver-client";
const masters = "system:masters";
export const certificateSubjectRestriction: Admission<V1CertificateSigningRequest> = {
  name: "CertificateSubjectRestriction",
  on: {
    resources: ["certificatesigningrequests.certificates.k8s.io"],
    operations: ["CREATE"],
  },
  validate(request) {
    const { spec } = request.object as V1CertificateSigningRequest;
    if (spec?.signerName !== signer) return;
    const asked = parseRequest(spec.request);
    // What is no request validation has refused already.
    if (typeof asked !== "string" && asked.subject.organizations.includes(masters))
      throw refusal(request, `use of ${signer} signer with ${masters} group is not allowed`);
  },
};
