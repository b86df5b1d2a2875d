/** GET of one object. Upstream: apiserver/pkg/endpoints/handlers/get.go, registry/store.go Get. */
import type { KubeObject } from "#apimachinery/object.ts";
import { notFound } from "#apimachinery/status.ts";
import { type Answer, entryAnswer, objectAnswer } from "#apiserver/answer.ts";
import { revisionOf, tooLargeRevision } from "#apiserver/list-options.ts";
import type { Call } from "#apiserver/server.ts";
import { stored } from "./update.ts";

export function get(call: Call): Answer {
  const { resource, request, world, server } = call;
  const wanted = revisionOf(request.options.resourceVersion ?? "", "resourceVersion: ");
  if (wanted > world.store.revision) throw tooLargeRevision(wanted, world.store.revision);
  const { previous } = stored(call);
  if (previous === undefined) throw notFound(resource.groupResource, request.info.name);
  const object = previous.value as KubeObject;
  const shown = resource.face?.fromStored(object) ?? world.rendered?.(object) ?? object;
  if (shown === object) return entryAnswer(previous, false, server.fields);
  return objectAnswer(shown, false, 200, [], () => server.fields.wire(previous));
}
