/** Kinds that are asked, not stored: a POST is answered with the same object and its status. */
import type { KubeObject } from "#apimachinery/object.ts";
import { type Answer, objectAnswer } from "#apiserver/answer.ts";
import { structural } from "#apiserver/gates/decode.ts";
import type { Call } from "#apiserver/server.ts";
import { mutated } from "#apiserver/subresources/admitted.ts";

export type Review = (call: Call) => Answer;

/** The question as sent and as plugins leave it, decoded; trusted callers send it whole. */
export function asked<T extends KubeObject>(call: Call): T {
  const { request, resource } = call;
  const sent = request.trusted === true ? request.body : structural(call, resource, request.body);
  return mutated(call, sent as T);
}

export function answered(call: Call, question: KubeObject, status: unknown): Answer {
  const { creationTimestamp: _created, ...metadata } =
    question.metadata as KubeObject["metadata"] & { creationTimestamp?: unknown };
  return objectAnswer(
    { ...question, metadata, status } as KubeObject,
    false,
    201,
    call.passage.warnings,
  );
}
