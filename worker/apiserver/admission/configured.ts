/**
 * Objects that configure admission, kept at hand: the same list until one of them changes, so that a request
 * which nobody configured anything for costs a look into a map.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import type { ApiServer } from "#apiserver/server.ts";

const kept = new WeakMap<ApiServer, Map<string, readonly KubeObject[] | undefined>>();

/** All objects of a kind, in order of their names. What is worked out from the list may be kept by its identity. */
export function configured<T extends KubeObject>(server: ApiServer, gvk: string): readonly T[] {
  let known = kept.get(server);
  if (known === undefined) kept.set(server, (known = new Map()));
  const present = known.get(gvk);
  if (present !== undefined) return present as readonly T[];
  if (!known.has(gvk)) {
    const resource = server.registry.ofKind(gvk);
    const forget = known;
    if (resource !== undefined)
      server.watches.subscribe(resource, () => forget.set(gvk, undefined));
  }
  const objects = server.objects(gvk);
  known.set(gvk, objects);
  return objects as readonly T[];
}
