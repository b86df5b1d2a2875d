/**
 * Policies with their bindings, and which of them speak of a request.
 * Upstream: apiserver/pkg/admission/plugin/policy/{generic/policy_source.go,matching/matching.go}.
 */
import type {
  V1MatchResources,
  V1ParamKind,
  V1ParamRef,
} from "#apimachinery/api/admissionregistration-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { AdmissionRequest } from "#apiserver/admission/admission.ts";
import { configured } from "#apiserver/admission/configured.ts";
import { matchedBy } from "#apiserver/admission/matching/rules.ts";
import { isChosen } from "#apiserver/admission/matching/selectors.ts";
import type { Resource } from "#apiserver/registry.ts";
import { paramKindProblem, paramsOf } from "./params.ts";

export interface PolicyObject extends KubeObject {
  readonly spec?:
    | {
        readonly matchConstraints?: V1MatchResources | undefined;
        readonly paramKind?: V1ParamKind | undefined;
        readonly failurePolicy?: string | undefined;
      }
    | undefined;
}
export interface BindingObject extends KubeObject {
  readonly spec?:
    | {
        readonly policyName?: string | undefined;
        readonly matchResources?: V1MatchResources | undefined;
        readonly paramRef?: V1ParamRef | undefined;
      }
    | undefined;
}
export interface Bound<P, B> {
  readonly policy: P;
  readonly bindings: readonly B[];
}
/** A policy is to be asked, with these params; or cannot be asked. */
export type Invocation<P, B> =
  | {
      readonly policy: P;
      readonly binding: B;
      readonly target: Resource;
      readonly params: KubeObject | null;
    }
  | { readonly policy: P; readonly binding: B | undefined; readonly problem: string };

/** Kept by the identity of both lists. */
const joined = new WeakMap<
  object,
  { readonly bindings: object; readonly bound: readonly Bound<PolicyObject, BindingObject>[] }
>();

/** Only policies that are bound. */
export function boundPolicies<P extends PolicyObject, B extends BindingObject>(
  { call }: AdmissionRequest,
  policyKind: string,
  bindingKind: string,
): readonly Bound<P, B>[] {
  const policies = configured<P>(call.server, policyKind);
  if (policies.length === 0) return [];
  const bindings = configured<B>(call.server, bindingKind);
  const known = joined.get(policies);
  if (known?.bindings === bindings) return known.bound as never;
  const bound = policies
    .map((policy) => ({
      policy,
      bindings: bindings.filter(({ spec }) => spec?.policyName === policy.metadata.name),
    }))
    .filter((one) => one.bindings.length > 0);
  joined.set(policies, { bindings, bound });
  return bound;
}

/** Policies do not judge policies: nobody shall lock himself out. */
export const isExempt = ({ info }: AdmissionRequest): boolean =>
  info.group === "admissionregistration.k8s.io";

/** In whose version the request is shown; undefined: it is not spoken of. */
function matched(
  request: AdmissionRequest,
  resources: V1MatchResources | undefined,
): Resource | undefined {
  if (resources === undefined) return request.call.resource;
  const { matchPolicy = "Equivalent", resourceRules = [], excludeResourceRules = [] } = resources;
  const target =
    resourceRules.length === 0
      ? request.call.resource
      : matchedBy(resourceRules, matchPolicy, request);
  if (target === undefined || !isChosen(request, resources)) return undefined;
  return matchedBy(excludeResourceRules, matchPolicy, request) === undefined ? target : undefined;
}

export function invocations<P extends PolicyObject, B extends BindingObject>(
  request: AdmissionRequest,
  bound: readonly Bound<P, B>[],
): readonly Invocation<P, B>[] {
  return bound.flatMap(({ policy, bindings }): readonly Invocation<P, B>[] => {
    const target = matched(request, policy.spec?.matchConstraints);
    if (target === undefined) return [];
    const problem = paramKindProblem(request, policy.spec?.paramKind);
    if (problem !== undefined)
      return [{ policy, binding: undefined, problem: `failed to configure policy: ${problem}` }];
    return bindings.flatMap((binding): readonly Invocation<P, B>[] => {
      if (matched(request, binding.spec?.matchResources) === undefined) return [];
      const params = paramsOf(request, policy.spec?.paramKind, binding.spec?.paramRef);
      if ("error" in params)
        return [{ policy, binding, problem: `failed to configure binding: ${params.error}` }];
      return params.map((one) => ({ policy, binding, target, params: one }));
    });
  });
}
