/**
 * DELETE of a collection: each object by the rules of a single DELETE. Selectors, limit and continue choose
 * them as in a list, and the answer is that list. Upstream: registry/store.go DeleteCollection.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import { isReason } from "#apimachinery/status.ts";
import type { Answer } from "#apiserver/answer.ts";
import { Awaiting, type Errand } from "#apiserver/awaiting.ts";
import type { Call } from "#apiserver/server.ts";
import { deleteEntry } from "./delete.ts";
import { listAnswer, selected } from "./list.ts";

export function deleteCollection(call: Call): Answer {
  const { request } = call;
  const page = selected(call);
  let wrote = false;
  const errands: Errand<unknown>[] = [];
  for (const entry of page.entries) {
    try {
      const { name = "", namespace = "" } = (entry.value as KubeObject).metadata;
      const info = { ...request.info, name, namespace };
      wrote = deleteEntry({ ...call, request: { ...request, info } }, entry).wrote || wrote;
    } catch (error) {
      // What must wait is asked about together; the others are gone when the request comes again.
      if (error instanceof Awaiting) errands.push(...error.errands);
      // Another one took it away: what was wanted is so.
      else if (!isReason(error, "NotFound")) throw error;
    }
  }
  if (errands.length > 0) throw new Awaiting(errands);
  return listAnswer(call, page, wrote);
}
