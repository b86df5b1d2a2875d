/** POST. Upstream: apiserver/pkg/endpoints/handlers/create.go, pkg/registry/generic/registry/store.go Create, rest/create.go. */
import { generatedName } from "#apimachinery/names.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { alreadyExists, badRequest, generateNameConflict, invalid } from "#apimachinery/status.ts";
import { timeText } from "#apimachinery/time.ts";
import { type Answer, entryAnswer, objectAnswer } from "#apiserver/answer.ts";
import { admit, mutate } from "#apiserver/gates/admission.ts";
import { commit } from "#apiserver/gates/commit.ts";
import { decode } from "#apiserver/gates/decode.ts";
import { kindContext } from "#apiserver/kind-context.ts";
import { validateMeta } from "#apiserver/object-meta.ts";
import { type Resource, storageKey } from "#apiserver/registry.ts";
import type { Call } from "#apiserver/server.ts";

const generateTries = 8;

export function create(call: Call): Answer {
  const { resource, server, request, passage, world, user } = call;
  const stored = server.registry.storedAs(resource);
  const given = decode(call, request.body);
  const named = identified(call, stored, given);
  const { namespace = "", name = "" } = named.metadata;
  const key = storageKey(stored, namespace, name);
  const context = kindContext(server, key);

  passage.enter("mutate");
  const operation = {
    operation: "CREATE",
    info: { ...request.info, namespace, name },
    user,
    previous: undefined,
    dryRun: request.options.dryRun === true,
    context,
  } as const;
  const { kind } = stored;
  const strategic =
    kind.prepareForCreate === undefined
      ? withoutStatus(stored, named)
      : kind.prepareForCreate(named, context);
  const mutated = mutate({ ...operation, object: strategic }) as KubeObject;
  kind.guard?.({ next: mutated, previous: undefined, user, info: operation.info, context });

  passage.enter("validate");
  const errors = [...validateMeta(stored, mutated), ...(kind.validate?.(mutated) ?? [])];
  if (errors.length > 0) throw invalid(resource.groupKind, mutated.metadata.name ?? "", errors);
  if (kind.warnings !== undefined) passage.warnings.push(...kind.warnings(mutated));

  passage.enter("admit");
  admit({ ...operation, object: mutated });

  if (world.store.get(key) !== undefined) {
    passage.enter("commit");
    throw given.metadata.name
      ? alreadyExists(resource.groupResource, name)
      : generateNameConflict(resource.groupResource, name);
  }
  const { object, entry, wrote } = commit(call, key, mutated, undefined, 201);
  if (resource.face !== undefined)
    return objectAnswer(resource.face.fromStored(object), wrote, 201, passage.warnings);
  return entry === undefined
    ? objectAnswer(object, wrote, 201, passage.warnings)
    : entryAnswer(entry, wrote, 201, passage.warnings);
}

/** Name, namespace, uid, time: what the server gives a new object. Upstream: rest.BeforeCreate, FillObjectMetaSystemFields. */
function identified({ request, world }: Call, resource: Resource, given: KubeObject): KubeObject {
  const { info } = request;
  const { managedFields: _managed, selfLink: _link, ...metadata } = given.metadata;
  if (metadata.resourceVersion)
    throw badRequest("resourceVersion should not be set on objects to be created");
  if (resource.namespaced) {
    if (metadata.namespace && metadata.namespace !== info.namespace) {
      throw badRequest(
        "the namespace of the provided object does not match the namespace sent on the request",
      );
    }
    if (info.namespace === "")
      throw badRequest("an empty namespace may not be set during creation");
  } else if (metadata.namespace) {
    throw badRequest("namespace must be empty for cluster-scoped objects");
  }
  const name =
    metadata.name ||
    (metadata.generateName ? freeName(world, resource, info.namespace, metadata.generateName) : "");
  const next = world.store.nextRevision();
  const {
    generation: _generation,
    deletionTimestamp: _deletion,
    deletionGracePeriodSeconds: _grace,
    uid: _uid,
    resourceVersion: _version,
    creationTimestamp: _created,
    namespace: _namespace,
    name: _name,
    ...kept
  } = metadata;
  const { kind: kindName, apiVersion, metadata: _metadata, ...rest } = given;
  return {
    kind: kindName,
    apiVersion,
    metadata: {
      name,
      ...(resource.namespaced ? { namespace: info.namespace } : {}),
      uid: world.uid(`${resource.directory}${info.namespace}/${name}@${next}`),
      ...(resource.hasGeneration ? { generation: 1 } : {}),
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
  base: string,
): string {
  let name = "";
  for (let n = 0; n < generateTries; n += 1) {
    const draw = `${resource.directory}${namespace}/${base}@${world.store.revision}#${n}`;
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
