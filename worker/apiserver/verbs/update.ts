/**
 * PUT, and the second half of PATCH: a wanted state replaces the stored one.
 * Upstream: apiserver/pkg/endpoints/handlers/update.go, registry/store.go Update, rest/update.go.
 */
import { equal } from "#apimachinery/equal.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { conflict, invalid, notFound } from "#apimachinery/status.ts";
import { type Answer, entryAnswer, facedAnswer } from "#apiserver/answer.ts";
import { admit, mutate } from "#apiserver/gates/admission.ts";
import { commit, remove } from "#apiserver/gates/commit.ts";
import { decode } from "#apiserver/gates/decode.ts";
import { heldAs, heldEntry } from "#apiserver/held.ts";
import { kindContext } from "#apiserver/kind-context.ts";
import type { Warn } from "#apiserver/kinds/kind.ts";
import { validateMeta, validateMetaUpdate } from "#apiserver/object-meta.ts";
import { checkStored } from "#apiserver/preconditions.ts";
import { type Owners, sameButForTimes, wireText } from "#apiserver/ownership/owner.ts";
import { type Resource, storageKey } from "#apiserver/registry.ts";
import type { Call } from "#apiserver/server.ts";
import type { Entry } from "#store/entry.ts";
import { create } from "./create.ts";
import { checkNamed } from "./named.ts";
import { withDistinctOwners } from "./owner-references.ts";
import { permitted, type Scope } from "./permitted.ts";

/** What of a wanted object a subresource lets through, over the stored one. Throws StatusError. */
export type Part = (wanted: KubeObject, old: KubeObject, call: Call) => KubeObject;

export function update(call: Call, part?: Part): Answer {
  const { request, resource } = call;
  const { name, subresource } = request.info;
  const next = decode(call, request.body);
  checkNamed(call, next);
  const previous = held(call);
  if (previous === undefined) {
    const creates = resource.kind.createOnUpdate === true && subresource === "";
    if (creates && !versionOf(next)) return create(call);
    throw notFound(resource.groupResource, name);
  }
  const wanted = part?.(next, previous.value as KubeObject, call) ?? next;
  return replace(call, wanted, previous, { scope: scopeOf(call), part });
}

export const scopeOf = ({ request }: Call): Scope =>
  request.info.subresource === ""
    ? "main"
    : request.info.subresource === "status"
      ? "status"
      : "other";

/** The stored state that the path names; throws NotFound for a missing one only when asked to. */
export function stored({ request, server, resource, world }: Call): {
  readonly key: string;
  readonly previous: Entry | undefined;
} {
  const key = storageKey(
    server.registry.storedAs(resource),
    resource.namespaced ? request.info.namespace : "",
    request.info.name,
  );
  return { key, previous: world.store.get(key) };
}

/** The same as the gates hold it. */
export function held(call: Call): Entry | undefined {
  const { previous } = stored(call);
  return previous && heldEntry(call.resource, previous);
}

export interface Replacement {
  readonly scope: Scope;
  /** Who owns the fields then, where that is not simply the writer's doing. */
  readonly owners?: Owners | undefined;
  /** What of a plugin's change goes through, as the wanted state already went. */
  readonly part?: Part | undefined;
}

/** Gates 4 to 7 of a change from `previous` to what `wanted` asks for. */
export function replace(
  call: Call,
  wanted: KubeObject,
  previous: Entry,
  { scope, part, owners = ownersAfter(call, wanted, previous) }: Replacement,
): Answer {
  const { resource, server, request, passage, user } = call;
  const storage = heldAs(server.registry, resource);
  const { kind } = storage;
  const old = previous.value as KubeObject;
  checkVersion(call, wanted, previous);
  const context = kindContext(server, previous.key, user);

  passage.enter("mutate");
  /** What of a wish the server lets through. Upstream: rest.BeforeUpdate. */
  const strategic = (wish: KubeObject): KubeObject => {
    const allowed = permitted(storage, wish, old, scope);
    if (scope === "other") return allowed;
    return scope === "status"
      ? (kind.prepareForStatusUpdate?.(allowed, old, context) ?? allowed)
      : (kind.prepareForUpdate?.(allowed, old, context) ?? allowed);
  };
  const operation = {
    operation: "UPDATE",
    info: request.info,
    user,
    previous: old,
    dryRun: request.options.dryRun === true,
    context,
    call,
  } as const;
  const asked = strategic(
    request.info.verb === "update" ? withDistinctOwners(call, wanted, "sent") : wanted,
  );
  const admitted = withDistinctOwners(
    call,
    mutate({ ...operation, object: asked }) as KubeObject,
    "mutated",
  );
  // A plugin is held to the same rules as whoever sent the request.
  const mutated = admitted === asked ? asked : strategic(part?.(admitted, old, call) ?? admitted);
  const change = { next: mutated, previous: old, user, info: request.info, context };
  kind.guard?.(change);
  const next = generationBumped(storage, mutated, old);
  if ((next === old || equal(next, old)) && isOwnedAlike(call, previous, owners)) {
    passage.enter("admit");
    admit({ ...operation, object: next });
    passage.enter("commit");
    passage.tell("nothing is different: no revision");
    return answerOf(call, old, previous, false);
  }

  passage.enter("validate");
  // Components do not read them.
  const warn: Warn | undefined =
    request.trusted === true ? undefined : (text) => void passage.warnings.push(text);
  const errors = [
    ...(kind.judge?.(change) ?? []),
    ...validateMeta(storage, next),
    ...validateMetaUpdate(next.metadata, old.metadata),
    ...(scope === "other"
      ? []
      : scope === "status"
        ? (kind.validateStatusUpdate?.(next, old, warn) ?? [])
        : (resource.face?.validateUpdate?.(next, old) ?? [
            ...(kind.validate?.(next) ?? []),
            ...(kind.validateUpdate?.(next, old, warn) ?? []),
          ])),
  ];
  if (errors.length > 0) throw invalid(resource.groupKind, next.metadata.name ?? "", errors);
  if (scope === "main" && warn !== undefined) kind.warnings?.(next, old).forEach(warn);

  passage.enter("admit");
  admit({ ...operation, object: next });
  if (finished(storage, next)) {
    const { object, wrote } = remove(call, previous.key, next, previous);
    return answerOf(call, object, undefined, wrote, owners);
  }
  const { object, entry, wrote } = commit(call, previous.key, next, previous, 200, owners);
  return answerOf(call, object, entry, wrote, owners);
}

