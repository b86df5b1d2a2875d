/** Who approves needs the verb `approve` on the signer. Upstream: plugin/pkg/admission/certificates/approval/admission.go. */
import type { V1CertificateSigningRequest } from "#apimachinery/api/certificates-v1.ts";
import type { Admission } from "./admission.ts";
import { refusal } from "./refusal.ts";
import { maySign } from "./signer-permission.ts";

export const certificateApproval: Admission<V1CertificateSigningRequest> = {
  name: "CertificateApproval",
  on: {
    resources: ["certificatesigningrequests.certificates.k8s.io/approval"],
    operations: ["UPDATE"],
  },
  validate(request) {
    const signer = request.previous?.spec?.signerName ?? "";
    if (maySign(request, "approve", signer)) return;
    throw refusal(
      request,
      `user not permitted to approve requests with signerName ${JSON.stringify(signer)}`,
    );
  },
};
