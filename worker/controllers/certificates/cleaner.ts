/**
 * Deletes requests that have served: answered ones after an hour, those that nobody answers or signs after a day,
 * and those whose certificate is over.
 * Upstream: pkg/controller/certificates/cleaner/cleaner.go.
 * Differs: at the very moment, not when an hourly look next finds them, because nothing here polls.
 */
import type {
  V1CertificateSigningRequest,
  V1CertificateSigningRequestCondition,
} from "#apimachinery/api/certificates-v1.ts";
import { isReason } from "#apimachinery/status.ts";
import { msOf } from "#apimachinery/time.ts";
import { notAfterMs } from "#apimachinery/x509/certificate.ts";
import { DerError } from "#apimachinery/x509/der.ts";
import { pemBlock } from "#apimachinery/x509/pem.ts";
import { done, requeueAt, type Result } from "#client/component.ts";
import type { Controller, ControllerStep } from "#controllers/controller.ts";
import { account, conditionOf, csrKind } from "./conditions.ts";

const hourMs = 3_600_000;
const answeredMs = hourMs;
const pendingMs = 24 * hourMs;

/** When it goes; Infinity: never. */
export function endMs(csr: V1CertificateSigningRequest): number {
  const after = (
    condition: V1CertificateSigningRequestCondition | undefined,
    ms = answeredMs,
  ): number =>
    condition === undefined ? Number.POSITIVE_INFINITY : msOf(condition.lastUpdateTime ?? "") + ms;
  const { certificate, conditions = [] } = csr.status ?? {};
  const approved = conditionOf(csr, "Approved");
  const pending =
    conditions.length === 0
      ? msOf(csr.metadata.creationTimestamp ?? "") + pendingMs
      : Number.POSITIVE_INFINITY;
  return Math.min(
    pending,
    after(conditionOf(csr, "Denied")),
    after(conditionOf(csr, "Failed")),
    // Approved, but nobody signed it.
    after(approved, certificate ? answeredMs : pendingMs),
    certificate && approved !== undefined
      ? certificateEndMs(certificate)
      : Number.POSITIVE_INFINITY,
  );
}

function certificateEndMs(certificate: string): number {
  const block = pemBlock(atob(certificate));
  if (block === undefined) return Number.POSITIVE_INFINITY;
  try {
    return notAfterMs(block.der);
  } catch (error) {
    // Another signer's answer may be anything; it goes an hour after the approval.
    if (error instanceof DerError) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

function reconcile(key: string, step: ControllerStep): Result {
  const csr = step.lister<V1CertificateSigningRequest>(csrKind).get(key);
  if (csr === undefined) return done;
  const at = endMs(csr);
  if (!Number.isFinite(at)) return done;
  if (!step.reached(at, "wait")) return requeueAt(at, "wait");
  try {
    step.client.delete({ kind: csrKind, name: key });
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
  return done;
}

export const certificateCleaner: Controller = {
  name: "certificatesigningrequest-cleaner-controller",
  account,
  watches: csrKind,
  reconcile,
};
