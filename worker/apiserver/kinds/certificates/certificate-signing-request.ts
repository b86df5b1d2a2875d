/**
 * CertificateSigningRequest: who asks is written by the server; approval and signature come by subresources.
 * Upstream: pkg/registry/certificates/certificates/strategy.go, pkg/apis/certificates/validation, pkg/printers/internalversion.
 */
import type {
  V1CertificateSigningRequest,
  V1CertificateSigningRequestCondition,
} from "#apimachinery/api/certificates-v1.ts";
import { humanDuration } from "#apimachinery/duration.ts";
import {
  duplicate,
  type FieldError,
  FieldPath,
  forbidden,
  invalid,
  required,
  unsupported,
} from "#apimachinery/field.ts";
import { timeText } from "#apimachinery/time.ts";
import { parseRequest } from "#apimachinery/x509/certificate-request.ts";
import { ageColumn, column, nameColumn, doc } from "#apiserver/kinds/columns.ts";
import type { Kind, KindContext } from "#apiserver/kinds/kind.ts";
import { conditionErrors } from "./conditions.ts";
import { signerNameErrors } from "./signer-name.ts";
import { certificateErrors } from "./issued-certificate.ts";

type Csr = V1CertificateSigningRequest;
type Condition = V1CertificateSigningRequestCondition;

const spec = new FieldPath("spec");
const status = new FieldPath("status");
const legacySigner = "kubernetes.io/legacy-unknown";
const leastSeconds = 600;
const none = "<none>";

/** Upstream: pkg/apis/certificates/types.go KeyUsage. */
const usages: readonly string[] = [
  "signing",
  "digital signature",
  "content commitment",
  "key encipherment",
  "key agreement",
  "data encipherment",
  "cert sign",
  "crl sign",
  "encipher only",
  "decipher only",
  "any",
  "server auth",
  "client auth",
  "code signing",
  "email protection",
  "s/mime",
  "ipsec end system",
  "ipsec tunnel",
  "ipsec user",
  "timestamping",
  "ocsp signing",
  "microsoft sgc",
  "netscape sgc",
];

function validate(csr: Csr): readonly FieldError[] {
  const { request = "", signerName = "", expirationSeconds, usages: asked = [] } = csr.spec ?? {};
  const errors: FieldError[] = [];
  const parsed = parseRequest(request);
  if (typeof parsed === "string") errors.push(invalid(spec.child("request"), request, parsed));
  const at = spec.child("usages");
  if (asked.length === 0) errors.push(required(at));
  for (const [i, usage] of asked.entries()) {
    if (!usages.includes(usage)) errors.push(unsupported(at.index(i), usage, usages));
    if (asked.indexOf(usage) < i) errors.push(duplicate(at.index(i), usage));
  }
  if (signerName === legacySigner)
    errors.push(
      invalid(
        spec.child("signerName"),
        signerName,
        "the legacy signerName is not allowed via this API version",
      ),
    );
  else errors.push(...signerNameErrors(spec.child("signerName"), signerName));
  if (expirationSeconds !== undefined && expirationSeconds < leastSeconds)
    errors.push(
      invalid(
        spec.child("expirationSeconds"),
        expirationSeconds,
        "may not specify a duration less than 600 seconds",
      ),
    );
  return [...errors, ...statusErrors(csr)];
}

const statusErrors = (csr: Csr): readonly FieldError[] => [
  ...conditionErrors(csr.status?.conditions ?? [], status.child("conditions")),
  ...certificateErrors(csr.status?.certificate, status.child("certificate")),
];

/** Errors of a change of status or approval. */
export function statusChangeErrors(next: Csr, previous: Csr): readonly FieldError[] {
  const errors: FieldError[] = [];
  const count = (csr: Csr, type: string): number =>
    (csr.status?.conditions ?? []).filter((one) => one.type === type).length;
  for (const type of lasting) {
    if (count(next, type) < count(previous, type))
      errors.push(
        forbidden(
          status.child("conditions"),
          `updates may not remove a condition of type ${JSON.stringify(type)}`,
        ),
      );
  }
  const { certificate: old } = previous.status ?? {};
  if (old && old !== next.status?.certificate)
    errors.push(
      forbidden(status.child("certificate"), "updates may not set certificate content once issued"),
    );
  return [...errors, ...statusErrors(next)];
}
const lasting: readonly string[] = ["Approved", "Denied", "Failed"];

