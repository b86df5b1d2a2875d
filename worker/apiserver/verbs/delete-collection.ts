/** DELETE of a collection: each object by the rules of a single DELETE. Upstream: registry/store.go DeleteCollection. */
import type { KubeObject } from "#apimachinery/object.ts";
import { isReason } from "#apimachinery/status.ts";
import type { Answer } from "#apiserver/answer.ts";
import type { Call } from "#apiserver/server.ts";
import { deleteEntry } from "./delete.ts";
import { filterOf } from "./list.ts";

export function deleteCollection(call: Call): Answer {
  const { resource, server, request, world } = call;
  const storage = server.registry.storedAs(resource);
  const { namespace } = request.info;
  const prefix = namespace === "" ? storage.directory : `${storage.directory}${namespace}/`;
  const filter = filterOf(resource, request.options);
  const gone: KubeObject[] = [];
  let wrote = false;
  for (const entry of world.store.range({ prefix }).entries) {
    const object = entry.value as KubeObject;
    if (filter !== undefined && !filter(object)) continue;
    try {
      const { name = "" } = object.metadata;
      const one = { ...request, info: { ...request.info, verb: "deletecollection", name } };
      wrote = deleteEntry({ ...call, request: one }, entry).wrote || wrote;
      gone.push(object);
    } catch (error) {
      // Another one took it away: what was wanted is so.
      if (!isReason(error, "NotFound")) throw error;
    }
  }
  const { kindName, apiVersion } = resource;
  const metadata = { resourceVersion: String(world.store.revision) };
  const body = (): string =>
    JSON.stringify({ kind: `${kindName}List`, apiVersion, metadata, items: gone });
  return { code: 200, object: undefined, items: gone, body, wrote, warnings: [] };
}
