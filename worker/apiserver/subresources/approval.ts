/** PUT certificatesigningrequests/<name>/approval: of spec and status the conditions alone. Upstream: pkg/registry/certificates/certificates csrApprovalStrategy. */
import type { V1CertificateSigningRequest } from "#apimachinery/api/certificates-v1.ts";
import { invalid } from "#apimachinery/status.ts";
import {
  statusChangeErrors,
  withTimes,
} from "#apiserver/kinds/certificates/certificate-signing-request.ts";
import type { Part } from "#apiserver/verbs/update.ts";
import type { Subresource } from "./subresource.ts";
import { whole } from "./whole.ts";

const approved: Part = (wanted, old, { world, resource }) => {
  const previous = old as V1CertificateSigningRequest;
  const asked = (wanted as V1CertificateSigningRequest).status?.conditions;
  const conditions = withTimes(asked, previous, world.nowMs());
  const next = {
    ...(wanted as V1CertificateSigningRequest),
    spec: previous.spec,
    status: { ...previous.status, ...(conditions === undefined ? {} : { conditions }) },
  };
  const errors = statusChangeErrors(next, previous, true);
  if (errors.length > 0) throw invalid(resource.groupKind, previous.metadata.name ?? "", errors);
  return next;
};

export const approval: Subresource = whole(
  "certificates.k8s.io/v1/CertificateSigningRequest",
  "approval",
  approved,
);