/** Undefined: nothing is asked for, so who owned the fields still does. */
const ownersAfter = (call: Call, wanted: KubeObject, previous: Entry): Owners | undefined =>
  wanted === previous.value ? undefined : call.server.fields.afterUpdate(call, previous, wanted);

/** A later time alone is no change. Upstream: IgnoreManagedFieldsTimestampsTransformer. */
const isOwnedAlike = ({ server }: Call, previous: Entry, owners: Owners | undefined): boolean =>
  owners === undefined || sameButForTimes(server.fields.owners(previous), owners);

function answerOf(
  { resource: { face }, passage, server }: Call,
  object: KubeObject,
  entry: Entry | undefined,
  wrote: boolean,
  owners?: Owners,
): Answer {
  if (entry !== undefined && face === undefined)
    return entryAnswer(entry, wrote, server.fields, 200, passage.warnings);
  const shown = (): KubeObject => face?.fromStored(object) ?? object;
  return facedAnswer(shown, wrote, 200, passage.warnings, () =>
    entry === undefined ? wireText(owners ?? []) : server.fields.wire(entry),
  );
}

/** "0" says as much as nothing. Upstream: storage.APIObjectVersioner ObjectResourceVersion. */
function versionOf({ metadata: { resourceVersion } }: KubeObject): string | undefined {
  return resourceVersion === "0" ? undefined : resourceVersion;
}

/** Optimistic concurrency. Upstream: store.go Update, "the object has been modified". */
function checkVersion(
  { resource, server, request }: Call,
  wanted: KubeObject,
  { key, value }: Entry,
): void {
  const old = value as KubeObject;
  const { uid, name = "" } = wanted.metadata;
  const resourceVersion = versionOf(wanted);
  const { kind } = heldAs(server.registry, resource);
  checkStored(resource.groupResource, key, { uid }, old);
  if (!resourceVersion) {
    if (kind.unconditionalUpdate === false && request.info.verb === "update") {
      const { group, resource: kindName } = resource.groupResource;
      throw invalid({ group, kind: kindName }, name, [
        {
          reason: "FieldValueInvalid",
          field: "metadata.resourceVersion",
          message: "Invalid value: 0: must be specified for an update",
        },
      ]);
    }
  } else if (resourceVersion !== old.metadata.resourceVersion)
    throw conflict(resource.groupResource, name);
}

function generationBumped(
  { generation, kind }: Resource,
  next: KubeObject,
  old: KubeObject,
): KubeObject {
  if (generation === false || next === old) return next;
  const changed =
    kind.specChanged === undefined ? specChanged(next, old) : kind.specChanged(next, old);
  if (!changed) return next;
  return {
    ...next,
    metadata: { ...next.metadata, generation: (old.metadata.generation ?? 0) + 1 },
  };
}

/** Anything but metadata and status. */
function specChanged(next: KubeObject, old: KubeObject): boolean {
  const a = next as unknown as Record<string, unknown>;
  const b = old as unknown as Record<string, unknown>;
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (name !== "metadata" && name !== "status" && !equal(a[name], b[name])) return true;
  }
  return false;
}

/** Its last finalizer is gone and nothing else holds it. Upstream: store.go ShouldDeleteDuringUpdate. */
export function finished({ kind }: Resource, object: KubeObject): boolean {
  const { metadata } = object;
  return (
    metadata.deletionTimestamp !== undefined &&
    (metadata.finalizers ?? []).length === 0 &&
    (metadata.deletionGracePeriodSeconds ?? 0) === 0 &&
    kind.holdsDeletion?.(object) !== true
  );
}
