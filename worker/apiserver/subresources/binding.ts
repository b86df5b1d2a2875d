/** POST pods/<name>/binding: the scheduler's decision becomes spec.nodeName. Upstream: pkg/registry/core/pod/storage BindingREST. */
import type { V1Binding, V1Pod, V1PodCondition } from "#apimachinery/api/core-v1.ts";
import { decodeObject } from "#apimachinery/api/decode.ts";
import { type FieldError, FieldPath, required, unsupported } from "#apimachinery/field.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import {
  badRequest,
  conflict,
  invalid,
  methodNotRouted,
  notFound,
  type Status,
} from "#apimachinery/status.ts";
import { timeText } from "#apimachinery/time.ts";
import { type Answer, statusAnswer } from "#apiserver/answer.ts";
import type { Call } from "#apiserver/server.ts";
import { replace, stored } from "#apiserver/verbs/update.ts";
import { admitted } from "./admitted.ts";
import type { Subresource } from "./subresource.ts";

const success: Status = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Success",
  code: 201,
};
const at = new FieldPath("target");

export const binding: Subresource = {
  name: "binding",
  on: ({ gvk }) => gvk === "v1/Pod",
  handle(call): Answer {
    const { request } = call;
    if (request.info.verb !== "create") throw methodNotRouted();
    return bind(
      call,
      request.trusted === true ? (request.body as V1Binding) : decoded(request.body),
    );
  },
};

function decoded(body: unknown): V1Binding {
  const { value, error } = decodeObject(body, "core.v1.Binding");
  if (error !== undefined)
    throw badRequest(`Binding in version "v1" cannot be handled as a Binding: ${error}`);
  return value as unknown as V1Binding;
}

/** Sets the node and the condition PodScheduled, once. */
export function bind(asked: Call, given: V1Binding): Answer {
  const { object, call } = admitted(asked, given);
  const { metadata, target } = object;
  const { request, resource, world } = call;
  const { name, namespace } = request.info;
  const errors = problems(target);
  if (errors.length > 0) throw invalid({ group: "", kind: "Binding" }, name, errors);
  const { previous } = stored(call);
  if (previous === undefined) throw notFound(resource.groupResource, name);
  const pod = previous.value as V1Pod;
  const refuse = (why: string): never => {
    throw conflict({ group: "", resource: "pods/binding" }, name, why);
  };
  if (metadata?.uid && metadata.uid !== pod.metadata.uid) {
    refuse(
      `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${pod.metadata.uid}`,
    );
  }
  if (pod.metadata.deletionTimestamp !== undefined)
    refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  if (pod.spec?.nodeName)
    refuse(`pod ${name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`);
  if ((pod.spec?.schedulingGates ?? []).length > 0)
    refuse(`pod ${namespace}/${name} has non-empty .spec.schedulingGates`);
  const { annotations, labels } = metadata ?? {};
  const merged = {
    ...pod.metadata,
    ...(annotations === undefined
      ? {}
      : { annotations: { ...pod.metadata.annotations, ...annotations } }),
    ...(labels === undefined ? {} : { labels: { ...labels, ...pod.metadata.labels } }),
  };
  const meta = annotations === undefined && labels === undefined ? pod.metadata : merged;
  const next = {
    ...pod,
    metadata: meta,
    spec: { ...pod.spec, nodeName: target.name },
    status: scheduled(pod, timeText(world.nowMs())),
  };
  return statusAnswer(
    success,
    // As upstream: a binding makes nobody an owner.
    replace(
      call,
      next as unknown as KubeObject,
      previous,
      "other",
      call.server.fields.owners(previous),
    ).wrote,
  );
}

function scheduled({ status, metadata }: V1Pod, lastTransitionTime: string): V1Pod["status"] {
  const told: V1PodCondition = {
    type: "PodScheduled",
    status: "True",
    ...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
    lastProbeTime: null,
    lastTransitionTime,
  } as V1PodCondition;
  const others = (status?.conditions ?? []).filter(({ type }) => type !== "PodScheduled");
  return { ...status, conditions: [...others, told] };
}

function problems(target: V1Binding["target"] | undefined): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (target?.kind !== undefined && target.kind !== "" && target.kind !== "Node")
    errors.push(unsupported(at.child("kind"), target.kind, ["Node", "<empty>"]));
  if (!target?.name) errors.push(required(at.child("name")));
  return errors;
}
