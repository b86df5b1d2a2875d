/** POST. Upstream: apiserver/pkg/endpoints/handlers/create.go, pkg/registry/generic/registry/store.go Create, rest/create.go. */
import { generatedName } from "#apimachinery/names.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import {
  alreadyExists,
  badRequest,
  forbidden,
  generateNameConflict,
  invalid,
  StatusError,
} from "#apimachinery/status.ts";
import { timeText } from "#apimachinery/time.ts";
import { type Answer, entryAnswer, facedAnswer } from "#apiserver/answer.ts";
import { drawsAt } from "#apiserver/awaiting.ts";
import { admit, mutate } from "#apiserver/gates/admission.ts";
import { commit } from "#apiserver/gates/commit.ts";
import { decode } from "#apiserver/gates/decode.ts";
import { heldAs } from "#apiserver/held.ts";
import { kindContext } from "#apiserver/kind-context.ts";
import { type Owners, wireText } from "#apiserver/ownership/owner.ts";
import { validateMeta } from "#apiserver/object-meta.ts";
import { type Resource, storageKey } from "#apiserver/registry.ts";
import type { Call } from "#apiserver/server.ts";
import { withDistinctOwners } from "./owner-references.ts";

const generateTries = 8;
const terminating = "create not allowed while custom resource definition is terminating";

export function create(call: Call): Answer {
  const given = decode(call, call.request.body);
  return createObject(call, given, call.server.fields.afterUpdate(call, undefined, given));
}

/** Gates 4 to 7 of a new object, as the gates hold it, and who owns its fields. */
export function createObject(call: Call, given: KubeObject, owners: Owners): Answer {
  const { resource, server, request, passage, world, user } = call;
  const stored = heldAs(server.registry, resource);
  const sent = withDistinctOwners(call, placed(call, stored, given), "sent");
  const { namespace = "" } = sent.metadata;
  const draws = storageKey(
    stored,
    namespace,
    sent.metadata.name || sent.metadata.generateName || "",
  );
  const context = kindContext(server, draws, user, drawsAt(request, world.store.revision));

  passage.enter("mutate");
  // Upstream: customresource_handler.go forbidCreateAdmission.
  if (resource.custom?.terminating === true)
    throw forbidden(resource.groupResource, sent.metadata.name ?? "", terminating);
  const operation = {
    operation: "CREATE",
    info: { ...request.info, namespace, name: sent.metadata.name ?? "" },
    user,
    previous: undefined,
    dryRun: request.options.dryRun === true,
    context,
    call,
  } as const;
  const mutated = withDistinctOwners(
    call,
    mutate({ ...operation, object: sent }) as KubeObject,
    "mutated",
  );
  const named = identified(call, stored, mutated);
  const { name = "" } = named.metadata;
  const key = storageKey(stored, namespace, name);
  const { kind } = stored;
  const next =
    kind.prepareForCreate === undefined
      ? withoutStatus(stored, named)
      : kind.prepareForCreate(named, context);
  const change = { next, previous: undefined, user, info: operation.info, context };
  kind.guard?.(change);

  passage.enter("validate");
  const errors = [
    ...(kind.judge?.(change) ?? []),
    ...validateMeta(stored, next),
    ...(resource.face?.validateCreate?.(next) ?? [
      ...(kind.validate?.(next) ?? []),
      ...(kind.validateCreate?.(next) ?? []),
    ]),
  ];
  if (errors.length > 0) throw invalid(resource.groupKind, name, errors);
  // Components do not read them.
  if (kind.warnings !== undefined && request.trusted !== true)
    passage.warnings.push(...kind.warnings(next));

  passage.enter("admit");
  admit({ ...operation, object: next });

  const present = world.store.get(key)?.value as KubeObject | undefined;
  if (present !== undefined) {
    passage.enter("commit");
    throw exists(resource, next, present);
  }
  const { object, entry, wrote } = commit(call, key, next, undefined, 201, owners);
  const { face } = resource;
  if (entry !== undefined && face === undefined)
    return entryAnswer(entry, wrote, server.fields, 201, passage.warnings);
  const shown = (): KubeObject => face?.fromStored(object) ?? object;
  return facedAnswer(shown, wrote, 201, passage.warnings, () => wireText(owners));
}

