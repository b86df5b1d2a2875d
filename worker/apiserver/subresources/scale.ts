/** /scale: the replicas of any kind that scales, as autoscaling/v1 Scale. Upstream: pkg/registry/apps/deployment/storage ScaleREST. */
import { decodeObject } from "#apimachinery/api/decode.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import {
  badRequest,
  invalid,
  methodNotRouted,
  notFound,
  unsupportedMediaType,
} from "#apimachinery/status.ts";
import { type Answer, objectAnswer } from "#apiserver/answer.ts";
import type { ScalePaths } from "#apiserver/kinds/kind.ts";
import type { Owners } from "#apiserver/ownership/owner.ts";
import { scaleType, scaleVersion } from "#apiserver/ownership/scale.ts";
import type { Call } from "#apiserver/server.ts";
import { configOf, settled } from "#apiserver/verbs/apply.ts";
import { patchedData, patchTypes } from "#apiserver/verbs/patch.ts";
import { checkPatchOptions } from "#apiserver/verbs/patch-options.ts";
import { replace, stored } from "#apiserver/verbs/update.ts";
import { admitted } from "./admitted.ts";
import type { Entry } from "#store/entry.ts";
import { has, type Subresource } from "./subresource.ts";

type Json = Record<string, unknown>;
interface Scale extends KubeObject {
  readonly spec?: { readonly replicas?: number };
}

const type = "autoscaling.v1.Scale";

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
    const { request, resource, server } = call;
    const { verb, name } = request.info;
    const { previous } = stored(call);
    if (previous === undefined) throw notFound(resource.groupResource, name);
    const paths = server.registry.storedAs(resource).kind.scale ?? at;
    const old = previous.value as KubeObject;
    const shown = scaleOf(old, paths);
    if (verb === "get") return objectAnswer(shown, false);
    if (verb !== "update" && verb !== "patch") throw methodNotRouted();
    const { result, owners } =
      verb === "update" ? { result: request.body } : patched(call, previous, shown, paths);
    const wanted = decoded(result);
    const replicas = wanted.spec?.replicas ?? 0;
    if (replicas < 0) {
      const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
      throw invalid({ group: "autoscaling", kind: "Scale" }, name, [
        { reason: "FieldValueInvalid", field: "spec.replicas", message },
      ]);
    }
    const { resourceVersion } = wanted.metadata;
    const sent: Scale = { ...shown, spec: { replicas } };
    const judged = admitted(call, sent, shown);
    const allowed = judged.object.spec?.replicas ?? 0;
    const base = withValue(old as unknown as Json, paths.spec, allowed) as unknown as KubeObject;
    const next = { ...base, metadata: { ...old.metadata, resourceVersion } };
    const answer = replace(judged.call, next, previous, "main", owners);
    return objectAnswer(
      scaleOf(answer.object as KubeObject, paths),
      answer.wrote,
      200,
      answer.warnings,
    );
  },
};

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

function decoded(body: unknown): Scale {
  const { value, error } = decodeObject(body, type);
  if (error !== undefined)
    throw badRequest(`Scale in version "v1" cannot be handled as a Scale: ${error}`);
  const { metadata = {} } = value as { metadata?: KubeObject["metadata"] };
  return { ...value, metadata } as unknown as Scale;
}
