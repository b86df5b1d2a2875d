/**
 * POST pods/<name>/binding, and by its older path POST bindings: the scheduler's decision becomes spec.nodeName.
 * Upstream: pkg/registry/core/pod/storage BindingREST, LegacyBindingREST.
 */
import type { V1Binding, V1Pod, V1PodStatus } from "#apimachinery/api/core-v1.ts";
import { type FieldError, FieldPath, required, unsupported } from "#apimachinery/field.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { withPodCondition } from "#apimachinery/pod-condition.ts";
import { badRequest, conflict, invalid, methodNotRouted, notFound } from "#apimachinery/status.ts";
import { type Answer, statusAnswer } from "#apiserver/answer.ts";
import { checkStored } from "#apiserver/preconditions.ts";
import type { Call } from "#apiserver/server.ts";
import { replace, stored } from "#apiserver/verbs/update.ts";
import { admitted } from "./admitted.ts";
import { created } from "./created.ts";
import { ownObject } from "./own-object.ts";
import type { Subresource } from "./subresource.ts";

const podKind = "v1/Pod";
const at = new FieldPath("target");
const scheduled = { type: "PodScheduled", status: "True" } as const;

export const binding: Subresource = {
  name: "binding",
  on: ({ gvk }) => gvk === podKind,
  handle(call): Answer {
    if (call.request.info.verb !== "create") throw methodNotRouted();
    const asked = ownObject<V1Binding>(call);
    if (asked.metadata?.name !== call.request.info.name)
      throw badRequest("name in URL does not match name in Binding object");
    return bound(call, asked);
  },
};

/** The name stands in the object alone. */
export function namedBinding(call: Call): Answer {
  const asked = ownObject<V1Binding>(call);
  const { name = "" } = asked.metadata ?? {};
  if (name === "") throw badRequest("Name parameter required.");
  return bound(call, asked);
}

/** Throws StatusError. */
function bound(asked: Call, given: V1Binding): Answer {
  const { metadata, target } = given;
  const name = metadata?.name ?? "";
  const errors = problems(target);
  // Differs: 422 with causes, where upstream wraps them into a 500, because it is the caller's mistake.
  if (errors.length > 0) throw invalid({ group: "", kind: "Binding" }, name, errors);
  const { object, call } = admitted(asked, given);
  return assigned(onPod(call, name), object);
}

/** The same request, to the Pod's own subresource. */
function onPod(call: Call, name: string): Call {
  const { request, server } = call;
  const resource = server.registry.ofKind(podKind);
  if (resource === undefined || resource === call.resource) return call;
  const info = { ...request.info, resource: "pods", subresource: "binding", name };
  return { ...call, resource, request: { ...request, info } };
}

function assigned(call: Call, { metadata, target }: V1Binding): Answer {
  const { resource, world, request } = call;
  const { name } = request.info;
  const { key, previous } = stored(call);
  if (previous === undefined) throw notFound(resource.groupResource, name);
  const pod = previous.value as V1Pod;
  checkStored(resource.groupResource, key, metadata ?? {}, pod as KubeObject);
  const why = refusal(pod);
  if (why !== undefined) throw conflict({ group: "", resource: "pods/binding" }, name, why);
  const { annotations, labels } = metadata ?? {};
  const merged = {
    ...pod.metadata,
    ...(annotations === undefined
      ? {}
      : { annotations: { ...pod.metadata.annotations, ...annotations } }),
    // The node's topology, which a plugin put there.
    ...(labels === undefined ? {} : { labels: { ...pod.metadata.labels, ...labels } }),
  };
  const next = {
    ...pod,
    metadata: annotations === undefined && labels === undefined ? pod.metadata : merged,
    spec: { ...pod.spec, nodeName: target.name },
    status: withoutNomination(withPodCondition(pod, scheduled, world.nowMs())),
  };
  // As upstream: a binding makes nobody an owner.
  const owners = call.server.fields.owners(previous);
  const { wrote } = replace(call, next as unknown as KubeObject, previous, {
    scope: "other",
    owners,
  });
  return statusAnswer(created, wrote);
}

/** Room is made for it nowhere any more. */
function withoutNomination(status: V1PodStatus): V1PodStatus {
  const { nominatedNodeName, ...rest } = status;
  return nominatedNodeName === undefined ? status : rest;
}

/** Why it cannot be assigned to a node any more, or yet. */
function refusal({ metadata, spec }: V1Pod): string | undefined {
  const { name } = metadata;
  if (metadata.deletionTimestamp !== undefined)
    return `pod ${name} is being deleted, cannot be assigned to a host`;
  if (spec?.nodeName)
    return `pod ${name} is already assigned to node ${JSON.stringify(spec.nodeName)}`;
  if ((spec?.schedulingGates ?? []).length > 0)
    return `pod ${name} has non-empty .spec.schedulingGates`;
  return undefined;
}

function problems(target: V1Binding["target"] | undefined): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (target?.kind !== undefined && target.kind !== "" && target.kind !== "Node")
    errors.push(unsupported(at.child("kind"), target.kind, ["Node", "<empty>"], "listed"));
  if (!target?.name) errors.push(required(at.child("name")));
  return errors;
}
