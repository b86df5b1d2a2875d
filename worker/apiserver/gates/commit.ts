/**
 * Gate 7, commit: the object gets its resourceVersion and becomes a revision, or nothing happens
 * (a dry run, or nothing is different).
 */
import type { KubeObject } from "#apimachinery/object.ts";
import { alreadyExists, conflict, StatusError, tooLarge } from "#apimachinery/status.ts";
import { toStore } from "#apiserver/held.ts";
import type { Call } from "#apiserver/server.ts";
import type { Owners } from "#apiserver/ownership/owner.ts";
import { loggedVerb } from "#apiserver/passage.ts";
import type { Entry } from "#store/entry.ts";
import { CompareFailed, TooLarge } from "#store/errors.ts";
import type { Provenance } from "#store/store.ts";
import { dropCompanions, makeCompanions } from "./companions.ts";

export interface Committed {
  /** As stored, or as it would have been. */
  readonly object: KubeObject;
  /** Undefined after a dry run. */
  readonly entry: Entry | undefined;
  /** As the row keeps them, or would. */
  readonly owners: Owners | undefined;
  readonly wrote: boolean;
}

export function provenance({ request, server, passage, world }: Call, code: number): Provenance {
  return {
    who: request.actor.name,
    cause: request.actor.cause,
    atMs: world.nowMs(),
    verb: loggedVerb(request),
    explanation: server.explanation(request, passage, code),
  };
}

/** Stores `next` under `key`, which must be at `previous`; without `owners` they stay as they were. */
export function commit(
  call: Call,
  key: string,
  next: KubeObject,
  previous: Entry | undefined,
  code: number,
  owners?: Owners,
): Committed {
  const { world, request, passage, resource, server } = call;
  passage.enter("commit");
  const object = toStore(resource, next);
  if (request.options.dryRun === true) return { object, entry: undefined, owners, wrote: false };
  const old = previous?.value as KubeObject | undefined;
  makeCompanions(call, object, old);
  dropCompanions(call, object, old);
  const value = atRevision(object, world.store.nextRevision());
  try {
    const entry = world.store.put({
      key,
      value,
      ownership:
        owners === undefined ? (previous?.ownership ?? null) : server.fields.column(owners),
      expect: previous?.modRevision ?? 0,
      provenance: provenance(call, code),
    });
    return { object: value, entry, owners, wrote: true };
  } catch (error) {
    throw refused(error, resource.groupResource, object.metadata.name ?? "");
  }
}

/** Takes the object away; the watch shows its last state (`held`, or as it is stored) at the deletion's revision. */
export function remove(
  call: Call,
  key: string,
  held: KubeObject | undefined,
  previous: Entry,
): Committed {
  const { world, request, passage, resource } = call;
  passage.enter("commit");
  const last = held === undefined ? (previous.value as KubeObject) : toStore(resource, held);
  if (request.options.dryRun === true)
    return { object: last, entry: undefined, owners: undefined, wrote: false };
  dropCompanions(call, undefined, previous.value as KubeObject);
  const value = atRevision(last, world.store.nextRevision());
  try {
    world.store.delete({
      key,
      value,
      expect: previous.modRevision,
      provenance: provenance(call, 200),
    });
    return { object: value, entry: undefined, owners: undefined, wrote: true };
  } catch (error) {
    throw refused(error, resource.groupResource, last.metadata.name ?? "");
  }
}

/** Known before the write: one thread, one counter. */
const atRevision = (object: KubeObject, revision: number): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(revision) },
});

function refused(
  error: unknown,
  on: { readonly group: string; readonly resource: string },
  name: string,
): unknown {
  if (error instanceof StatusError) return error;
  if (error instanceof CompareFailed)
    return error.actual > 0 ? alreadyExists(on, name) : conflict(on, name);
  if (error instanceof TooLarge) return tooLarge(`limit is ${error.limitBytes}`);
  return error;
}
