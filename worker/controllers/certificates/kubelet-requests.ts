/** Which requests are a kubelet's, and what is wrong with those that are not. Upstream: pkg/apis/certificates/helpers.go. */
import type { CertificateRequest } from "#apimachinery/x509/certificate-request.ts";

const organizationProblem = "subject organization is not system:nodes";
const commonNameProblem = "subject common name does not begin with system:node:";
const nodePrefix = "system:node:";
const nodesGroup = "system:nodes";

/** With and without key encipherment, which keys other than RSA do not do. */
const usagesOf = (auth: string): readonly (readonly string[])[] => [
  ["digital signature", "key encipherment", auth],
  ["digital signature", auth],
];
const areUsages = (usages: readonly string[], auth: string): boolean =>
  usagesOf(auth).some(
    (wanted) =>
      new Set(usages).size === wanted.length && wanted.every((usage) => usages.includes(usage)),
  );
const usagesProblem = (auth: string): string =>
  `usages did not match [${(usagesOf(auth)[0] ?? []).toSorted().join(" ")}]`;

const isOfNodes = ({ subject: { organizations } }: CertificateRequest): boolean =>
  organizations.length === 1 && organizations[0] === nodesGroup;

/** Why it is no kubelet's client certificate; undefined: it is one. */
export function clientProblem(
  request: CertificateRequest,
  usages: readonly string[],
): string | undefined {
  const { altNames, subject } = request;
  if (!isOfNodes(request)) return organizationProblem;
  if (altNames.dns.length > 0) return "DNS subjectAltNames are not allowed";
  if (altNames.emails.length > 0) return "Email subjectAltNames are not allowed";
  if (altNames.ips.length > 0) return "IP subjectAltNames are not allowed";
  if (altNames.uris.length > 0) return "URI subjectAltNames are not allowed";
  if (!subject.commonName.startsWith(nodePrefix)) return commonNameProblem;
  return areUsages(usages, "client auth") ? undefined : usagesProblem("client auth");
}

/** Why it is no kubelet's serving certificate; undefined: it is one. */
export function servingProblem(
  request: CertificateRequest,
  usages: readonly string[],
): string | undefined {
  const { altNames, subject } = request;
  if (!isOfNodes(request)) return organizationProblem;
  if (altNames.dns.length === 0 && altNames.ips.length === 0)
    return "DNS or IP subjectAltName is required";
  if (altNames.emails.length > 0) return "Email subjectAltNames are not allowed";
  if (altNames.uris.length > 0) return "URI subjectAltNames are not allowed";
  if (!areUsages(usages, "server auth")) return usagesProblem("server auth");
  return subject.commonName.startsWith(nodePrefix) ? undefined : commonNameProblem;
}

const optionalClientUsages: readonly string[] = ["digital signature", "key encipherment"];

/** Why these are no usages of a client of the API server; undefined: they are. */
export function apiClientProblem(usages: readonly string[]): string | undefined {
  const other = usages.find(
    (usage) => usage !== "client auth" && !optionalClientUsages.includes(usage),
  );
  if (other !== undefined) return `invalid usage for client certificate: ${other}`;
  return usages.includes("client auth")
    ? undefined
    : "missing required usage for client certificate: client auth";
}
