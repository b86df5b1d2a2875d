/**
 * Subresources that take the whole object and write one part of it: a Namespace's finalizers, a CSR's
 * approval (`approval.ts`), a Pod's ephemeral containers and resources. What may change is the kind's own business.
 */
import type { V1Pod } from "#apimachinery/api/core-v1.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { badRequest, invalid, methodNotRouted, notFound } from "#apimachinery/status.ts";
import type { Answer } from "#apiserver/answer.ts";
import { decode } from "#apiserver/gates/decode.ts";
import { validatePodResize } from "#apiserver/kinds/core/pod-spec/resize.ts";
import type { Call } from "#apiserver/server.ts";
import { get } from "#apiserver/verbs/get.ts";
import { type Patched, patched } from "#apiserver/verbs/patch.ts";
import { replace, stored } from "#apiserver/verbs/update.ts";
import type { Subresource } from "./subresource.ts";

/** The object to store. Throws StatusError. */
export type Part = (wanted: KubeObject, old: KubeObject, call: Call) => KubeObject;
type Json = Record<string, unknown>;

/** The old object with one part of `spec` taken from the new one. */
const specParts =
  (...parts: readonly string[]): Part =>
  (wanted, old) => {
    const spec = { ...(old as { spec?: Json }).spec };
    for (const part of parts) spec[part] = (wanted as { spec?: Json }).spec?.[part];
    return {
      ...old,
      metadata: { ...old.metadata, resourceVersion: wanted.metadata.resourceVersion },
      spec,
    } as KubeObject;
  };

export function whole(gvk: string, name: string, part: Part): Subresource {
  return {
    name,
    on: (resource) => resource.gvk === gvk,
    handle(call: Call): Answer {
      const { request, resource } = call;
      const { verb, name: object } = request.info;
      if (verb === "get") return get(call);
      if (verb !== "update" && verb !== "patch") throw methodNotRouted();
      const { previous } = stored(call);
      if (previous === undefined) throw notFound(resource.groupResource, object);
      const old = previous.value as KubeObject;
      if (verb === "patch" && request.patch === undefined)
        throw badRequest("the patch has no body");
      const next: Patched =
        request.patch === undefined
          ? { object: decode(call, request.body) }
          : patched(call, previous, request.patch);
      return replace(call, part(next.object, old, call), previous, "other", next.owners);
    },
  };
}

const containerResources: Part = (wanted, old) => {
  interface Container {
    readonly name: string;
    readonly resources?: unknown;
  }
  const spec = (old as unknown as { spec: { containers: readonly Container[] } }).spec;
  const asked = (wanted as unknown as { spec: { containers: readonly Container[] } }).spec
    .containers;
  const containers = spec.containers.map((container) => {
    const resources = asked.find(({ name }) => name === container.name)?.resources;
    return resources === undefined ? container : { ...container, resources };
  });
  const next = { ...old, spec: { ...spec, containers } } as unknown as V1Pod;
  const errors = validatePodResize(next, old as V1Pod);
  if (errors.length > 0) throw invalid({ group: "", kind: "Pod" }, old.metadata.name ?? "", errors);
  return next;
};

/** Upstream: pkg/registry/core/namespace/storage FinalizeREST. */
export const finalize: Subresource = whole("v1/Namespace", "finalize", specParts("finalizers"));
export const ephemeralContainers: Subresource = whole(
  "v1/Pod",
  "ephemeralcontainers",
  specParts("ephemeralContainers"),
);
export const resize: Subresource = whole("v1/Pod", "resize", containerResources);
