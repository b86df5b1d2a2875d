/** Signs approved requests for the cluster's own signers. Upstream: pkg/controller/certificates/signer/signer.go, authority/policies.go. */
import type { V1CertificateSigningRequest } from "#apimachinery/api/certificates-v1.ts";
import { internalError } from "#apimachinery/status.ts";
import { type CertificateRequest, parseRequest } from "#apimachinery/x509/certificate-request.ts";
import { done, type Result } from "#client/component.ts";
import type { Controller, ControllerStep } from "#controllers/controller.ts";
import { account, conditionOf, csrKind, withCondition } from "./conditions.ts";
import { apiClientProblem, clientProblem, servingProblem } from "./kubelet-requests.ts";

/** Why a signer does not take a request; undefined: it does. */
type Check = (request: CertificateRequest, usages: readonly string[]) => string | undefined;
const signers: Readonly<Record<string, Check>> = {
  "kubernetes.io/kubelet-serving": servingProblem,
  "kubernetes.io/kube-apiserver-client-kubelet": clientProblem,
  "kubernetes.io/kube-apiserver-client": (_, usages) => apiClientProblem(usages),
  "kubernetes.io/legacy-unknown": () => undefined,
};

const minuteMs = 60_000;
/** --cluster-signing-duration. */
const longestMs = 365 * 24 * 60 * minuteMs;
const leastMs = 10 * minuteMs;
/** Clocks differ; what lives shorter than 8 hours is not backdated at its end. */
const backdateMs = 5 * minuteMs;
const shortMs = 8 * 60 * minuteMs;

function lifeMs({ spec: { expirationSeconds } }: V1CertificateSigningRequest): number {
  if (expirationSeconds === undefined) return longestMs;
  return Math.max(leastMs, Math.min(expirationSeconds * 1000, longestMs));
}

function reconcile(key: string, step: ControllerStep): Result {
  const csr = step.lister<V1CertificateSigningRequest>(csrKind).get(key);
  if (csr === undefined || csr.status?.certificate) return done;
  if (conditionOf(csr, "Approved") === undefined || conditionOf(csr, "Failed") !== undefined)
    return done;
  const check = signers[csr.spec.signerName];
  if (check === undefined) return done;
  const request = parseRequest(csr.spec.request);
  if (typeof request === "string") return done;
  const problem = check(request, csr.spec.usages ?? []);
  if (problem !== undefined) return failed(csr, problem, step);
  const life = lifeMs(csr);
  const signed = step.signer.certificate({
    id: csr.metadata.uid ?? "",
    request: csr.spec.request,
    usages: csr.spec.usages ?? [],
    notBeforeMs: step.nowMs - backdateMs,
    notAfterMs: step.nowMs + life - (life < shortMs ? 0 : backdateMs),
  });
  if (typeof signed !== "string") throw internalError(`error auto signing csr: ${signed.error}`);
  step.client.updateStatus({ ...csr, status: { ...csr.status, certificate: btoa(signed) } });
  return done;
}

function failed(
  csr: V1CertificateSigningRequest,
  message: string,
  { client }: ControllerStep,
): Result {
  client.updateStatus(
    withCondition(csr, { type: "Failed", reason: "SignerValidationFailure", message }),
  );
  return done;
}

export const certificateSigning: Controller = {
  name: "certificatesigningrequest-signing-controller",
  account,
  watches: csrKind,
  reconcile,
};
