/** Groups of Kubernetes' own community, and the annotation that says who approved an API in them. Upstream: apiextensions-apiserver/pkg/apihelpers/helpers.go. */
export const approvalAnnotation = "api-approved.kubernetes.io";

export const isProtectedGroup = (group: string): boolean =>
  /(^|\.)(k8s|kubernetes)\.io$/.test(group);

export interface ApiApproval {
  readonly state: "approved" | "bypassed" | "invalid" | "missing";
  readonly message: string;
}

const proposal = "see https://github.com/kubernetes/enhancements/pull/1111";
const required = `protected groups must have approval annotation "${approvalAnnotation}"`;

export function apiApproval(
  annotations: Readonly<Record<string, string>> | undefined,
): ApiApproval {
  const annotation = annotations?.[approvalAnnotation] ?? "";
  if (annotation === "") return { state: "missing", message: `${required}, ${proposal}` };
  if (annotation.startsWith("unapproved"))
    return { state: "bypassed", message: `not approved: ${JSON.stringify(annotation)}` };
  if (/^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/\s]+/.test(annotation))
    return { state: "approved", message: `approved in ${annotation}` };
  return {
    state: "invalid",
    message: `${required} with either a URL or a reason starting with "unapproved", ${proposal}`,
  };
}
