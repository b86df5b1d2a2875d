/** Which requests a webhook or a policy is asked about. Upstream: pkg/apis/admissionregistration/validation validateRuleWithOperations. */
import type {
  V1NamedRuleWithOperations,
  V1RuleWithOperations,
} from "#apimachinery/api/admissionregistration-v1.ts";
import { duplicate, type FieldPath, invalid, required, unsupported } from "#apimachinery/field.ts";
import { pathSegmentName } from "#apimachinery/names.ts";
import { type Errors, named } from "#apiserver/kinds/rules/rule.ts";

const operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const scopes = ["*", "Cluster", "Namespaced"];
const all = "*";
const alone = (others: string): string => `if '*' is present, must not specify other ${others}`;

function resources(errors: Errors, at: FieldPath, given: readonly string[]): void {
  if (given.length === 0) errors.push(required(at));
  const wholes = new Set<string>();
  const parts = new Set<string>();
  /** Of those without a subresource upstream remembers the last. */
  let isLastWhole = false;
  for (const [i, text] of given.entries()) {
    if (text === "") errors.push(required(at.index(i)));
    const slash = text.indexOf("/");
    if (slash < 0) {
      if (text !== "") isLastWhole = text !== all;
      continue;
    }
    const [resource, sub] = [text.slice(0, slash), text.slice(slash + 1)];
    if (wholes.has(resource))
      errors.push(
        invalid(at.index(i), text, `if '${resource}/*' is present, must not specify ${text}`),
      );
    if (parts.has(sub))
      errors.push(invalid(at.index(i), text, `if '*/${sub}' is present, must not specify ${text}`));
    if (sub === all) wholes.add(resource);
    if (resource === all) parts.add(sub);
  }
  if (given.length > 1 && given.includes("*/*"))
    errors.push(invalid(at, given, "if '*/*' is present, must not specify other resources"));
  if (given.includes(all) && isLastWhole)
    errors.push(
      invalid(
        at,
        given,
        "if '*' is present, must not specify other resources without subresources",
      ),
    );
}

export function ruleWithOperations(
  errors: Errors,
  at: FieldPath,
  given: V1RuleWithOperations,
): void {
  const { operations: asked = [], apiGroups = [], apiVersions = [], scope } = given;
  if (asked.length === 0) errors.push(required(at.child("operations")));
  if (asked.length > 1 && asked.includes(all))
    errors.push(invalid(at.child("operations"), asked, alone("operations")));
  for (const [i, one] of asked.entries())
    if (!operations.includes(one))
      errors.push(unsupported(at.child("operations").index(i), one, operations));
  for (const [field, values, others] of [
    ["apiGroups", apiGroups, "API groups"],
    ["apiVersions", apiVersions, "API versions"],
  ] as const) {
    if (values.length === 0) errors.push(required(at.child(field)));
    if (values.length > 1 && values.includes(all))
      errors.push(invalid(at.child(field), values, alone(others)));
  }
  for (const [i, version] of apiVersions.entries())
    if (version === "") errors.push(required(at.child("apiVersions").index(i)));
  resources(errors, at.child("resources"), given.resources ?? []);
  if (scope !== undefined && !scopes.includes(scope))
    errors.push(unsupported(at.child("scope"), scope, scopes));
}

export function namedRule(errors: Errors, at: FieldPath, given: V1NamedRuleWithOperations): void {
  const { resourceNames = [] } = given;
  for (const [i, name] of resourceNames.entries()) {
    const here = at.child("resourceNames").index(i);
    named(errors, here, name, pathSegmentName);
    if (resourceNames.indexOf(name) < i) errors.push(duplicate(here, name));
  }
  ruleWithOperations(errors, at, given);
}

const mutable = ["*", "CONNECT", "CREATE", "UPDATE"];
/** Nothing is left to change of what goes. `at`: of the policy's or binding's match. */
export function mutableOperations(
  errors: Errors,
  at: FieldPath,
  rules: readonly V1NamedRuleWithOperations[] = [],
): void {
  for (const one of rules.flatMap((rule) => rule.operations ?? []))
    if (!mutable.includes(one))
      errors.push(unsupported(at.child("resourceRules", "operations"), one, mutable));
}
