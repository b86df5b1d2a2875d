/**
 * ValidatingAdmissionPolicy: expressions say what may be.
 * Upstream: apiserver/pkg/admission/plugin/policy/validating/{dispatcher,validator}.go.
 */
import type {
  V1ValidatingAdmissionPolicy,
  V1ValidatingAdmissionPolicyBinding,
  V1Validation,
} from "#apimachinery/api/admissionregistration-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { StatusError } from "#apimachinery/status.ts";
import type { Admission, AdmissionRequest } from "#apiserver/admission/admission.ts";
import { refusal } from "#apiserver/admission/refusal.ts";
import type { Resource } from "#apiserver/registry.ts";
import { type Budget, newBudget } from "#apiserver/cel/cost.ts";
import { boundPolicies, invocations, isExempt } from "./bound-policies.ts";
import {
  type Composition,
  compositionOf,
  conditionsHold,
  evaluate,
  type Values,
} from "./expressions.ts";
import { bound } from "./variables.ts";

type Policy = V1ValidatingAdmissionPolicy;
type Binding = V1ValidatingAdmissionPolicyBinding;

const policyKind = "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy";
const bindingKind = "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding";
const failureKey = "validation.policy.admission.k8s.io/validation_failure";
const codes: Readonly<Record<string, number>> = {
  Forbidden: 403,
  Unauthorized: 401,
  RequestEntityTooLarge: 413,
  Invalid: 422,
};
const longestMessage = 5 * 1024;
const longestAnnotation = 10 * 1024;

/** One thing a policy says against the request. */
interface Denial {
  readonly message: string;
  readonly reason: string;
  /** Which validation says it. */
  readonly index: number;
}
interface Result {
  readonly denials: readonly Denial[];
  readonly annotations: readonly { readonly key: string; readonly value: string }[];
  /** Annotations that could not be made: the binding's actions do not soften them. */
  readonly failures: readonly string[];
}
const nothing: Result = { denials: [], annotations: [], failures: [] };

const isIgnored = ({ spec }: Policy): boolean => spec?.failurePolicy === "Ignore";
const failed = (policy: Policy, message: string, index = 0): readonly Denial[] =>
  isIgnored(policy) ? [] : [{ message, reason: "Invalid", index }];

function judge(
  request: AdmissionRequest,
  policy: Policy,
  target: Resource,
  params: KubeObject | null,
): Result {
  const { validations = [], matchConditions = [] } = policy.spec ?? {};
  const composition = compositionOf(policy);
  const { environment } = composition;
  const budget = newBudget();
  const values = composition.with(bound(request, target, params), budget);
  const holds = conditionsHold(matchConditions, environment, values);
  if (typeof holds === "object") return { ...nothing, denials: failed(policy, holds.error) };
  if (!holds) return nothing;
  const denials = validations.flatMap((validation, index): readonly Denial[] => {
    const outcome = evaluate(validation.expression, environment, ["bool"], { values, budget });
    if ("error" in outcome) return failed(policy, outcome.error, index);
    if (outcome.value === true) return [];
    const message = messageOf(validation, composition, { values, budget });
    return [{ message, reason: validation.reason ?? "Invalid", index }];
  });
  return { denials, ...annotated(policy, composition, values) };
}

function messageOf(
  { message, messageExpression, expression }: V1Validation,
  { environment }: Composition,
  evaluation: { readonly values: Values; readonly budget: Budget },
): string {
  if (messageExpression) {
    const outcome = evaluate(messageExpression, environment, ["string"], evaluation);
    const text =
      "value" in outcome && typeof outcome.value === "string" ? outcome.value.trim() : "";
    if (text !== "" && text.length <= longestMessage && !text.includes("\n")) return text;
  }
  return message?.trim() || `failed expression: ${expression.trim()}`;
}

function annotated(
  policy: Policy,
  { environment }: Composition,
  values: Values,
): Pick<Result, "annotations" | "failures"> {
  const budget = newBudget();
  const annotations: { key: string; value: string }[] = [];
  const failures: string[] = [];
  for (const { key, valueExpression } of policy.spec?.auditAnnotations ?? []) {
    const outcome = evaluate(valueExpression, environment, [], { values, budget });
    if ("error" in outcome) {
      if (!isIgnored(policy)) failures.push(outcome.error);
    } else if (typeof outcome.value === "string" && outcome.value.trim() !== "")
      annotations.push({ key, value: outcome.value.trim().slice(0, longestAnnotation) });
  }
  return { annotations, failures };
}

/** The first refusal decides the answer. */
interface Denied {
  readonly policy: Policy;
  readonly binding: Binding | undefined;
  readonly message: string;
  readonly reason: string;
}

function denied(
  request: AdmissionRequest,
  { policy, binding, message, reason }: Denied,
): StatusError {
  const by = binding === undefined ? "" : ` with binding '${binding.metadata.name}'`;
  const text = `ValidatingAdmissionPolicy '${policy.metadata.name}'${by} denied request: ${message}`;
  const { status } = refusal(request, text);
  return new StatusError({
    ...status,
    reason,
    code: codes[reason] ?? 422,
    details: { ...status.details, causes: [{ message: text }] },
  });
}

/** What a binding makes of what its policy says. */
function act(request: AdmissionRequest, policy: Policy, binding: Binding, denial: Denial): boolean {
  const { validationActions } = binding.spec;
  const { passage } = request.call;
  const { message, index } = denial;
  const [name, by] = [policy.metadata.name, binding.metadata.name];
  if (validationActions.includes("Audit"))
    passage.annotate(
      failureKey,
      JSON.stringify([
        { message, policy: name, binding: by, expressionIndex: index, validationActions },
      ]),
    );
  if (validationActions.includes("Warn"))
    passage.warnings.push(
      `Validation failed for ValidatingAdmissionPolicy '${name}' with binding '${by}': ${message}`,
    );
  return validationActions.includes("Deny");
}

function validate(request: AdmissionRequest): void {
  const policies = boundPolicies<Policy, Binding>(request, policyKind, bindingKind);
  if (policies.length === 0 || isExempt(request)) return;
  const found: Denied[] = [];
  const told = new Map<string, Set<string>>();
  for (const one of invocations(request, policies)) {
    const { policy, binding } = one;
    if ("problem" in one) {
      if (!isIgnored(policy))
        found.push({ policy, binding, message: one.problem, reason: "Invalid" });
      continue;
    }
    const result = judge(request, policy, one.target, one.params);
    for (const denial of result.denials)
      if (act(request, policy, one.binding, denial)) found.push({ policy, binding, ...denial });
    for (const message of result.failures)
      found.push({ policy, binding, message, reason: "Invalid" });
    for (const { key, value } of result.annotations) {
      const name = `${policy.metadata.name}/${key}`;
      told.set(name, (told.get(name) ?? new Set()).add(value));
    }
  }
  // Bindings with different params may say different things.
  for (const [key, values] of told) request.call.passage.annotate(key, [...values].join(", "));
  const [first] = found;
  if (first !== undefined) throw denied(request, first);
}

export const validatingAdmissionPolicy: Admission = {
  name: "ValidatingAdmissionPolicy",
  on: { resources: ["*/*"], operations: ["CREATE", "UPDATE", "DELETE", "CONNECT"] },
  validate,
};
