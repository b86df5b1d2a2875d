/**
 * DELETE of one object: at once, after a grace, or when its finalizers are done.
 * Upstream: apiserver/pkg/endpoints/handlers/delete.go, registry/store.go Delete, rest/delete.go BeforeDelete.
 */
import type { KubeObject } from "#apimachinery/object.ts";
import { forbidden, invalid, notFound } from "#apimachinery/status.ts";
import { msOf, timeText } from "#apimachinery/time.ts";
import {
  type Answer,
  deletedStatus,
  facedAnswer,
  objectAnswer,
  statusAnswer,
} from "#apiserver/answer.ts";
import { admit, mutate } from "#apiserver/gates/admission.ts";
import { commit, remove } from "#apiserver/gates/commit.ts";
import { heldAs, heldEntry } from "#apiserver/held.ts";
import { kindContext } from "#apiserver/kind-context.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { checkRecord } from "#apiserver/preconditions.ts";
import type { DeleteOptions } from "#apiserver/request.ts";
import type { Call } from "#apiserver/server.ts";
import type { Entry } from "#store/entry.ts";
import { finished, stored } from "./update.ts";

const foreground = "foregroundDeletion";
const orphan = "orphan";
const none: DeleteOptions = {};
const withoutDependents: DeleteOptions = { propagationPolicy: "Background" };

export function deleteOne(call: Call): Answer {
  checkDeleteOptions(call.request.delete);
  const { previous } = stored(call);
  if (previous === undefined) throw notFound(call.resource.groupResource, call.request.info.name);
  return deleteEntry(call, previous);
}

export function deleteEntry(call: Call, entry: Entry): Answer {
  const { request, resource, server, passage, user } = call;
  const options = request.delete ?? none;
  const storage = heldAs(server.registry, resource);
  const previous = heldEntry(resource, entry);
  const old = previous.value as KubeObject;
  checkDeleteOptions(options);
  checkRecord(resource.groupKind, options.preconditions ?? {}, old);
  const warnings = warningsOf(storage.kind, options);

  passage.enter("mutate");
  const operation = {
    operation: "DELETE",
    info: request.info,
    user,
    object: undefined,
    previous: old,
    dryRun: request.options.dryRun === true,
    deleteOptions: options,
    context: kindContext(server, previous.key),
    call,
  } as const;
  mutate(operation);
  passage.enter("validate");
  const refusal = storage.kind.refuseDelete?.(old);
  if (refusal !== undefined)
    throw forbidden(resource.groupResource, old.metadata.name ?? "", refusal);
  passage.enter("admit");
  admit(operation);

  const next = markedForDeletion(call, old, options);
  if (next !== undefined && !finished(storage, next)) {
    const managedFields = (): string | undefined => server.fields.wire(previous);
    // Whoever wants dependents to go at once is told that this has only begun.
    const code = options.orphanDependents === false ? 202 : 200;
    if (next === old) return objectAnswer(shown(call, old), false, code, warnings, managedFields);
    const { object, wrote } = commit(call, previous.key, next, previous, code);
    return facedAnswer(() => shown(call, object), wrote, code, warnings, managedFields);
  }
  const { object, wrote } = remove(call, entry.key, next === old ? undefined : next, entry);
  const { name = "", uid } = object.metadata;
  return statusAnswer(deletedStatus(name, resource.group, resource.plural, uid), wrote, warnings);
}

/** Of one object, or of a collection of them. Upstream: pkg/registry/batch/job/storage/storage.go Delete, DeleteCollection. */
export function warningsOf({ orphans }: Kind, options: DeleteOptions): readonly string[] {
  const { warning } = orphans ?? {};
  return warning === undefined || policyOf(options) !== undefined ? [] : [warning];
}

const shown = ({ resource: { face } }: Call, object: KubeObject): KubeObject =>
  face === undefined ? object : face.fromStored(object);

/** The object with its deletion begun; the same reference when nothing new was asked; undefined: it may go at once. */
function markedForDeletion(
  { server, resource, world }: Call,
  old: KubeObject,
  options: DeleteOptions,
): KubeObject | undefined {
  const { kind, generation } = heldAs(server.registry, resource);
  const asked = kind.hasDependents === false ? withoutDependents : options;
  const finalizers = finalizersFor(old, asked, kind.orphans !== undefined);
  const grace = kind.gracePeriodSeconds?.(old, options.gracePeriodSeconds) ?? 0;
  const { metadata } = old;
  const nowMs = world.nowMs();
  if (metadata.deletionTimestamp !== undefined) {
    const left = metadata.deletionGracePeriodSeconds ?? 0;
    const shortened = left > 0 ? withShorterGrace(metadata, options, nowMs) : {};
    // While a grace runs, a second DELETE may only shorten it.
    if (shortened === undefined) return old;
    if (left === 0 && finalizers === metadata.finalizers)
      return isHeld(old, kind) ? old : undefined;
    return { ...old, metadata: { ...metadata, ...shortened, ...finalizersField(finalizers) } };
  }
  const holding = withOwn(kind.deletionFinalizer, finalizers);
  const waits = grace > 0 || (holding ?? []).length > 0 || kind.holdsDeletion?.(old) === true;
  if (!waits) return undefined;
  const marked: KubeObject = {
    ...old,
    metadata: {
      ...metadata,
      ...(generation !== false ? { generation: (metadata.generation ?? 0) + 1 } : {}),
      deletionTimestamp: timeText(nowMs + grace * 1000),
      deletionGracePeriodSeconds: grace,
      ...finalizersField(holding),
    },
  };
  return kind.prepareForDelete === undefined ? marked : kind.prepareForDelete(marked);
}