/** Whoever lets the server choose a name may try again. Upstream: store.go create, rest.CheckGeneratedNameError. */
function exists(
  { groupResource }: Resource,
  { metadata: { name = "", generateName } }: KubeObject,
  present: KubeObject,
): StatusError {
  const { status } = generateName
    ? generateNameConflict(groupResource, name)
    : alreadyExists(groupResource, name);
  const going = present.metadata.deletionTimestamp === undefined ? "" : "object is being deleted: ";
  return new StatusError({ ...status, message: `${going}${status.message}` });
}

/** The object as it was sent, in its namespace, without what only the server may say. */
function placed({ request }: Call, resource: Resource, given: KubeObject): KubeObject {
  const { info } = request;
  const {
    managedFields: _managed,
    selfLink: _link,
    generation: _generation,
    deletionTimestamp: _deletion,
    deletionGracePeriodSeconds: _grace,
    uid: _uid,
    resourceVersion,
    creationTimestamp: _created,
    namespace,
    name,
    ...kept
  } = given.metadata;
  if (resourceVersion)
    throw badRequest("resourceVersion should not be set on objects to be created");
  if (resource.namespaced) {
    if (namespace && namespace !== info.namespace) {
      throw badRequest(
        "the namespace of the provided object does not match the namespace sent on the request",
      );
    }
    if (info.namespace === "")
      throw badRequest("an empty namespace may not be set during creation");
  }
  const { kind, apiVersion, metadata: _metadata, ...rest } = given;
  return {
    kind,
    apiVersion,
    metadata: {
      ...(name ? { name } : {}),
      ...(resource.namespaced ? { namespace: info.namespace } : {}),
      ...kept,
    },
    ...rest,
  };
}

/**
 * Name, uid, time: what the server gives a new object, after mutating admission.
 * Upstream: rest.BeforeCreate, FillObjectMetaSystemFields.
 */
function identified({ request, world }: Call, resource: Resource, sent: KubeObject): KubeObject {
  const { info } = request;
  const { name: asked, namespace: _namespace, ...kept } = sent.metadata;
  const name =
    asked ||
    (kept.generateName
      ? freeName(world, resource, info.namespace, {
          base: kept.generateName,
          drawnAt: drawsAt(request, world.store.revision),
        })
      : "");
  const next = world.store.nextRevision();
  const { kind, apiVersion, metadata: _metadata, ...rest } = sent;
  return {
    kind,
    apiVersion,
    metadata: {
      name,
      ...(resource.namespaced ? { namespace: info.namespace } : {}),
      uid: world.uid(`${resource.directory}${info.namespace}/${name}@${next}`),
      ...(resource.generation === true ? { generation: 1 } : {}),
      creationTimestamp: timeText(world.nowMs()),
      ...kept,
    },
    ...rest,
  };
}

function freeName(
  world: Call["world"],
  resource: Resource,
  namespace: string,
  { base, drawnAt }: { readonly base: string; readonly drawnAt: number },
): string {
  let name = "";
  for (let n = 0; n < generateTries; n += 1) {
    const draw = `${resource.directory}${namespace}/${base}@${drawnAt}#${n}`;
    name = generatedName(base, (i) => world.random(`name${i}`, draw));
    if (world.store.get(storageKey(resource, namespace, name)) === undefined) return name;
  }
  return name;
}

/** Whoever creates may not say how things are. */
function withoutStatus({ hasStatus, gvk }: Resource, object: KubeObject): KubeObject {
  if (!hasStatus || gvk === "v1/Node") return object;
  return { ...object, status: {} } as KubeObject;
}
