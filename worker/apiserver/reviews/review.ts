/** Kinds that are asked, not stored: a POST is answered with the same object and its status. */
import type { KubeObject } from "#apimachinery/object.ts";
import { type Answer, objectAnswer } from "#apiserver/answer.ts";
import { structural } from "#apiserver/gates/decode.ts";
import type { Call } from "#apiserver/server.ts";

export type Review = (call: Call) => Answer;

/** The question as sent, decoded; trusted callers send it whole. */
export const asked = <T extends KubeObject>(call: Call): T =>
  (call.request.trusted === true
    ? call.request.body
    : structural(call, call.resource, call.request.body)) as unknown as T;

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
