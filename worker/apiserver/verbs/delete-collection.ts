/**
 * DELETE of a collection: each object by the rules of a single DELETE. Selectors, limit and continue choose
 * them as in a list, and the answer is that list. Upstream: registry/store.go DeleteCollection.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import { isReason } from "#apimachinery/status.ts";
import type { Answer } from "#apiserver/answer.ts";
import type { Errand } from "#apimachinery/errand.ts";
import { Awaiting } from "#apiserver/awaiting.ts";
import type { Call } from "#apiserver/server.ts";
import type { Entry } from "#store/entry.ts";
import { checkDeleteOptions, deleteEntry, warningsOf } from "./delete.ts";
import { listAnswer, type Selected, selected } from "./list.ts";

interface Collection {
  readonly page: Selected;
  /** Some are gone. */
  readonly wrote: boolean;
}
const collection = "collection";

/** What the request found when it came first: some of it may be gone when it comes again with answers. */
const collectionErrand = (found: Collection): Errand<Collection> => ({
  id: collection,
  run: () => Promise.resolve(found),
});

export function deleteCollection(call: Call): Answer {
  checkDeleteOptions(call.request.delete);
  const { request, world } = call;
  const before = request.answers?.get(collection) as Collection | undefined;
  const page = before?.page ?? selected(call);
  let wrote = before?.wrote ?? false;
  const errands: Errand<unknown>[] = [];
  for (const found of page.entries) {
    const entry = before === undefined ? found : world.store.get(found.key);
    const { name = "", namespace = "", uid } = (found.value as KubeObject).metadata;
    // Another one took it away: what was wanted is so.
    if ((entry?.value as KubeObject | undefined)?.metadata.uid !== uid) continue;
    try {
      const info = { ...request.info, name, namespace };
      const one = { ...call, request: { ...request, info } };
      wrote = deleteEntry(one, entry as Entry).wrote || wrote;
    } catch (error) {
      // What must wait is asked about together.
      if (error instanceof Awaiting) errands.push(...error.errands);
      else if (!isReason(error, "NotFound")) throw error;
    }
  }
  if (errands.length > 0) throw new Awaiting([...errands, collectionErrand({ page, wrote })]);
  const warnings = warningsOf(call.resource.kind, request.delete ?? {});
  return { ...listAnswer(call, page, wrote), warnings };
}
