/** What both sorts of webhooks share. Upstream: pkg/apis/admissionregistration/validation validateMutatingWebhook, v1/defaults.go. */
import type {
  V1MutatingWebhook,
  V1RuleWithOperations,
  V1ValidatingWebhook,
} from "#apimachinery/api/admissionregistration-v1.ts";
import { duplicate, FieldPath, invalid, required, unsupported } from "#apimachinery/field.ts";
import { dns1035Label, dns1123Subdomain } from "#apimachinery/names.ts";
import { at as change, each, fill } from "#apiserver/kinds/fill.ts";
import { type Errors, oneOfIfAny } from "#apiserver/kinds/rules/rule.ts";
import { labelSelector } from "#apiserver/kinds/rules/selector.ts";
import { clientConfig } from "./client-config.ts";
import { matchConditions } from "./match-conditions.ts";
import { matchPolicies, withScope } from "./match-resources.ts";
import { ruleWithOperations } from "./resource-rules.ts";

type Webhook = V1MutatingWebhook | V1ValidatingWebhook;

export const failurePolicies = ["Fail", "Ignore"];
export const reinvocationPolicies = ["IfNeeded", "Never"];
const sideEffects = ["None", "NoneOnDryRun"];
const reviewVersions = ["v1", "v1beta1"];
const timeoutSeconds = [1, 30] as const;
const leastSegments = 3;

export function webhookDefaults<T extends Webhook>(given: T): T {
  const filled = fill(given, {
    failurePolicy: "Fail",
    matchPolicy: "Equivalent",
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
  } as Partial<T>);
  const scoped = change(
    filled,
    "rules",
    (rules) => each(rules as readonly V1RuleWithOperations[], withScope) as T["rules"],
  );
  return change(
    scoped,
    "clientConfig",
    (config) =>
      change(config as Webhook["clientConfig"], "service", (service) =>
        fill(service, { port: 443 }),
      ) as T["clientConfig"],
  );
}

/** `hooks.example.com`. Upstream: apimachinery/pkg/util/validation IsFullyQualifiedName. */
function fullName(errors: Errors, at: FieldPath, name: string): void {
  if (name === "") {
    errors.push(required(at));
    return;
  }
  const problems = dns1123Subdomain(name);
  if (problems.length > 0) errors.push(invalid(at, name, problems.join(",")));
  else if (name.split(".").length < leastSegments)
    errors.push(
      invalid(at, name, "should be a domain with at least three segments separated by dots"),
    );
}

function versions(errors: Errors, at: FieldPath, given: readonly string[]): void {
  const known = reviewVersions.join(", ");
  if (given.length === 0) {
    errors.push(required(at, `must specify one of ${known}`));
    return;
  }
  for (const [i, version] of given.entries()) {
    if (given.indexOf(version) < i) {
      errors.push(invalid(at.index(i), version, "duplicate version"));
      continue;
    }
    for (const problem of dns1035Label(version))
      errors.push(invalid(at.index(i), version, problem));
  }
  if (!given.some((version) => reviewVersions.includes(version)))
    errors.push(invalid(at, given, `must include at least one of ${known}`));
}

function webhook(errors: Errors, at: FieldPath, given: Webhook): void {
  fullName(errors, at.child("name"), given.name ?? "");
  for (const [i, rule] of (given.rules ?? []).entries())
    ruleWithOperations(errors, at.child("rules").index(i), rule);
  oneOfIfAny(errors, at.child("failurePolicy"), given.failurePolicy, failurePolicies);
  oneOfIfAny(errors, at.child("matchPolicy"), given.matchPolicy, matchPolicies);
  const effects = given.sideEffects as string | undefined;
  if (effects === undefined)
    errors.push(required(at.child("sideEffects"), `must specify one of ${sideEffects.join(", ")}`));
  else if (!sideEffects.includes(effects))
    errors.push(unsupported(at.child("sideEffects"), effects, sideEffects));
  const timeout = given.timeoutSeconds;
  if (timeout !== undefined && (timeout < timeoutSeconds[0] || timeout > timeoutSeconds[1]))
    errors.push(
      invalid(
        at.child("timeoutSeconds"),
        timeout,
        "the timeout value must be between 1 and 30 seconds",
      ),
    );
  labelSelector(errors, at.child("namespaceSelector"), given.namespaceSelector);
  labelSelector(errors, at.child("objectSelector"), given.objectSelector);
  if ("reinvocationPolicy" in given)
    oneOfIfAny(
      errors,
      at.child("reinvocationPolicy"),
      given.reinvocationPolicy,
      reinvocationPolicies,
    );
  clientConfig(errors, at.child("clientConfig"), given.clientConfig ?? {});
  matchConditions(errors, at.child("matchConditions"), given.matchConditions);
}

export function webhooks(given: readonly Webhook[] = []): Errors {
  const errors: Errors = [];
  for (const [i, one] of given.entries()) {
    const at = new FieldPath("webhooks").index(i);
    webhook(errors, at, one);
    versions(errors, at.child("admissionReviewVersions"), one.admissionReviewVersions ?? []);
    if (one.name && given.findIndex(({ name }) => name === one.name) < i)
      errors.push(duplicate(at.child("name"), one.name));
  }
  return errors;
}
