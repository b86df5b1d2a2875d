/**
 * MutatingAdmissionWebhook: others change the object, one after the other.
 * Upstream: apiserver/pkg/admission/plugin/webhook/mutating/dispatcher.go.
 */
import { equal } from "#apimachinery/equal.ts";
import { JsonPatchError, jsonPatch } from "#apimachinery/json-patch.ts";
import type { KubeObject } from "#apimachinery/object.ts";
import { internalError } from "#apimachinery/status.ts";
import type { Admission, AdmissionRequest } from "#apiserver/admission/admission.ts";
import { versioned } from "#apiserver/admission/matching/attributes.ts";
import { redecoded } from "#apiserver/admission/matching/redecoded.ts";
import { isExempt } from "#apiserver/admission/policies/bound-policies.ts";
import { answersTo, drawsErrand } from "#apiserver/awaiting.ts";
import { type Asked, askedOf, prepared } from "./ask.ts";
import { type Call, callOf, hooksOf, isIgnored } from "./hooks.ts";
import { heed } from "./heed.ts";
import { BadPatch, patchOf } from "./review.ts";

const name = "MutatingAdmissionWebhook";
const kind = "admissionregistration.k8s.io/v1/MutatingWebhookConfiguration";
const prefix = "mutation.webhook.admission.k8s.io/";

function ask(request: AdmissionRequest, call: Call, round: number): Asked {
  const question = prepared(request, call, round);
  if ("asked" in question) return question.asked;
  const draws = drawsErrand(request.call.world.store.revision);
  const [, heard] = answersTo<unknown>(request.call.request, [draws, question.errand]);
  return askedOf(call, question.review, heard as never, true);
}

/** The object as the hook leaves it. */
function patchedBy(
  request: AdmissionRequest,
  { hook, target }: Call,
  patch: unknown,
): KubeObject | undefined {
  const { object } = request;
  const called = JSON.stringify(hook.webhook.name);
  if (object === undefined)
    throw internalError(
      `admission webhook ${called} attempted to modify the object, which is not supported for this operation`,
    );
  try {
    return redecoded(request, jsonPatch(versioned(request, object, target), patch), target);
  } catch (error) {
    if (error instanceof JsonPatchError) throw internalError(error.message);
    throw error;
  }
}

/** One hook's turn. */
function turn(request: AdmissionRequest, call: Call): KubeObject | undefined {
  const { hook } = call;
  const { configuration, webhook } = hook;
  const round = request.rounds.isSecond ? 1 : 0;
  const at = `round_${round}_index_${hook.index}`;
  const { passage } = request.call;
  const told = (mutated: boolean): void =>
    passage.annotate(
      prefix + at,
      JSON.stringify({ configuration, webhook: webhook.name, mutated }),
    );
  const asked = ask(request, call, round);
  if ("reply" in asked) heed(request, hook, asked.reply);
  const patch = "reply" in asked && !("refused" in asked) ? patchOf(asked.reply) : undefined;
  if (patch === undefined || patch instanceof BadPatch) told(false);
  if ("refused" in asked) throw asked.refused;
  const failed =
    patch instanceof BadPatch ? patch.why : "failed" in asked ? asked.failed : undefined;
  if (failed !== undefined) {
    if (!isIgnored(hook))
      throw internalError(`failed calling webhook ${JSON.stringify(webhook.name)}: ${failed}`);
    passage.annotate(`failed-open.${prefix}${at}`, webhook.name);
    return request.object;
  }
  if (patch === undefined) return request.object;
  const object = patchedBy(request, call, patch);
  const mutated = !equal(object, request.object);
  passage.record(
    `patch.webhook.admission.k8s.io/${at}`,
    JSON.stringify({ configuration, webhook: webhook.name, patch, patchType: "JSONPatch" }),
  );
  told(mutated);
  return mutated ? object : request.object;
}

function mutate(request: AdmissionRequest): KubeObject | undefined {
  const hooks = hooksOf(request, kind);
  if (hooks.length === 0 || isExempt(request)) return request.object;
  const { rounds } = request;
  const memory = rounds.of(name);
  if (rounds.isSecond) memory.begin(request.object);
  let seen = request;
  for (const hook of hooks) {
    const id = `${hook.configuration}/${hook.webhook.name}`;
    if (rounds.isSecond && !memory.isDue(id)) continue;
    const call = callOf(seen, hook);
    if (call === undefined) continue;
    const object = turn(seen, call);
    if (object !== seen.object) {
      memory.require();
      rounds.needsSecond = true;
      seen = { ...seen, object };
    }
    if (hook.webhook.reinvocationPolicy === "IfNeeded") memory.offer(id);
  }
  memory.end(seen.object);
  return seen.object;
}

export const mutatingAdmissionWebhook: Admission = {
  name,
  on: { resources: ["*/*"], operations: ["CREATE", "UPDATE", "DELETE", "CONNECT"] },
  mutate,
};
