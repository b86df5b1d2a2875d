/** Gates 4 and 6, mutate and admit: the admission plugins, in order. Upstream: apiserver/pkg/admission/chain.go. */
import { admissions } from "#apiserver/admission/registry.ts";
import type { Admission, AdmissionRequest } from "#apiserver/admission/admission.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import type { RequestInfo } from "#apiserver/request.ts";

/** Which plugins act on a resource and an operation does not change: worked out once. */
const chains = new Map<
  string,
  { readonly mutating: readonly Admission[]; readonly validating: readonly Admission[] }
>();

function chainOf(
  { group, resource, subresource }: RequestInfo,
  operation: string,
): { readonly mutating: readonly Admission[]; readonly validating: readonly Admission[] } {
  const plural = group === "" ? resource : `${resource}.${group}`;
  const path = subresource === "" ? plural : `${plural}/${subresource}`;
  const id = `${operation} ${path}`;
  const known = chains.get(id);
  if (known !== undefined) return known;
  const acting = admissions.filter(
    ({ on: { resources, operations } }) =>
      (operations as readonly string[]).includes(operation) &&
      resources.some((one) => one === path || one === "*/*" || (one === "*" && subresource === "")),
  );
  const made = {
    mutating: acting.filter(({ mutate }) => mutate !== undefined),
    validating: acting.filter(({ validate }) => validate !== undefined),
  };
  chains.set(id, made);
  return made;
}

/** Gate 4: the object as the plugins leave it. */
export function mutate(request: AdmissionRequest): KubeObject | undefined {
  if (request.call.admitted === true) return request.object;
  let seen = request;
  for (const plugin of chainOf(request.info, request.operation).mutating) {
    const object = plugin.mutate?.(seen);
    if (object !== seen.object) seen = { ...seen, object };
  }
  return seen.object;
}

/** Gate 6: throws the first refusal. */
export function admit(request: AdmissionRequest): void {
  if (request.call.admitted === true) return;
  for (const plugin of chainOf(request.info, request.operation).validating)
    plugin.validate?.(request);
}
