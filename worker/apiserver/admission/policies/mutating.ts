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
import { type Composition, compositionOf, conditionsHold, evaluate } from "./expressions.ts";
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

/** All mutations of one policy, one after the other; undefined: its conditions do not hold. */
function applyPolicy(request: AdmissionRequest, asked: Asked): KubeObject | undefined {
  const { policy, target, params } = asked;
  const { mutations = [], matchConditions = [] } = policy.spec ?? {};
  const composition = compositionOf(policy);
  let seen = request;
  const valuesOf = (): ReturnType<Composition["with"]> =>
    composition.with(bound(seen, target, params), newBudget());
  const holds = conditionsHold(matchConditions, composition.environment, valuesOf());
  if (typeof holds === "object") throw new Failed(holds.error);
  if (!holds) return undefined;
  for (const mutation of mutations) {
    if (seen.object === undefined) break;
    const { expression = "" } = mutation.jsonPatch ?? mutation.applyConfiguration ?? {};
    const rewritten = withMaps(expression);
    if (rewritten.mismatch !== undefined) throw new Failed(rewritten.mismatch);
    const returns = mutation.patchType === "JSONPatch" ? ["list", "dyn"] : ["map", "dyn"];
    const outcome = evaluate(rewritten.expression, composition.environment, returns, {
      values: valuesOf(),
      budget: newBudget(),
    });
    if ("error" in outcome)
      throw new Failed(outcome.error.replace(rewritten.expression, expression));
    const shown = versioned(seen, seen.object, target) as KubeObject;
    const next = mutated(shown, mutation, asked, outcome.value);
    if (next !== shown) seen = { ...seen, object: redecoded(seen, next, target) };
  }
  return seen.object;
}

function failure(
  request: AdmissionRequest,
  policy: Policy,
  binding: Binding | undefined,
  why: string,
): StatusError {
  const message =
    binding === undefined
      ? `policy ${JSON.stringify(policy.metadata.name)} denied request: ${why}`
      : `policy '${policy.metadata.name}' with binding '${binding.metadata.name}' denied request: ${why}`;
  const { status } = refusal(request, "admission request denied by policy");
  const reason = why.startsWith("failed to configure") ? status.reason : "Invalid";
  return new StatusError({
    ...status,
    message,
    reason,
    details: { ...status.details, causes: [{ message }] },
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
  let wrong: StatusError | undefined;
  for (const one of invocations(request, policies)) {
    const { policy, binding } = one;
    const fail = (why: string): void => {
      if (policy.spec?.failurePolicy !== "Ignore") wrong ??= failure(request, policy, binding, why);
    };
    if ("problem" in one) {
      fail(one.problem);
      continue;
    }
    if (rounds.isSecond && !memory.isDue(idOf(one))) continue;
    try {
      const object = applyPolicy(seen, one);
      if (object === undefined && seen.object !== undefined) continue;
      if (!equal(object, seen.object)) {
        memory.require();
        rounds.needsSecond = true;
        seen = { ...seen, object };
      }
      if (policy.spec?.reinvocationPolicy === "IfNeeded") memory.offer(idOf(one));
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      fail(error.message);
    }
  }
  if (wrong !== undefined) throw wrong;
  memory.end(seen.object);
  return seen.object;
}

export const mutatingAdmissionPolicy: Admission = {
  name,
  on: { resources: ["*/*"], operations: ["CREATE", "UPDATE"] },
  mutate,
};
