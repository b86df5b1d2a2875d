/** Does a rule speak of a request? Upstream: apiserver/pkg/admission/plugin/webhook/predicates/rules/rules.go. */
import type { V1NamedRuleWithOperations } from "#apimachinery/api/admissionregistration-v1.ts";
import type { AdmissionRequest } from "#apiserver/admission/admission.ts";
import type { Resource } from "#apiserver/registry.ts";
import { equivalentsOf, nameOf } from "./attributes.ts";

export type Rule = V1NamedRuleWithOperations;

const names = (list: readonly string[] | undefined, wanted: string): boolean =>
  list?.some((one) => one === "*" || one === wanted) === true;

function namesResource(rule: Rule, resource: string, subresource: string): boolean {
  return (rule.resources ?? []).some((text) => {
    const slash = text.indexOf("/");
    const [own, sub] = slash < 0 ? [text, ""] : [text.slice(0, slash), text.slice(slash + 1)];
    return (own === "*" || own === resource) && (sub === "*" || sub === subresource);
  });
}

function speaksOf(
  rule: Rule,
  request: AdmissionRequest,
  { group, version, plural, namespaced }: Resource,
): boolean {
  const { scope = "*" } = rule;
  if (scope !== "*" && (scope === "Namespaced") !== namespaced) return false;
  return (
    names(rule.operations, request.operation) &&
    names(rule.apiGroups, group) &&
    names(rule.apiVersions, version) &&
    namesResource(rule, plural, request.info.subresource)
  );
}

const namesObject = ({ resourceNames = [] }: Rule, request: AdmissionRequest): boolean =>
  resourceNames.length === 0 || resourceNames.includes(nameOf(request));

/** The resource in whose version the request is to be shown; undefined: no rule speaks of it. */
export function matchedBy(
  rules: readonly Rule[],
  matchPolicy: string | undefined,
  request: AdmissionRequest,
): Resource | undefined {
  const { resource, server } = request.call;
  const holds = (rule: Rule, target: Resource): boolean =>
    speaksOf(rule, request, target) && namesObject(rule, request);
  if (rules.some((rule) => holds(rule, resource))) return resource;
  if (matchPolicy === "Exact") return undefined;
  const others = equivalentsOf(server, resource);
  // The first rule that speaks of any of them says in which version.
  for (const rule of rules) {
    const found = others.find((other) => holds(rule, other));
    if (found !== undefined) return found;
  }
  return undefined;
}
