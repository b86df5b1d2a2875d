/** /scale: the replicas of any kind that scales, as autoscaling/v1 Scale. Upstream: pkg/registry/apps/deployment/storage ScaleREST. */
import { FieldPath, invalid as invalidField } from "#apimachinery/field.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import {
  badRequest,
  conflict,
  type GroupResource,
  internalError,
  invalid,
  methodNotRouted,
  notFound,
  unsupportedMediaType,
} from "#apimachinery/status.ts";
import { type Answer, facedAnswer, objectAnswer } from "#apiserver/answer.ts";
import { heldAs } from "#apiserver/held.ts";
import type { ScalePaths } from "#apiserver/kinds/kind.ts";
import type { Owners } from "#apiserver/ownership/owner.ts";
import { scaleType, scaleVersion } from "#apiserver/ownership/scale.ts";
import { checkStored } from "#apiserver/preconditions.ts";
import type { Call } from "#apiserver/server.ts";
import { configOf, settled } from "#apiserver/verbs/apply.ts";
import { checkNamed } from "#apiserver/verbs/named.ts";
import { patchedData, patchTypes } from "#apiserver/verbs/patch.ts";
import { checkPatchOptions } from "#apiserver/verbs/patch-options.ts";
import { held, replace } from "#apiserver/verbs/update.ts";
import { admitted } from "./admitted.ts";
import { ownObject } from "./own-object.ts";
import type { Entry } from "#store/entry.ts";
import { has, type Subresource } from "./subresource.ts";

type Json = Record<string, unknown>;
interface Scale extends KubeObject {
  readonly spec?: { readonly replicas?: number };
}

const type = "autoscaling.v1.Scale";
const replicasPath = new FieldPath("spec").child("replicas");

const valueAt = (object: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, part) => (value as Json | undefined)?.[part], object);

function withValue(object: Json, [head = "", ...rest]: readonly string[], value: unknown): Json {
  return {
    ...object,
    [head]: rest.length === 0 ? value : withValue((object[head] ?? {}) as Json, rest, value),
  };
}

function scaleOf(object: KubeObject, paths: ScalePaths): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = paths.selector(object);
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid,
      resourceVersion,
      creationTimestamp,
    },
    spec: { replicas: Number(valueAt(object, paths.spec) ?? 0) },
    status: {
      replicas: Number(valueAt(object, paths.status) ?? 0),
      ...(selector === "" ? {} : { selector }),
    },
  } as Scale;
}

const at: ScalePaths = {
  spec: ["spec", "replicas"],
  status: ["status", "replicas"],
  selector: () => "",
};

export const scale: Subresource = {
  name: "scale",
  on: (resource) => has(resource, "scale"),
  handle(call): Answer {
    const { verb } = call.request.info;
    if (verb === "get") return shownScale(call);
    if (verb === "update" || verb === "patch") return rescaled(call);
    throw methodNotRouted();
  },
};

const pathsOf = ({ server, resource }: Call): ScalePaths =>
  heldAs(server.registry, resource).kind.scale ?? at;

function shownScale(call: Call): Answer {
  const previous = held(call);
  if (previous === undefined) throw notFound(call.resource.groupResource, call.request.info.name);
  const object = previous.value as KubeObject;
  const paths = pathsOf(call);
  // Upstream: apiextensions-apiserver/pkg/registry/customresource/etcd.go ScaleREST.Get.
  if (call.resource.custom !== undefined && valueAt(object, paths.spec) === undefined)
    throw internalError(`the spec replicas field ".${paths.spec.join(".")}" does not exist`);
  return objectAnswer(scaleOf(object, paths), false);
}

function rescaled(call: Call): Answer {
  const { request, resource } = call;
  const { verb, name } = request.info;
  const sent = verb === "update" ? scaleIn(call, request.body) : undefined;
  if (sent !== undefined) checkNamed(call, sent);
  const previous = held(call);
  if (previous === undefined) throw notFound(scaleResource(call), name);
  const old = previous.value as KubeObject;
  if (sent !== undefined)
    checkStored(resource.groupResource, previous.key, { uid: sent.metadata.uid }, old);
  const paths = pathsOf(call);
  const shown = scaleOf(old, paths);
  const { result, owners } =
    sent === undefined ? patched(call, previous, shown, paths) : { result: sent };
  const wanted = sent ?? scaleIn(call, result);
  checkNamed(call, wanted);
  const replicas = wantedReplicas(call, wanted, old, paths);
  const { resourceVersion } = wanted.metadata;
  const judged = admitted(call, { ...shown, spec: { replicas } } as Scale, shown);
  const allowed = judged.object.spec?.replicas ?? 0;
  const base = withValue(old as unknown as Json, paths.spec, allowed) as unknown as KubeObject;
  const next = { ...base, metadata: { ...old.metadata, resourceVersion } };
  const answer = replace(judged.call, next, previous, { scope: "main", owners });
  const { wrote, warnings } = answer;
  return facedAnswer(() => scaleOf(answer.object as KubeObject, paths), wrote, 200, warnings);
}

/** `deployments/scale`, as upstream names what cannot be scaled; a custom resource by itself. */
const scaleResource = ({ resource }: Call): GroupResource =>
  resource.custom === undefined
    ? { group: resource.group, resource: `${resource.plural}/scale` }
    : resource.groupResource;

/** Upstream: ScaleREST UpdatedObject; autoscaling/validation ValidateScale. Throws 409, 422; 400 when a custom resource has none. */
function wantedReplicas(
  call: Call,
  { metadata, spec }: Scale,
  old: KubeObject,
  paths: ScalePaths,
): number {
  const { resource } = call;
  const name = old.metadata.name ?? "";
  if (resource.custom !== undefined) {
    const isPatch = call.request.info.verb === "patch";
    if (isPatch && spec?.replicas === undefined && valueAt(old, paths.spec) === undefined)
      throw badRequest(`the spec replicas field ".${paths.spec.join(".")}" cannot be empty`);
    return spec?.replicas ?? 0;
  }
  const replicas = spec?.replicas ?? 0;
  if (replicas < 0)
    throw invalid({ group: "autoscaling", kind: "Scale" }, name, [
      invalidField(replicasPath, replicas, "must be greater than or equal to 0"),
    ]);
  const { uid } = metadata;
  if (uid && uid !== old.metadata.uid)
    throw conflict(
      scaleResource(call),
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    );
  return replicas;
}

/** Upstream decodes a Scale's metadata in full; a body without any has none. */
function scaleIn(call: Call, body: unknown): Scale {
  const { metadata = {}, ...scale } = ownObject<Scale>(call, body);
  return { ...scale, metadata } as Scale;
}

interface Patched {
  readonly result: unknown;
  readonly owners?: Owners;
}

function patched(call: Call, previous: Entry, shown: Scale, { spec }: ScalePaths): Patched {
  const { patch } = call.request;
  if (patch === undefined) throw unsupportedMediaType(patchTypes);
  if (patch.type === "function") return { result: patch.apply(shown as never) };
  checkPatchOptions(call.request);
  if (patch.type !== "apply") return { result: patchedData(type, shown, patch) };
  const of = { apiVersion: scaleVersion, kindName: "Scale", type: scaleType.type };
  const config = configOf(call, patch.value, of);
  const path = spec.map((name) => `f:${name}`);
  const { object: result, owners } = settled(() =>
    call.server.fields.afterScaleApply(call, previous, shown, config, path),
  );
  return { result, owners };
}
