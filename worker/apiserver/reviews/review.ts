/** Kinds that are asked, not stored: a POST is answered with the same object and its status. */
import type { KubeObject } from "#apimachinery/object.ts";
import { badRequest } from "#apimachinery/status.ts";
import { type Answer, objectAnswer } from "#apiserver/answer.ts";
import { structural } from "#apiserver/gates/decode.ts";
import type { Call } from "#apiserver/server.ts";
import { mutated } from "#apiserver/subresources/admitted.ts";

export type Review = (call: Call) => Answer;

/**
 * The question as sent and as plugins leave it, decoded; trusted callers send it whole. Of its metadata without what
 * only the server may say.
 * Upstream: apiserver/pkg/registry/rest/meta.go WipeObjectMetaSystemFields, EnsureObjectNamespaceMatchesRequestNamespace.
 */
export function asked<T extends KubeObject>(call: Call): T {
  const { request, resource } = call;
  const question = (request.trusted === true
    ? request.body
    : structural(call, resource, request.body)) as unknown as T;
  const {
    creationTimestamp: _created,
    uid: _uid,
    deletionTimestamp: _deletion,
    deletionGracePeriodSeconds: _grace,
    selfLink: _link,
    managedFields: _managed,
    namespace: given,
    ...kept
  } = question.metadata ?? {};
  const { namespace } = request.info;
  if (given && namespace !== "" && given !== namespace)
    throw badRequest(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  const metadata = { ...kept, ...(namespace === "" ? {} : { namespace }) };
  return mutated(call, { ...question, metadata });
}

export function answered(call: Call, question: KubeObject, status: unknown): Answer {
  return objectAnswer({ ...question, status } as KubeObject, false, 201, call.passage.warnings);
}
