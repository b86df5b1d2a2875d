/** Approves the client certificates of kubelets that may have one. Upstream: pkg/controller/certificates/approver/sarapprove.go. */
import type { V1SubjectAccessReview } from "#apimachinery/api/authorization-v1.ts";
import type { V1CertificateSigningRequest } from "#apimachinery/api/certificates-v1.ts";
import { type CertificateRequest, parseRequest } from "#apimachinery/x509/certificate-request.ts";
import { done, type Result } from "#client/component.ts";
import type { Controller, ControllerStep } from "#controllers/controller.ts";
import { account, conditionOf, csrKind, withCondition } from "./conditions.ts";
import { clientProblem } from "./kubelet-requests.ts";

const signer = "kubernetes.io/kube-apiserver-client-kubelet";

interface Recognizer {
  /** The subresource whose `create` allows it. */
  readonly permission: string;
  readonly message: string;
  recognizes(csr: V1CertificateSigningRequest, request: CertificateRequest): boolean;
}
const isNodeClient = (
  { spec }: V1CertificateSigningRequest,
  request: CertificateRequest,
): boolean => spec.signerName === signer && clientProblem(request, spec.usages ?? []) === undefined;
const recognizers: readonly Recognizer[] = [
  {
    permission: "selfnodeclient",
    message: "Auto approving self kubelet client certificate after SubjectAccessReview.",
    recognizes: (csr, request) =>
      isNodeClient(csr, request) && csr.spec.username === request.subject.commonName,
  },
  {
    permission: "nodeclient",
    message: "Auto approving kubelet client certificate after SubjectAccessReview.",
    recognizes: isNodeClient,
  },
];

function reconcile(key: string, step: ControllerStep): Result {
  const csr = step.lister<V1CertificateSigningRequest>(csrKind).get(key);
  if (csr === undefined || csr.status?.certificate) return done;
  if (conditionOf(csr, "Approved") !== undefined || conditionOf(csr, "Denied") !== undefined)
    return done;
  const request = parseRequest(csr.spec.request);
  if (typeof request === "string") return done;
  const found = recognizers.find(
    (one) => one.recognizes(csr, request) && isAllowed(step, csr, one.permission),
  );
  if (found === undefined) return done;
  const { message } = found;
  step.client.updateSub(
    "approval",
    withCondition(csr, { type: "Approved", reason: "AutoApproved", message }),
  );
  return done;
}

function isAllowed(
  step: ControllerStep,
  { spec: { username, groups, uid, extra } }: V1CertificateSigningRequest,
  subresource: string,
): boolean {
  const review = step.client.create<V1SubjectAccessReview>({
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    metadata: {},
    spec: {
      user: username,
      groups,
      uid,
      extra,
      resourceAttributes: {
        verb: "create",
        group: "certificates.k8s.io",
        version: "*",
        resource: "certificatesigningrequests",
        subresource,
      },
    },
  });
  return review.status?.allowed === true;
}

export const certificateApproving: Controller = {
  name: "certificatesigningrequest-approving-controller",
  account,
  watches: csrKind,
  reconcile,
};
