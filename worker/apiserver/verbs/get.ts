/** GET of one object. Upstream: apiserver/pkg/endpoints/handlers/get.go, registry/store.go Get. */
import type { KubeObject } from "#apimachinery/object.ts";
import { notFound } from "#apimachinery/status.ts";
import { type Answer, entryAnswer, objectAnswer } from "#apiserver/answer.ts";
import { revisionOf, tooLargeRevision } from "#apiserver/list-options.ts";
import type { Call } from "#apiserver/server.ts";
import { stored } from "./update.ts";

export function get(call: Call): Answer {
  const { resource, request, world } = call;
  const wanted = revisionOf(request.options.resourceVersion ?? "", "resourceVersion: ");
  if (wanted > world.store.revision) throw tooLargeRevision(wanted, world.store.revision);
  const { previous } = stored(call);
  if (previous === undefined) throw notFound(resource.groupResource, request.info.name);
  const object = previous.value as KubeObject;
  if (resource.face !== undefined) return objectAnswer(resource.face.fromStored(object), false);
  const shown = world.rendered?.(object) ?? object;
  return shown === object ? entryAnswer(previous, false) : objectAnswer(shown, false);
}