/** Counted from when the deletion began; undefined: not shorter. Upstream: rest.BeforeDelete. */
function withShorterGrace(
  { deletionTimestamp = "", deletionGracePeriodSeconds: left = 0 }: KubeObject["metadata"],
  { gracePeriodSeconds: asked }: DeleteOptions,
  nowMs: number,
): KubeObject["metadata"] | undefined {
  if (asked === undefined) return undefined;
  const seconds = asked < 0 ? 1 : asked;
  if (seconds >= left) return undefined;
  const endsMs = msOf(deletionTimestamp) + (seconds - left) * 1000;
  const isOver = endsMs < nowMs;
  return {
    deletionTimestamp: timeText(isOver ? nowMs : endsMs),
    // Who has a grace still ends by its own hand.
    deletionGracePeriodSeconds: isOver && seconds > 0 ? 1 : seconds,
  };
}

const isHeld = (
  object: KubeObject,
  kind: { holdsDeletion?(object: KubeObject): boolean },
): boolean =>
  (object.metadata.finalizers ?? []).length > 0 || kind.holdsDeletion?.(object) === true;

const withOwn = (
  own: string | undefined,
  finalizers: readonly string[] | undefined,
): readonly string[] | undefined =>
  own === undefined || finalizers?.includes(own) ? finalizers : [...(finalizers ?? []), own];

const finalizersField = (
  finalizers: readonly string[] | undefined,
): { finalizers?: readonly string[] } =>
  finalizers === undefined || finalizers.length === 0 ? {} : { finalizers };

/** What the client says becomes of the dependents. */
const policyOf = ({ propagationPolicy, orphanDependents }: DeleteOptions): string | undefined =>
  propagationPolicy ??
  (orphanDependents === true ? "Orphan" : orphanDependents === false ? "Background" : undefined);

/** The same list when nothing changes. Upstream: store.go deletionFinalizersForGarbageCollection. */
function finalizersFor(
  { metadata }: KubeObject,
  options: DeleteOptions,
  orphans: boolean,
): readonly string[] | undefined {
  const { finalizers } = metadata;
  const isDecided = finalizers?.some((one) => one === foreground || one === orphan) === true;
  const policy = policyOf(options) ?? (orphans && !isDecided ? "Orphan" : undefined);
  if (policy === undefined) return finalizers;
  const others = (finalizers ?? []).filter((one) => one !== foreground && one !== orphan);
  const wanted =
    policy === "Foreground"
      ? [...others, foreground]
      : policy === "Orphan"
        ? [...others, orphan]
        : others;
  const same =
    wanted.length === (finalizers ?? []).length && wanted.every((one) => finalizers?.includes(one));
  return same ? finalizers : wanted;
}

const policies = ["Background", "Foreground", "Orphan"];

/** Upstream: apimachinery/pkg/apis/meta/v1/validation ValidateDeleteOptions. */
export function checkDeleteOptions({
  propagationPolicy,
  orphanDependents,
}: DeleteOptions = none): void {
  const on = { group: "meta.k8s.io", kind: "DeleteOptions" };
  if (propagationPolicy !== undefined && orphanDependents !== undefined) {
    throw invalid(on, "", [
      {
        reason: "FieldValueInvalid",
        field: "propagationPolicy",
        message: `Invalid value: ${JSON.stringify(propagationPolicy)}: orphanDependents and deletionPropagation cannot be both set`,
      },
    ]);
  }
  if (propagationPolicy !== undefined && !policies.includes(propagationPolicy)) {
    const supported = ["Foreground", "Background", "Orphan", "nil"]
      .map((one) => JSON.stringify(one))
      .join(", ");
    throw invalid(on, "", [
      {
        reason: "FieldValueNotSupported",
        field: "propagationPolicy",
        message: `Unsupported value: ${JSON.stringify(propagationPolicy)}: supported values: ${supported}`,
      },
    ]);
  }
}
