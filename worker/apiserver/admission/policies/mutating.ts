/**
 * MutatingAdmissionPolicy: expressions say what is to be changed.
 * Upstream: apiserver/pkg/admission/plugin/policy/mutating/{dispatcher,plugin}.go, patch/*.go.
 */
import type {
  V1MutatingAdmissionPolicy,
  V1MutatingAdmissionPolicyBinding,
  V1Mutation,
} from "#apimachinery/api/admissionregistration-v1.ts";
import { JsonPatchError, jsonPatch } from "#apimachinery/json-patch.ts";
import { equal } from "#apimachinery/equal.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { StatusError } from "#apimachinery/status.ts";
import type { Admission, AdmissionRequest } from "#apiserver/admission/admission.ts";
import { versioned } from "#apiserver/admission/matching/attributes.ts";
import { redecoded } from "#apiserver/admission/matching/redecoded.ts";
import { refusal } from "#apiserver/admission/refusal.ts";
import { newBudget } from "#apiserver/cel/cost.ts";
import { withMaps } from "#apiserver/cel/object-syntax.ts";
import { toJson } from "#apiserver/cel/values.ts";
import { applied, atomics } from "./apply-configuration.ts";
import { boundPolicies, type Invocation, invocations, isExempt } from "./bound-policies.ts";
import { compositionOf, conditionsHold, evaluate } from "./expressions.ts";
import { bound } from "./variables.ts";

type Policy = V1MutatingAdmissionPolicy;
type Binding = V1MutatingAdmissionPolicyBinding;
type Asked = Extract<Invocation<Policy, Binding>, { readonly target: unknown }>;
type Json = Record<string, unknown>;

const name = "MutatingAdmissionPolicy";
const policyKind = "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy";
const bindingKind = "admissionregistration.k8s.io/v1/MutatingAdmissionPolicyBinding";

/** What went wrong with a policy, in its words. */
class Failed extends Error {}

/** The object as one mutation leaves it, in the policy's version. */
function mutated(shown: KubeObject, mutation: V1Mutation, asked: Asked, value: unknown): unknown {
  if (mutation.patchType === "JSONPatch") {
    try {
      return jsonPatch(shown, toJson(value));
    } catch (error) {
      if (!(error instanceof JsonPatchError)) throw error;
      // A test that fails means: not this object.
      if (error.message.startsWith("testing value")) return shown;
      throw new Failed(`JSON Patch: ${error.message}`);
    }
  }
  const patch = toJson(value) as Json;
  const { type } = asked.target;
  const wrong = atomics(patch, type);
  if (wrong.length > 0)
    throw new Failed(
      `error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${wrong.join(", ")}`,
    );
  return applied(shown as unknown as Json, patch, type);
}

/** A policy's mutations, one after the other: what fails is told, the others count. Undefined: its conditions do not hold. */
function applyPolicy(
  request: AdmissionRequest,
  asked: Asked,
  fail: (why: string) => void,
): AdmissionRequest | undefined {
  const { policy, target, params } = asked;
  const { mutations = [], matchConditions = [] } = policy.spec ?? {};
  const composition = compositionOf(policy);
  const values = composition.with(bound(request, target, params), newBudget());
  const holds = conditionsHold(matchConditions, composition.environment, values);
  if (typeof holds === "object") fail(holds.error);
  if (holds !== true) return undefined;
  let seen = request;
  for (const mutation of mutations) {
    if (seen.object === undefined) break;
    try {
      seen = applyMutation(seen, asked, mutation);
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      fail(error.message);
    }
  }
  return seen;
}

function applyMutation(
  seen: AdmissionRequest,
  asked: Asked,
  mutation: V1Mutation,
): AdmissionRequest {
  const { policy, target, params } = asked;
  const composition = compositionOf(policy);
  const { expression = "" } = mutation.jsonPatch ?? mutation.applyConfiguration ?? {};
  const rewritten = withMaps(expression);
  if (rewritten.mismatch !== undefined) throw new Failed(rewritten.mismatch);
  const returns = mutation.patchType === "JSONPatch" ? ["list", "dyn"] : ["map", "dyn"];
  const outcome = evaluate(rewritten.expression, composition.environment, returns, {
    values: composition.with(bound(seen, target, params), newBudget()),
    budget: newBudget(),
  });
  if ("error" in outcome) throw new Failed(outcome.error.replace(rewritten.expression, expression));
  const shown = versioned(seen, seen.object, target) as KubeObject;
  const next = mutated(shown, mutation, asked, outcome.value);
  return next === shown ? seen : { ...seen, object: redecoded(seen, next, target) };
}

/** One thing a policy could not do. */
interface Failure {
  readonly message: string;
  readonly reason: string | undefined;
}
function failure(policy: Policy, binding: Binding | undefined, why: string): Failure {
  const { name: policyName } = policy.metadata;
  return {
    message:
      binding === undefined
        ? `policy ${JSON.stringify(policyName)} denied request: ${why}`
        : `policy '${policyName}' with binding '${binding.metadata.name}' denied request: ${why}`,
    reason: why.startsWith("failed to configure") ? undefined : "Invalid",
  };
}

/** The first failure decides the answer; all are its causes. */
function refused(request: AdmissionRequest, failures: readonly Failure[]): StatusError {
  const { status } = refusal(request, "admission request denied by policy");
  const { message = "", reason } = failures[0] ?? {};
  return new StatusError({
    ...status,
    message,
    reason: reason ?? status.reason,
    details: { ...status.details, causes: failures.map((one) => ({ message: one.message })) },
  });
}

const idOf = ({ policy, binding, params }: Asked): string =>
  [policy, binding, params]
    .map((one) => `${one?.metadata.namespace ?? ""}/${one?.metadata.name ?? ""}`)
    .join(" ");

function mutate(request: AdmissionRequest): KubeObject | undefined {
  const policies = boundPolicies<Policy, Binding>(request, policyKind, bindingKind);
  if (policies.length === 0 || isExempt(request)) return request.object;
  const { rounds } = request;
  const memory = rounds.of(name);
  if (rounds.isSecond) memory.begin(request.object);
  let seen = request;
  const configured: Failure[] = [];
  const failed: Failure[] = [];
  for (const one of invocations(request, policies)) {
    const { policy, binding } = one;
    const isIgnored = policy.spec?.failurePolicy === "Ignore";
    if ("problem" in one) {
      if (!isIgnored) configured.push(failure(policy, binding, one.problem));
      continue;
    }
    if (rounds.isSecond && !memory.isDue(idOf(one))) continue;
    const after = applyPolicy(seen, one, (why) => {
      if (!isIgnored) failed.push(failure(policy, binding, why));
    });
    if (after === undefined) continue;
    if (!equal(after.object, seen.object)) {
      memory.require();
      rounds.needsSecond = true;
      seen = after;
    }
    if (policy.spec?.reinvocationPolicy === "IfNeeded") memory.offer(idOf(one));
  }
  // Wrong configurations are found before any policy is asked.
  const failures = [...configured, ...failed];
  if (failures.length > 0) throw refused(request, failures);
  memory.end(seen.object);
  return seen.object;
}

export const mutatingAdmissionPolicy: Admission = {
  name,
  on: { resources: ["*/*"], operations: ["CREATE", "UPDATE"] },
  mutate,
};