/** Times that a writer left out; a condition that was there keeps its transition's. */
export function withTimes(
  conditions: readonly Condition[] | undefined,
  previous: Csr,
  nowMs: number,
): readonly Condition[] | undefined {
  const now = timeText(nowMs);
  return conditions?.map((one) => {
    const before = previous.status?.conditions?.find(
      ({ type, status: is, lastTransitionTime }) =>
        type === one.type && is === one.status && lastTransitionTime !== undefined,
    );
    return {
      ...one,
      lastUpdateTime: one.lastUpdateTime ?? now,
      lastTransitionTime: one.lastTransitionTime ?? before?.lastTransitionTime ?? now,
    };
  });
}

/** Approval is not the signer's: its conditions stay as they were. */
function prepareForStatusUpdate(next: Csr, previous: Csr, { nowMs }: KindContext): Csr {
  const isApproval = ({ type }: Condition): boolean => type === "Approved" || type === "Denied";
  const asked = next.status?.conditions ?? [];
  const kept = (previous.status?.conditions ?? []).filter(isApproval);
  const same = kept.length === asked.filter(isApproval).length;
  const conditions = same ? asked : [...kept, ...asked.filter((one) => !isApproval(one))];
  if (conditions.length === 0) return next;
  return {
    ...next,
    status: { ...next.status, conditions: withTimes(conditions, previous, nowMs) },
  };
}

/** `Approved,Issued`. Upstream: extractCSRStatus. */
function shown({ status: is }: Csr): string {
  const has = (type: string): boolean => is?.conditions?.some((one) => one.type === type) === true;
  const words = [
    has("Denied") ? "Denied" : has("Approved") ? "Approved" : "Pending",
    ...(has("Failed") ? ["Failed"] : []),
    ...(is?.certificate ? ["Issued"] : []),
  ];
  return words.join(",");
}

export const certificateSigningRequest: Kind<Csr> = {
  gvk: "certificates.k8s.io/v1/CertificateSigningRequest",
  name: () => [],
  prepareForCreate({ status: _status, ...csr }, { user }) {
    const { username: _name, uid: _uid, groups: _groups, extra: _extra, ...asked } = csr.spec ?? {};
    const { name, uid, groups, extra } = user ?? { name: "", groups: [] };
    return {
      ...csr,
      spec: {
        ...(asked as Csr["spec"]),
        ...(name === "" ? {} : { username: name }),
        ...(uid ? { uid } : {}),
        ...(groups.length === 0 ? {} : { groups }),
        ...(extra === undefined || Object.keys(extra).length === 0 ? {} : { extra }),
      },
      status: {},
    };
  },
  prepareForUpdate: (next, previous) => ({ ...next, spec: previous.spec }),
  prepareForStatusUpdate,
  validate,
  validateStatusUpdate: statusChangeErrors,
  columns: [
    nameColumn,
    ageColumn,
    column(
      "SignerName",
      "string",
      doc("certificates.v1beta1.CertificateSigningRequestSpec.signerName"),
      ({ spec: { signerName } }: Csr) => signerName || none,
    ),
    column(
      "Requestor",
      "string",
      doc("certificates.v1beta1.CertificateSigningRequestSpec.request"),
      ({ spec: { username = "" } }: Csr) => username,
    ),
    column(
      "RequestedDuration",
      "string",
      doc("certificates.v1beta1.CertificateSigningRequestSpec.expirationSeconds"),
      ({ spec: { expirationSeconds } }: Csr) =>
        expirationSeconds === undefined ? none : humanDuration(expirationSeconds * 1000),
    ),
    column(
      "Condition",
      "string",
      doc("certificates.v1beta1.CertificateSigningRequestStatus.conditions"),
      shown,
    ),
  ],
  fields: { "spec.signerName": ({ spec: { signerName } }) => signerName },
};
