/**
 * Admission of a subresource's own object: a Binding, an Eviction, a Scale. What is stored because of it is
 * not judged again. Upstream: apiserver/pkg/endpoints/handlers/create.go for named creaters, registry/core/pod/storage.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import type { Operated } from "#apiserver/admission/admission.ts";
import { admit, mutate } from "#apiserver/gates/admission.ts";
import { kindContext } from "#apiserver/kind-context.ts";
import { storageKey } from "#apiserver/registry.ts";
import type { Call } from "#apiserver/server.ts";

export interface Admitted<T> {
  /** As the plugins leave it. */
  readonly object: T;
  /** The call, for the write that follows. */
  readonly call: Call;
}

function operated(call: Call, previous: unknown): Omit<Operated, "object"> {
  const { request, server, resource, user } = call;
  const { info } = request;
  const key = storageKey(server.registry.storedAs(resource), info.namespace, info.name);
  return {
    operation: previous === undefined ? "CREATE" : "UPDATE",
    info,
    user,
    previous: previous as KubeObject | undefined,
    dryRun: request.options.dryRun === true,
    context: kindContext(server, key),
    call,
  };
}

/** Gate 4 alone. */
export function mutated<T>(call: Call, object: T, previous?: T): T {
  call.passage.enter("mutate");
  return mutate({ ...operated(call, previous), object: object as KubeObject }) as T;
}
/** Gate 6 alone. */
export function vet<T>(call: Call, object: T, previous?: T): void {
  call.passage.enter("admit");
  admit({ ...operated(call, previous), object: object as KubeObject });
}

/** `previous`: what the object is before, for an update. */
export function admitted<T>(call: Call, asked: T, previous?: T): Admitted<T> {
  const object = mutated(call, asked, previous);
  vet(call, object, previous);
  return { object, call: { ...call, admitted: true } };
}
