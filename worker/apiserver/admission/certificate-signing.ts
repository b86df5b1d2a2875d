/** Who issues, fails or says anything else of it needs the verb `sign` on the signer. Upstream: plugin/pkg/admission/certificates/signing/admission.go. */
import type { V1CertificateSigningRequest } from "#apimachinery/api/certificates-v1.ts";
import { equal } from "#apimachinery/equal.ts";
import type { Admission } from "./admission.ts";
import { refusal } from "./refusal.ts";
import { maySign } from "./signer-permission.ts";

export const certificateSigning: Admission<V1CertificateSigningRequest> = {
  name: "CertificateSigning",
  on: {
    resources: ["certificatesigningrequests.certificates.k8s.io/status"],
    operations: ["UPDATE"],
  },
  validate(request) {
    const { object: next, previous: old } = request;
    if (next === undefined || old === undefined) return;
    const isSame =
      next.status?.certificate === old.status?.certificate &&
      equal(next.status?.conditions ?? [], old.status?.conditions ?? []);
    const signer = old.spec?.signerName ?? "";
    if (isSame || maySign(request, "sign", signer)) return;
    throw refusal(
      request,
      `user not permitted to sign requests with signerName ${JSON.stringify(signer)}`,
    );
  },
};
