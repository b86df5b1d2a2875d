/**
 * Admission of a subresource's own object: a Binding, an Eviction, a Scale. What is stored because of it is
 * not judged again. Upstream: apiserver/pkg/endpoints/handlers/create.go for named creaters, registry/core/pod/storage.
 */
import type { KubeObject } from "#apimachinery/object.ts";
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

/** `previous`: what the object is before, for an update. */
export function admitted<T>(call: Call, object: T, previous?: T): Admitted<T> {
  const { request, server, resource, user, passage } = call;
  const { info } = request;
  const key = storageKey(server.registry.storedAs(resource), info.namespace, info.name);
  const operation = {
    operation: previous === undefined ? "CREATE" : "UPDATE",
    info,
    user,
    previous: previous as KubeObject | undefined,
    dryRun: request.options.dryRun === true,
    context: kindContext(server, key),
    call,
  } as const;
  passage.enter("mutate");
  const mutated = mutate({ ...operation, object: object as KubeObject });
  passage.enter("admit");
  admit({ ...operation, object: mutated });
  return { object: mutated as T, call: { ...call, admitted: true } };
}
