/** Gates 4 and 6, mutate and admit: the admission plugins, in order. Upstream: apiserver/pkg/admission/chain.go. */
import { admissions } from "#apiserver/admission/registry.ts";
import type { Admission, AdmissionRequest, Operated } from "#apiserver/admission/admission.ts";
import { Rounds } from "#apiserver/admission/matching/reinvocation.ts";
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

/**
 * Gate 4: the object as the plugins leave it. When a policy or a webhook changed it, all have a second turn, in
 * which the others see what became of it.
 */
export function mutate(request: Operated): KubeObject | undefined {
  if (request.call.admitted === true) return request.object;
  const plugins = chainOf(request.info, request.operation).mutating;
  if (plugins.length === 0) return request.object;
  const rounds = new Rounds();
  const seen = turn(plugins, { ...request, rounds });
  if (!rounds.needsSecond) return seen.object;
  rounds.isSecond = true;
  return turn(plugins, seen).object;
}

function turn(plugins: readonly Admission[], request: AdmissionRequest): AdmissionRequest {
  let seen = request;
  for (const plugin of plugins) {
    const object = plugin.mutate?.(seen);
    if (object !== seen.object) seen = { ...seen, object };
  }
  return seen;
}

const settled = new Rounds();

/** Gate 6: throws the first refusal. */
export function admit(request: Operated): void {
  if (request.call.admitted === true) return;
  const plugins = chainOf(request.info, request.operation).validating;
  if (plugins.length === 0) return;
  const asked = { ...request, rounds: settled };
  for (const plugin of plugins) plugin.validate?.(asked);
}
