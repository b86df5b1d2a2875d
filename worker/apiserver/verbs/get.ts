/** GET of one object. Upstream: apiserver/pkg/endpoints/handlers/get.go, registry/store.go Get. */
import type { KubeObject } from "#apimachinery/object.ts";
import { badRequest, notFound, timeout } from "#apimachinery/status.ts";
import { type Answer, entryAnswer, objectAnswer } from "#apiserver/answer.ts";
import type { Call } from "#apiserver/server.ts";
import { stored } from "./update.ts";

export function get(call: Call): Answer {
  const { resource, request, world } = call;
  const { resourceVersion = "" } = request.options;
  const wanted = Number(resourceVersion);
  if (!Number.isInteger(wanted))
    throw badRequest(
      `resourceVersion: Invalid value: ${JSON.stringify(resourceVersion)}: strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`,
    );
  if (wanted > world.store.revision)
    throw timeout(`Too large resource version: ${wanted}, current: ${world.store.revision}`, 1);
  const { previous } = stored(call);
  if (previous === undefined) throw notFound(resource.groupResource, request.info.name);
  const object = previous.value as KubeObject;
  if (resource.face !== undefined) return objectAnswer(resource.face.fromStored(object), false);
  const shown = world.rendered?.(object) ?? object;
  return shown === object ? entryAnswer(previous, false) : objectAnswer(shown, false);
}
