/** What a CertificateSigningRequest's conditions say. Upstream: pkg/controller/certificates/certificate_controller_utils.go. */
import type {
  V1CertificateSigningRequest,
  V1CertificateSigningRequestCondition,
} from "#apimachinery/api/certificates-v1.ts";

export const csrKind = "certificates.k8s.io/v1/CertificateSigningRequest";
export const account = "certificate-controller";

export const conditionOf = (
  { status }: V1CertificateSigningRequest,
  type: "Approved" | "Denied" | "Failed",
): V1CertificateSigningRequestCondition | undefined =>
  status?.conditions?.find((one) => one.type === type && one.status === "True");

export function withCondition(
  csr: V1CertificateSigningRequest,
  condition: Pick<V1CertificateSigningRequestCondition, "type" | "reason" | "message">,
): V1CertificateSigningRequest {
  const conditions = [...(csr.status?.conditions ?? []), { status: "True", ...condition }];
  return { ...csr, status: { ...csr.status, conditions } };
}
