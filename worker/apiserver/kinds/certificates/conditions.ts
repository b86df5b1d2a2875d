/** Conditions of a CertificateSigningRequest. Upstream: pkg/apis/certificates/validation validateConditions. */
import type { V1CertificateSigningRequestCondition } from "#apimachinery/api/certificates-v1.ts";
import {
  duplicate,
  type FieldError,
  type FieldPath,
  invalid,
  required,
  unsupported,
} from "#apimachinery/field.ts";

/** These are never taken back: false makes no sense of them. */
const onlyTrue: readonly string[] = ["Approved", "Denied", "Failed"];
const statuses: readonly string[] = ["True", "False", "Unknown"];

export function conditionErrors(
  conditions: readonly V1CertificateSigningRequestCondition[],
  at: FieldPath,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, { type, status }] of conditions.entries()) {
    const here = at.index(i);
    if (!type) errors.push(required(here.child("type")));
    const wanted = onlyTrue.includes(type) ? ["True"] : statuses;
    if (!status) errors.push(required(here.child("status")));
    else if (!wanted.includes(status))
      errors.push(unsupported(here.child("status"), status, wanted));
    const other = type === "Approved" ? "Denied" : type === "Denied" ? "Approved" : undefined;
    if (other !== undefined && seen.has(other))
      errors.push(invalid(at, type, "Approved and Denied conditions are mutually exclusive"));
    if (seen.has(type)) errors.push(duplicate(here.child("type"), type));
    seen.add(type);
  }
  return errors;
}
