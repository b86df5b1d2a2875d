/** The objects a binding gives its policy. Upstream: apiserver/pkg/admission/plugin/policy/generic/policy_dispatcher.go CollectParams. */
import type { V1ParamKind, V1ParamRef } from "#apimachinery/api/admissionregistration-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { matches, selectorOf } from "#apimachinery/selector.ts";
import type { AdmissionRequest } from "#apiserver/admission/admission.ts";

export type Params = readonly (KubeObject | null)[] | { readonly error: string };

const missing = "no params found for policy binding with `Deny` parameterNotFoundAction";

/** What is wrong with the kind itself; undefined: nothing. */
export function paramKindProblem(
  { call }: AdmissionRequest,
  kind: V1ParamKind | undefined,
): string | undefined {
  if (
    kind === undefined ||
    call.server.registry.ofKind(`${kind.apiVersion}/${kind.kind}`) !== undefined
  )
    return undefined;
  return `failed to find resource referenced by paramKind: '${kind.apiVersion}, Kind=${kind.kind}'`;
}

/** `[null]`: the policy is asked without one; none: it is not asked. */
export function paramsOf(
  request: AdmissionRequest,
  kind: V1ParamKind | undefined,
  reference: V1ParamRef | undefined,
): Params {
  if (kind === undefined || reference === undefined) return [null];
  const { call, context, info } = request;
  const gvk = `${kind.apiVersion}/${kind.kind}`;
  const resource = call.server.registry.ofKind(gvk);
  if (resource === undefined) return { error: `paramKind kind \`${gvk}\` not known` };
  if (!resource.namespaced && reference.namespace)
    return { error: "paramRef.namespace must not be provided for a cluster-scoped `paramKind`" };
  const namespace = resource.namespaced ? reference.namespace || info.namespace : "";
  if (resource.namespaced && namespace === "")
    return {
      error:
        "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources",
    };
  const found = reference.name
    ? present(context.get(gvk, namespace, reference.name))
    : context
        .list(gvk, resource.namespaced ? namespace : undefined)
        .filter(({ metadata }) => matches(selectorOf(reference.selector) ?? [], metadata.labels));
  return found.length === 0 && reference.parameterNotFoundAction === "Deny"
    ? { error: missing }
    : found;
}

const present = (object: KubeObject | undefined): readonly KubeObject[] =>
  object === undefined ? [] : [object];
