/**
 * CertificateSigningRequest: who asks is written by the server; approval and signature come by subresources.
 * Upstream: pkg/registry/certificates/certificates/strategy.go, pkg/apis/certificates/validation, pkg/printers/internalversion.
 */
import type {
  V1CertificateSigningRequest,
  V1CertificateSigningRequestCondition,
} from "#apimachinery/api/certificates-v1.ts";
import { humanDuration } from "#apimachinery/duration.ts";
import { equal } from "#apimachinery/equal.ts";
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
        "may not specify a duration less than 600 seconds (10 minutes)",
      ),
    );
  return [...errors, ...statusErrors(csr)];
}

const statusErrors = (csr: Csr): readonly FieldError[] => [
  ...conditionErrors(csr.status?.conditions ?? [], status.child("conditions")),
  ...certificateErrors(csr.status?.certificate, status.child("certificate")),
];

const ofType = ({ status: is }: Csr, type: string): readonly Condition[] =>
  (is?.conditions ?? []).filter((one) => one.type === type);

/**
 * Errors of a change of status; `isApproval`: of the approval, which alone says yes or no.
 * Differs: a changed condition is not followed by a printed difference, because that is Go syntax of internal types.
 */
export function statusChangeErrors(
  next: Csr,
  previous: Csr,
  isApproval: boolean,
): readonly FieldError[] {
  const errors = [...statusErrors(next)];
  const at = status.child("conditions");
  const refuse = (what: string, type: string): void => {
    errors.push(
      forbidden(at, `updates may not ${what} a condition of type ${JSON.stringify(type)}`),
    );
  };
  for (const type of lasting)
    if (ofType(next, type).length < ofType(previous, type).length) refuse("remove", type);
  for (const type of isApproval ? [] : approvals) {
    const [now, before] = [ofType(next, type), ofType(previous, type)];
    if (now.length > before.length) refuse("add", type);
    else if (now.length === before.length && !equal(now, before)) refuse("modify", type);
  }
  const { certificate: old } = previous.status ?? {};
  if (old && old !== next.status?.certificate)
    errors.push(
      forbidden(status.child("certificate"), "updates may not modify existing certificate content"),
    );
  return errors;
}
const lasting: readonly string[] = ["Approved", "Denied", "Failed"];
const approvals: readonly string[] = ["Approved", "Denied"];

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

/** Approval is not the signer's: as many as there were stay as they were; others are refused later. */
function prepareForStatusUpdate(next: Csr, previous: Csr, { nowMs }: KindContext): Csr {
  let conditions = next.status?.conditions ?? [];
  if (conditions.length === 0) return next;
  for (const type of approvals) {
    const before = ofType(previous, type);
    if (before.length === 0 || before.length !== ofType(next, type).length) continue;
    let at = 0;
    conditions = conditions.map((one) => (one.type === type ? (before[at++] as Condition) : one));
  }
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
  validateStatusUpdate: (next, previous) => statusChangeErrors(next, previous, false),
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
