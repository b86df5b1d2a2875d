/** What a policy or a binding is about. Upstream: pkg/apis/admissionregistration/validation validateMatchResources, v1/defaults.go. */
import type {
  V1MatchResources,
  V1NamedRuleWithOperations,
} from "#apimachinery/api/admissionregistration-v1.ts";
import { type FieldPath, required } from "#apimachinery/field.ts";
import { at as change, each, fill } from "#apiserver/kinds/fill.ts";
import { type Errors, oneOf } from "#apiserver/kinds/rules/rule.ts";
import { labelSelector } from "#apiserver/kinds/rules/selector.ts";
import { namedRule } from "./resource-rules.ts";

export const matchPolicies = ["Equivalent", "Exact"];

export const withScope = <T extends { readonly scope?: string | undefined }>(rule: T): T =>
  fill(rule, { scope: "*" } as Partial<T>);

export function matchDefaults(given: V1MatchResources): V1MatchResources {
  const filled = fill(given, {
    matchPolicy: "Equivalent",
    namespaceSelector: {},
    objectSelector: {},
  });
  const scoped = (
    rules: readonly V1NamedRuleWithOperations[],
  ): readonly V1NamedRuleWithOperations[] => each(rules, withScope);
  return change(change(filled, "resourceRules", scoped), "excludeResourceRules", scoped);
}

export function matchResources(
  errors: Errors,
  at: FieldPath,
  given: V1MatchResources | undefined,
): void {
  if (given === undefined) return;
  oneOf(errors, at.child("matchPolicy"), given.matchPolicy, matchPolicies);
  for (const field of ["namespaceSelector", "objectSelector"] as const) {
    if (given[field] === undefined) errors.push(required(at.child(field)));
    else labelSelector(errors, at.child(field), given[field]);
  }
  for (const field of ["resourceRules", "excludeResourceRules"] as const)
    for (const [i, rule] of (given[field] ?? []).entries())
      namedRule(errors, at.child(field).index(i), rule);
}
